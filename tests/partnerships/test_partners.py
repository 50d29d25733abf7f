"""Partners: names that look alike are pointed out, and every name is found without accents."""

import pytest
from django.urls import reverse

from partnerships.models import Partner
from partnerships.models.partners import look_alike
from partnerships.vocabulary import PartnerKind, Place
from tests.factories import PartnerFactory

ALIKE = [
    ("Harbor Robotics", "harbor robotics"),
    ("Harbor Robotics", "Harbor Robotics Inc."),
    ("Harbor Robotics", "Harbor Robotics, Inc."),
    ("Harbor Robotics", "The Harbor Robotics Company, LLC"),
    ("Harbor Robotics", "Harbour Robotics"),
    ("Harbor Robotics", "Harbor  Robotics Co., Ltd."),
    ("Quỹ Khuyến học Hoa Sen", "Quy Khuyen hoc Hoa Sen"),
    ("Hoa Sen", "Công ty TNHH Hoa Sen"),
    ("Hoa Sen", "CÔNG TY TNHH MTV HOA SEN"),
    ("Hoa Sen", "Công ty Cổ phần Hoa Sen"),
    ("Hoa Sen", "CTCP Hoa Sen"),
    ("Công ty TNHH Hoa Sen", "Hoa Sen Inc."),
    ("Công ty Cổ phần Hoa Sen", "Công ty TNHH Hoa Sen"),
    ("St. Anne’s Hospital", "St Annes Hospital"),
    ("Đặng Minh Đức", "Dang Minh Duc"),
]

DIFFERENT = [
    ("Harbor Robotics", "Harbor Bakery"),
    ("Hoa Sen", "Hoa Hồng"),
    ("Công ty TNHH Hoa Sen", "Công ty TNHH Sông Hồng"),
    ("Công ty Cổ phần Hoa Sen", "Công ty Cổ phần Sông Hồng"),
    ("City Library", "City Hospital"),
    ("The Company", "The Group"),
    ("Westlake Community College", "Bayview Fire Department"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_names_that_look_alike(one, other):
    assert look_alike(one, other)
    assert look_alike(other, one)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_names_that_tell_partners_apart(one, other):
    assert not look_alike(one, other)
    assert not look_alike(other, one)


@pytest.fixture
def url():
    return reverse("partnerships:add_partner")


def described(name, **data):
    return {"name": name, "kind": PartnerKind.BUSINESS, "place": Place.OUTSIDE, **data}


def test_a_second_partner_with_such_a_name_is_pointed_out(client, alice, district, url):
    lotus = PartnerFactory(district=district, name="Công ty TNHH Hoa Sen")
    client.force_login(alice)

    response = client.post(url, described("Hoa Sen, Inc."))

    form = response.context["form"]
    assert form.lookalikes == [lotus]
    assert "name" in form.errors
    assert Partner.objects.get() == lotus
    assert lotus.get_absolute_url() in response.content.decode()


def test_it_is_made_when_the_person_says_that_it_is_another(client, alice, district, url):
    PartnerFactory(district=district, name="Công ty TNHH Hoa Sen")
    client.force_login(alice)

    client.post(url, described("Hoa Sen, Inc.", is_another="on"))

    assert Partner.objects.filter(district=district).count() == 2


def test_partners_of_other_districts_are_not_given_away(client, alice, other_district, url):
    PartnerFactory(district=other_district, name="Harbor Robotics")
    client.force_login(alice)

    client.post(url, described("Harbor Robotics"))

    assert Partner.objects.visible_to(alice).get().name == "Harbor Robotics"


def test_a_partner_does_not_look_like_itself(client, alice, partner):
    client.force_login(alice)
    url = reverse("partnerships:edit_partner", args=[partner.pk])

    client.post(url, described("Harbor Robotics Inc.", seen_version=partner.version))

    partner.refresh_from_db()
    assert partner.name == "Harbor Robotics Inc."


def test_a_department_of_our_own_is_inside(client, alice, url):
    client.force_login(alice)

    response = client.post(
        url, {"name": "Print shop", "kind": PartnerKind.INTERNAL, "place": Place.OUTSIDE}
    )

    assert "place" in response.context["form"].errors
    assert not Partner.objects.exists()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("hoa sen", ["Quỹ Khuyến học Hoa Sen"]),
        ("HOA SEN", ["Quỹ Khuyến học Hoa Sen"]),
        ("sen quy", ["Quỹ Khuyến học Hoa Sen"]),
        ("khuyến", ["Quỹ Khuyến học Hoa Sen"]),
        ("khuye\u0302\u0301n", ["Quỹ Khuyến học Hoa Sen"]),
        ("don", ["Trường THPT Lê Quý Đôn"]),
        ("quy", ["Quỹ Khuyến học Hoa Sen", "Trường THPT Lê Quý Đôn"]),
        ("harbor", []),
        ("100%", []),
        ("_", []),
        ("", ["Quỹ Khuyến học Hoa Sen", "Trường THPT Lê Quý Đôn"]),
    ],
)
def test_a_search_needs_no_accents(client, alice, district, typed, found):
    for name in ("Quỹ Khuyến học Hoa Sen", "Trường THPT Lê Quý Đôn"):
        PartnerFactory(district=district, name=name)
    client.force_login(alice)

    response = client.get(reverse("partnerships:partners"), {"search": typed})

    assert [partner.name for partner in response.context["page"]] == found


def test_while_one_is_added_the_navigation_says_where_one_is(client, alice):
    client.force_login(alice)

    page = client.get(reverse("partnerships:add_partner")).content.decode()

    assert f'<a href="{reverse("partnerships:partners")}" aria-current="true">' in page
