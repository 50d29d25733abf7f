"""The admin keeps districts apart: lists, forms, autocompletes, actions, history."""

import pytest
from django.core import mail
from django.urls import reverse

from accounts.models import User
from checklists.models import Checklist, TemplateItem
from partnerships.models import Coordinator, Partner, Partnership, Person, School, StageGuide
from partnerships.stages import Stage
from partnerships.table import join, leave
from tests.factories import PartnerFactory, PersonFactory, SchoolFactory, UserFactory


@pytest.fixture
def as_ada(client, ada):
    client.force_login(ada)
    return client


@pytest.fixture
def foreign(other_district):
    """A row of each kind in a district that is not ada's."""
    school = SchoolFactory(district=other_district, name="Foreign School")
    partner = PartnerFactory(district=other_district, name="Foreign Partner")
    return {
        "school": school,
        "partner": partner,
        "person": PersonFactory(partner=partner, name="Foreign Person"),
        "coordinator": Coordinator.objects.create(
            school=school, user=UserFactory(name="Foreign Coordinator")
        ),
        "district": other_district,
    }


def url(model, page, *args):
    return reverse(f"admin:partnerships_{model}_{page}", args=args)


MODELS = ["school", "partner", "person", "coordinator", "district"]


@pytest.mark.parametrize("model", MODELS)
def test_lists_show_ones_own_district_only(as_ada, partnership, foreign, model):
    page = as_ada.get(url(model, "changelist")).content.decode()

    assert "Foreign" not in page
    assert "Faraway" not in page
    assert "1 " in page


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("page", ["change", "history"])
def test_pages_of_another_district_do_not_exist(as_ada, foreign, model, page):
    pk = foreign[model].pk

    response = as_ada.get(url(model, page, pk))

    # Django's admin answers a change page that it cannot find by going to the index.
    assert response.status_code in {302, 404}
    assert "Foreign" not in response.content.decode()


def test_an_old_state_of_another_districts_row_does_not_exist(as_ada, foreign):
    partner = foreign["partner"]

    response = as_ada.get(
        reverse(
            "admin:partnerships_partner_simple_history",
            args=[partner.pk, partner.history.first().pk],
        )
    )

    assert response.status_code == 404


@pytest.mark.parametrize("garbage", ["abc", "0", "9" * 30, "%00"])
def test_garbage_in_the_address_is_not_found(as_ada, partner, garbage):
    response = as_ada.get(f"/admin/partnerships/partner/{garbage}/history/")
    assert response.status_code == 404
    response = as_ada.get(f"/admin/partnerships/partner/{partner.pk}/history/{garbage}/")
    assert response.status_code == 404


def test_forms_offer_ones_own_district_only(as_ada, school, foreign):
    form = as_ada.get(url("school", "add")).context["adminform"].form
    assert [str(row) for row in form.fields["district"].queryset] == ["Bayview District"]

    form = as_ada.get(url("coordinator", "add")).context["adminform"].form
    assert list(form.fields["school"].queryset) == [school]


def test_a_foreign_choice_is_refused(as_ada, foreign):
    as_ada.post(url("school", "add"), {"district": foreign["district"].pk, "name": "Smuggled"})
    as_ada.post(
        url("coordinator", "add"),
        {"school": foreign["school"].pk, "name": "X", "email": "x@x.example", "language": "en"},
    )

    assert not School.objects.filter(name="Smuggled").exists()
    assert not User.objects.filter(email="x@x.example").exists()


def test_autocompletes_find_ones_own_district_only(as_ada, partner, foreign):
    response = as_ada.get(
        reverse("admin:autocomplete"),
        {"app_label": "partnerships", "model_name": "person", "field_name": "partner", "term": ""},
    )

    assert [row["text"] for row in response.json()["results"]] == ["Harbor Robotics"]


def test_a_filter_does_not_name_schools_of_other_districts(as_ada, alice, foreign):
    assert "Foreign School" not in as_ada.get(url("coordinator", "changelist")).content.decode()


