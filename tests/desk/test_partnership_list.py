"""The list of partnerships: found, narrowed, sorted, and always by an address that can be shared."""

import pytest
from django.urls import reverse

from partnerships.models import Partnership, School
from partnerships.stages import MoveKind, Stage
from partnerships.vocabulary import Role
from tests.factories import PartnerFactory, PersonFactory, SchoolFactory, make_partnership

URL = "/partnerships/"


@pytest.fixture
def three(school, alice, district):
    """A farm in its third stage with a late item, a Vietnamese club just begun, a paused hospital."""
    farm = make_partnership(
        school=school,
        by=alice,
        partner=PartnerFactory(district=district, name="Green Valley Farm"),
        stage=Stage.ACTION,
        engagements=["visit"],
        level_now="cooperation",
    )
    farm.items.open_now().filter(stage=Stage.ACTION).update(due_on="2020-01-01")
    club = make_partnership(
        school=school,
        by=alice,
        partner=PartnerFactory(district=district, name="Hội Phụ huynh Việt", kind="community"),
        engagements=["planning", "advisory"],
    )
    person = PersonFactory(partner=club.parties.last().partner, name="Đặng Thùy Trâm")
    club.parties.last().seat(person, {Role.CONTACT}, by=alice)
    hospital = make_partnership(
        school=school,
        by=alice,
        partner=PartnerFactory(district=district, name="St. Anne’s Hospital", kind="nonprofit"),
        stage=Stage.MOBILIZE,
    )
    hospital.change_status(
        MoveKind.PAUSE, by=alice, drawn_for=hospital.last_move, reason="Until after the holidays"
    )
    return {"farm": farm, "club": club, "hospital": hospital}


def shown(client, query=""):
    """The partners on the page, in order."""
    rows = client.get(URL + query).context["rows"]
    return [row.partner_names for row in rows]


FARM, CLUB, HOSPITAL = "Green Valley Farm", "Hội Phụ huynh Việt", "St. Anne’s Hospital"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?search=valley", [FARM]),
        ("?search=hoi+phu+huynh", [CLUB]),
        ("?search=Hội", [CLUB]),
        ("?search=H%C3%B4%CC%A3i", [CLUB]),  # the same, decomposed
        ("?search=dang+thuy", [CLUB]),  # a person at the table
        ("?search=lincoln+farm", [FARM]),  # a word of the school, one of the partner
        ("?search=nobody", []),
        ("?stage=action", [FARM]),
        ("?status=paused", [HOSPITAL]),
        ("?status=going-on", [HOSPITAL, CLUB, FARM]),
        ("?kind=community", [CLUB]),
        ("?engagement=advisory", [CLUB]),
        ("?level=cooperation", [FARM]),
        ("?late=yes", [FARM]),
        ("?sort=partner", [FARM, CLUB, HOSPITAL]),
        ("?sort=stage", [CLUB, HOSPITAL, FARM]),
        ("?stage=nonsense", [HOSPITAL, CLUB, FARM]),
        ("?page=999", [HOSPITAL, CLUB, FARM]),
    ],
)
def test_it_is_narrowed_and_sorted_by_the_address(client, alice, three, query, names):
    client.force_login(alice)

    assert shown(client, query) == names


def test_the_school_filter_offers_only_schools_one_may_see(client, alice, charlie, three, school):
    client.force_login(alice)
    other = School.objects.exclude(pk=school.pk).get()

    assert shown(client, f"?school={school.pk}&sort=partner") == [FARM, CLUB, HOSPITAL]
    response = client.get(f"{URL}?school={other.pk}")
    assert list(response.context["filter"].form.fields["school"].queryset) == [school]
    assert "school" in response.context["filter"].form.errors


def test_pages_of_25_keep_the_filter(client, alice, school, district):
    for number in range(26):
        make_partnership(
            school=school,
            by=alice,
            partner=PartnerFactory(district=district, name=f"Shop {number}"),
        )
    client.force_login(alice)

    response = client.get(f"{URL}?stage=pre&sort=partner")

    assert len(response.context["rows"]) == 25
    assert '?stage=pre&amp;sort=partner&amp;page=2"' in response.content.decode()
    assert len(shown(client, "?stage=pre&sort=partner&page=2")) == 1


def test_htmx_gets_the_results_and_nothing_around_them(client, alice, three):
    client.force_login(alice)

    response = client.get(URL, headers={"hx-request": "true"})

    page = response.content.decode()
    assert page.lstrip().startswith('<div id="results"')
    assert "<html" not in page
    assert "HX-Request" in response.headers["Vary"]


def test_it_says_what_belongs_here_when_empty(client, vera):
    client.force_login(vera)

    assert "Here stand the partnerships that you are part of." in client.get(URL).content.decode()


def test_a_ticket_per_partnership_up_to_twelve_a_lane(client, alice, district):
    school = SchoolFactory(district=district)
    school.coordinators.add(alice)
    for number in range(60):
        make_partnership(
            school=school,
            by=alice,
            partner=PartnerFactory(district=district, name=f"Shop {number}"),
            stage=Stage.PRE if number < 15 else Stage.MOBILIZE,
        )
    client.force_login(alice)

    response = client.get("/")

    page = response.content.decode()
    assert page.count('class="ticket"') == 24
    assert "All 15 of this stage" in page
    assert f"{reverse('desk:partnerships')}?stage=mobilize&amp;status=going-on" in page


def test_ended_ones_are_in_the_list_but_not_on_the_board(client, alice, three):
    farm = three["farm"]
    said = {"reason": "The farm was sold", "no_debrief_because": "We spoke on the last day"}
    farm.end(by=alice, drawn_for=farm.last_move, **said)
    client.force_login(alice)

    assert FARM in shown(client)
    assert set(shown(client, "?status=going-on")) == {CLUB, HOSPITAL}
    assert FARM not in client.get("/").content.decode()
    assert Partnership.objects.visible_to(alice).count() == 3
