"""“Start a partnership”: one question after another, kept as one goes, started once."""

from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from partnerships.models import Partner, Partnership, PartnershipDraft
from partnerships.stages import Stage
from partnerships.views import starting
from partnerships.vocabulary import Role
from tests.factories import PartnerFactory


@pytest.fixture
def draft(client, alice):
    client.force_login(alice)
    client.post(reverse("partnerships:start"))
    return alice.partnership_drafts.get()


def step_url(draft, step):
    return reverse("partnerships:draft_step", args=[draft.pk, step])


ANSWERS = [
    ("purpose", {"purpose": "Students learn to bake."}),
    ("engagements", {"engagements": ["visit", "internship"]}),
    ("levels", {"level_now": "networking", "level_wanted": "coordination"}),
    ("dates", {"starts_on": "2026-09-01", "ends_on": "2027-06-30"}),
]


def answer_all(client, draft, school, partner):
    client.post(step_url(draft, "school"), {"school": school.pk})
    client.post(step_url(draft, "partner"), {"partner": partner.pk})
    for step, answers in ANSWERS:
        client.post(step_url(draft, step), answers)


def test_it_starts_at_pre_partnering_with_its_items_made(client, alice, draft, school, partner):
    answer_all(client, draft, school, partner)

    client.post(reverse("partnerships:draft_check", args=[draft.pk]))

    made = Partnership.objects.get()
    assert (made.stage, made.cycle, made.status) == (Stage.PRE, 1, "active")
    assert [party.label for party in made.parties.all()] == ["Lincoln High", "Harbor Robotics"]
    assert made.purpose == "Students learn to bake."
    assert [row.kind for row in made.engagements.all()] == ["visit", "internship"]
    assert (str(made.starts_on), str(made.ends_on)) == ("2026-09-01", "2027-06-30")
    assert (made.school_party.level_now, made.school_party.level_wanted) == (
        "networking",
        "coordination",
    )
    assert made.items.count() == 32
    assert made.moves.get().by == alice
    seat = made.parties.first().seats.get()
    assert (seat.person.user, seat.roles) == (alice, [Role.CONTACT])


def test_a_second_click_starts_nothing_twice(client, draft, school, partner):
    answer_all(client, draft, school, partner)
    url = reverse("partnerships:draft_check", args=[draft.pk])

    first, second = client.post(url), client.post(url)

    assert Partnership.objects.count() == 1
    assert first.url == second.url


def test_going_away_and_coming_back_loses_nothing(client, draft, partner):
    client.post(step_url(draft, "partner"), {"partner": partner.pk})
    client.post(step_url(draft, "purpose"), {"purpose": "Bread for all", "later": "1"})

    overview = client.get(reverse("partnerships:start")).content.decode()
    response = client.get(draft.get_absolute_url())

    assert "Harbor Robotics" in overview
    assert response.url == step_url(draft, "engagements")
    assert "Bread for all" in client.get(step_url(draft, "purpose")).content.decode()


def test_one_can_leave_at_a_question_one_has_no_answer_to_yet(client, draft):
    response = client.post(step_url(draft, "purpose"), {"purpose": "", "later": "1"})

    assert response.url == reverse("partnerships:start")
    assert "purpose" not in PartnershipDraft.objects.get().answers


def test_but_not_with_an_answer_that_cannot_be_kept(client, draft):
    response = client.post(step_url(draft, "purpose"), {"purpose": "a" * 2001, "later": "1"})

    assert response.status_code == 200
    assert "a" * 2001 in response.content.decode()


def test_check_your_answers_shows_each_with_a_way_back(client, draft, school, partner):
    answer_all(client, draft, school, partner)

    page = client.get(reverse("partnerships:draft_check", args=[draft.pk])).content.decode()

    for words in (
        "Harbor Robotics",
        "Students learn to bake.",
        "Internships for students",
        "Networking",
    ):
        assert words in page
    assert f"{step_url(draft, 'purpose')}?check" in page


def test_a_change_from_there_leads_back_there(client, draft, school, partner):
    answer_all(client, draft, school, partner)

    response = client.post(step_url(draft, "purpose") + "?check", {"purpose": "Cake as well."})

    assert response.url == reverse("partnerships:draft_check", args=[draft.pk])


def test_a_question_left_out_is_asked_before_it_starts(client, draft, partner):
    client.post(step_url(draft, "partner"), {"partner": partner.pk})

    response = client.post(reverse("partnerships:draft_check", args=[draft.pk]))

    assert response.url == step_url(draft, "purpose")
    assert Partnership.objects.count() == 0