def test_a_district_admin_makes_a_coordinator_who_gets_a_mail(
    as_ada, school, django_capture_on_commit_callbacks
):
    data = {
        "school": school.pk,
        "name": "Nina Brooks",
        "email": "nina@school.example",
        "language": "vi",
    }

    with django_capture_on_commit_callbacks(execute=True):
        as_ada.post(url("coordinator", "add"), data)

    user = User.objects.get(email="nina@school.example")
    assert (user.name, user.language, user.is_staff) == ("Nina Brooks", "vi", False)
    assert list(user.schools.all()) == [school]
    assert [message.to for message in mail.outbox] == [["nina@school.example"]]
    assert reverse("account_request_login_code") in mail.outbox[0].body


def test_an_account_that_exists_is_used_and_not_changed(as_ada, school, ola):
    data = {"school": school.pk, "name": "Renamed", "email": ola.email.upper(), "language": "vi"}

    as_ada.post(url("coordinator", "add"), data)

    ola.refresh_from_db()
    assert (ola.name, ola.language) == ("Ola Berg", "en")
    assert list(ola.schools.all()) == [school]


def test_a_coordinator_can_be_taken_back(as_ada, alice, school):
    row = Coordinator.objects.get(user=alice)

    as_ada.post(url("coordinator", "delete", row.pk), {"post": "yes"})

    assert not Coordinator.objects.exists()
    assert User.objects.filter(pk=alice.pk).exists()


def test_accounts_are_the_operators_alone(as_ada, client, ola):
    assert as_ada.get(reverse("admin:accounts_user_changelist")).status_code == 403
    client.force_login(ola)
    assert client.get(reverse("admin:accounts_user_changelist")).status_code == 200


def test_a_person_can_be_let_in_and_shut_out(as_ada, partner):
    person = PersonFactory(partner=partner, name="Gina Moretti", email="gina@partner.example")
    data = {"name": person.name, "email": person.email, "partner": partner.pk, "language": "en"}

    as_ada.post(url("person", "change", person.pk), {**data, "may_sign_in": "on"})
    person.refresh_from_db()
    let_in = person.user
    as_ada.post(url("person", "change", person.pk), data)
    person.refresh_from_db()

    assert let_in.email == "gina@partner.example"
    assert person.user is None


def test_nothing_is_deleted(as_ada, partner, running):
    assert as_ada.post(url("partner", "delete", partner.pk), {"post": "yes"}).status_code == 403
    assert as_ada.post(url("partnership", "delete", running.pk), {"post": "yes"}).status_code == 403
    assert Partner.objects.filter(pk=partner.pk).exists()


def test_a_partnership_is_put_into_other_hands_but_not_moved(
    as_ada, ada, running, school, district
):
    other = SchoolFactory(district=district, name="Roosevelt Middle School")
    eve = UserFactory(name="Eve Stone")
    Coordinator.objects.create(school=other, user=eve)
    data = {
        "school": other.pk,
        "coordinator": eve.pk,
        "stage": "pre",
        "cycle": "9",
        "status": "ended",
        "purpose": "Taken over",
    }

    as_ada.post(url("partnership", "change", running.pk), data)

    after = Partnership.objects.get(pk=running.pk)
    assert (after.school_party.school, after.coordinator) == (other, eve)
    assert (after.stage, after.cycle, after.status) == (Stage.ACTION, 1, "active")
    assert after.purpose == running.purpose
    assert after.events.first().kind == "reassigned"


def test_a_school_that_has_left_the_table_is_not_put_in_charge(as_ada, running, alice, district):
    former = SchoolFactory(district=district, name="Roosevelt Middle School")
    leave(join(running, former, by=alice), reason="They have moved", by=alice)

    response = as_ada.post(url("partnership", "change", running.pk), {"school": former.pk})

    assert response.status_code == 200
    assert response.context["adminform"].form.errors["school"]


@pytest.mark.parametrize("typed", ["Infinity", "²", "9" * 30, "-1", "1_0"])
def test_what_is_no_row_is_no_choice(as_ada, partner, typed):
    person = PersonFactory(partner=partner)
    data = {"name": person.name, "language": "en", "school": typed}

    response = as_ada.post(url("person", "change", person.pk), data)

    assert response.status_code == 200
    assert "school" in response.context["adminform"].form.errors


@pytest.mark.parametrize("page", ["change", "delete"])
def test_an_address_that_names_no_field_breaks_nothing(as_ada, partner, page):
    there = url("partner", page, partner.pk)

    assert as_ada.get(f"{there}?_to_field=").status_code == as_ada.get(there).status_code


def test_an_admin_who_is_nobody_is_no_choice(client, ola, district):
    client.force_login(ola)
    data = {"name": district.name, "timezone": "UTC", "admins": ["9" * 30]}

    response = client.post(url("district", "change", district.pk), data)

    assert "admins" in response.context["adminform"].form.errors


def test_nobody_is_put_in_charge_who_does_not_coordinate_that_school(
    as_ada, running, alice, district
):
    other = SchoolFactory(district=district)

    response = as_ada.post(
        url("partnership", "change", running.pk), {"school": other.pk, "coordinator": alice.pk}
    )

    assert "coordinator" in response.context["adminform"].form.errors


# Content

ACTION = {"action": "copy_for_our_district"}


def copy(client, model, row):
    return client.post(
        reverse(f"admin:{model}_changelist"), {**ACTION, "_selected_action": row.pk}, follow=True
    )


def test_the_common_content_is_read_and_ones_own_copy_changed(as_ada, district):
    common = StageGuide.objects.get(key="pre", district=None)
    change = reverse("admin:partnerships_stageguide_change", args=[common.pk])
    assert as_ada.get(change).status_code == 200
    assert as_ada.post(change, {"purpose_en": "Ours", "purpose_vi": "Của ta"}).status_code == 403

    copy(as_ada, "partnerships_stageguide", common)
    own = StageGuide.objects.get(key="pre", district=district)
    form = as_ada.get(reverse("admin:partnerships_stageguide_change", args=[own.pk]))
    data = formset_data(form) | {"purpose_en": "Ours", "purpose_vi": "Của ta"}
    as_ada.post(reverse("admin:partnerships_stageguide_change", args=[own.pk]), data)

    own.refresh_from_db()
    assert (own.purpose_en, own.purpose_vi) == ("Ours", "Của ta")
    assert own.lines.count() == common.lines.count()
    assert StageGuide.objects.read(Stage.PRE, district.pk) == own
    assert own.history.count() == 2


def formset_data(response) -> dict:
    """What a browser would send back for an admin page as it was drawn."""
    data = {}
    forms = [response.context["adminform"].form]
    for formset in response.context["inline_admin_formsets"]:
        forms += [formset.formset.management_form, *formset.formset.forms]
    for form in forms:
        for field in form:
            value = field.value()
            if value not in (None, False):
                data[field.html_name] = value
    return data


def test_a_district_has_one_copy_at_most(as_ada, district):
    common = Checklist.objects.get(district=None)

    copy(as_ada, "checklists_checklist", common)
    page = copy(as_ada, "checklists_checklist", common).content.decode()

    assert Checklist.objects.filter(district=district).count() == 1
    assert "Nothing was copied" in page