def test_an_end_before_the_beginning_is_refused_and_kept(client, draft):
    response = client.post(
        step_url(draft, "dates"), {"starts_on": "2027-06-30", "ends_on": "2026-09-01"}
    )

    assert response.context["form"].errors["ends_on"] == [
        "Enter an end that is not before the beginning."
    ]
    assert "2026-09-01" in response.content.decode()


def test_a_new_partner_can_be_made_on_the_way(client, draft):
    url = reverse("partnerships:draft_new_partner", args=[draft.pk])

    response = client.post(url, {"name": "Bayview Bakery", "kind": "business", "place": "outside"})

    draft.refresh_from_db()
    assert response.url == step_url(draft, "purpose")
    assert draft.answers["partner"] == Partner.objects.get(name="Bayview Bakery").pk


def test_a_partner_of_another_district_cannot_be_chosen(client, draft, other_district):
    foreign = PartnerFactory(district=other_district)

    response = client.post(step_url(draft, "partner"), {"partner": foreign.pk})

    assert "partner" in response.context["form"].errors


def test_when_a_draft_was_begun_is_said_by_the_districts_clock(client, draft, district):
    district.timezone = "Asia/Ho_Chi_Minh"
    district.save()

    page = client.get("/partnerships/start/").content.decode()

    begun = timezone.localtime(draft.changed_at, ZoneInfo("Asia/Ho_Chi_Minh"))
    assert f"{begun:%H:%M}" in page


def test_a_draft_is_its_authors_own(client, draft, charlie):
    client.force_login(charlie)

    assert client.get(draft.get_absolute_url()).status_code == 404
    assert client.get(step_url(draft, "purpose")).status_code == 404


@pytest.mark.parametrize("name", ["bob", "ada", "vera"])
def test_only_coordinators_start(request, client, name, school):
    client.force_login(request.getfixturevalue(name))

    assert client.post(reverse("partnerships:start")).status_code == 403
    assert PartnershipDraft.objects.count() == 0


# Thrown away


def throw_away(draft):
    return reverse("partnerships:throw_away", args=[draft.pk])


def test_what_was_begun_by_mistake_can_be_thrown_away(client, alice, draft, school, partner):
    answer_all(client, draft, school, partner)
    for page in (
        reverse("partnerships:start"),
        reverse("partnerships:draft_check", args=[draft.pk]),
    ):
        assert f'href="{throw_away(draft)}"' in client.get(page).content.decode()

    asked = client.get(throw_away(draft)).content.decode()
    assert partner.name in asked
    assert "cannot be undone" in asked
    assert alice.partnership_drafts.exists()  # asking does nothing yet

    response = client.post(throw_away(draft), follow=True)

    assert response.redirect_chain == [(reverse("partnerships:start"), 302)]
    assert "The draft is thrown away." in response.content.decode()
    assert not alice.partnership_drafts.exists()
    assert client.get(draft.get_absolute_url()).status_code == 404
    assert Partner.objects.filter(pk=partner.pk).exists()


def test_only_that_one_is_thrown_away(client, alice, draft):
    other = alice.partnership_drafts.create()

    client.post(throw_away(draft))

    assert alice.partnership_drafts.get() == other


def test_a_second_click_throws_nothing_more_away(client, alice, draft):
    other = alice.partnership_drafts.create()
    data = {"once": "1"}

    first, second = client.post(throw_away(draft), data), client.post(throw_away(draft), data)

    assert (first.url, second.url) == (reverse("partnerships:start"),) * 2
    assert alice.partnership_drafts.get() == other


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_has_become_a_partnership_stays(client, alice, draft, school, partner, method):
    answer_all(client, draft, school, partner)
    client.post(reverse("partnerships:draft_check", args=[draft.pk]))

    assert getattr(client, method)(throw_away(draft)).status_code == 404

    assert alice.partnership_drafts.get().partnership == Partnership.objects.get()


def test_nobody_throws_away_what_another_has_begun(client, alice, draft, charlie, ola):
    for user in (charlie, ola):
        client.force_login(user)
        assert client.get(throw_away(draft)).status_code == 404
        assert client.post(throw_away(draft)).status_code == 404

    assert alice.partnership_drafts.get() == draft


def test_what_is_thrown_away_while_it_starts_does_not_start(
    client, draft, school, partner, monkeypatch
):
    """The page to check was open in another window."""
    answer_all(client, draft, school, partner)
    monkeypatch.setattr(
        starting, "start_from", after(lambda: PartnershipDraft.objects.all().delete(), starting)
    )

    assert client.post(reverse("partnerships:draft_check", args=[draft.pk])).status_code == 404
    assert not Partnership.objects.exists()


def after(act, module):
    """The module's `start_from`, with something done by somebody else just before."""
    real = module.start_from

    def start_from(*args, **kwargs):
        act()
        return real(*args, **kwargs)

    return start_from