def test_a_checklist_item_of_ones_own_shows_in_new_partnerships(
    as_ada, alice, school, partner, district
):
    own = Checklist.objects.get(district=None).copy_for(district)
    heading = own.headings.first()
    address = reverse("admin:checklists_heading_change", args=[heading.pk])
    data = formset_data(as_ada.get(address))
    number = int(data["items-TOTAL_FORMS"])
    data |= {
        "items-TOTAL_FORMS": number + 1,
        f"items-{number}-heading": heading.pk,
        f"items-{number}-position": 11,
        f"items-{number}-wording_en": "Ask the school nurse.",
        f"items-{number}-wording_vi": "Hỏi y tá nhà trường.",
        f"items-{number}-stage": "pre",
        f"items-{number}-side": "school",
        "items-0-retired": "on",
    }

    as_ada.post(address, data)

    made = Partnership.objects.start(school=school, partner=partner, by=alice, purpose="Health")
    wordings = [item.text for item in made.items.filter(stage="pre").with_words()]
    assert "Ask the school nurse." in wordings
    assert "Determine how a partnership could enhance the student experience." not in wordings
    assert TemplateItem.objects.filter(heading__checklist__district=None).count() == 32


def test_other_districts_own_content_is_not_seen(as_ada, other_district, edna, client):
    own = StageGuide.objects.get(key="pre", district=None).copy_for(other_district)

    assert (
        as_ada.get(reverse("admin:partnerships_stageguide_change", args=[own.pk])).status_code
        == 302
    )
    assert (
        "Faraway"
        not in as_ada.get(reverse("admin:partnerships_stageguide_changelist")).content.decode()
    )


@pytest.mark.parametrize("name", ["alice", "bob", "vera"])
def test_the_admin_is_for_admins(request, client, name):
    client.force_login(request.getfixturevalue(name))

    assert client.get(reverse("admin:index"), follow=True).status_code == 403


def test_naming_an_admin_lets_them_in_and_taking_it_back_shuts_them_out(
    client, ola, vera, district
):
    client.force_login(ola)
    address = url("district", "change", district.pk)
    data = {"name": district.name, "timezone": "America/Los_Angeles"}

    client.post(address, {**data, "admins": [vera.pk]})
    vera.refresh_from_db()
    let_in = vera.is_staff
    client.post(address, data)
    vera.refresh_from_db()

    assert (let_in, vera.is_staff) == (True, False)


def test_a_time_zone_that_does_not_exist_is_refused(client, ola, district):
    client.force_login(ola)

    response = client.post(
        url("district", "change", district.pk), {"name": district.name, "timezone": "Moon/Crater"}
    )

    assert "timezone" in response.context["adminform"].form.errors


def test_the_admin_speaks_vietnamese(client, ada):
    ada.language = "vi"
    ada.save()
    client.force_login(ada)

    page = client.get(reverse("admin:index"))

    assert 'lang="vi"' in page.content.decode()


def test_history_says_who_changed_what(as_ada, ada, partner):
    data = {
        "name": "Harbor Robots",
        "kind": "business",
        "place": "outside",
        "district": partner.district_id,
    }

    as_ada.post(url("partner", "change", partner.pk), data)

    page = as_ada.get(url("partner", "history", partner.pk)).content.decode()
    assert "Ada Quinn" in page
    assert "Harbor Robotics → Harbor Robots" in page


def test_people_have_no_leaving_day_to_type(as_ada, bob):
    person = Person.objects.get(user=bob)

    form = as_ada.get(url("person", "change", person.pk)).context["adminform"].form

    assert "left_on" not in form.fields


def test_a_checklist_leads_to_its_headings_and_to_no_page_that_is_not_there(as_ada):
    common = Checklist.objects.get(district=None)

    page = as_ada.get(reverse("admin:checklists_checklist_change", args=[common.pk]))

    text = page.content.decode()
    assert "/history/" not in text
    for heading in common.headings.all():
        assert reverse("admin:checklists_heading_change", args=[heading.pk]) in text


def test_an_old_state_is_to_be_read(as_ada, partner):
    page = as_ada.get(
        reverse(
            "admin:partnerships_partner_simple_history",
            args=[partner.pk, partner.history.first().pk],
        )
    ).content.decode()

    assert "<fieldset disabled>" in page
    assert 'name="_save"' not in page
