"""The contact log: what was said, disagreements and how they were settled, and contact overdue."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from desk.agreement_text import Reading
from desk.demo import make_demo
from desk.waiting import waiting_in, whose_move
from evaluations.joint import Standing
from partnerships.events import EventKind
from partnerships.models import LogEntry, Partnership, Step
from partnerships.models.log import contact_overdue, last_contact
from partnerships.stages import MoveKind
from partnerships.vocabulary import TOUCHPOINTS, ContactKind, ContactRhythm
from partnerships.waiting import Kind, Scope
from tests import clock
from tests.agreements import agree, arrange, composed, draw_up, sign_by_all
from tests.factories import PersonFactory, make_partnership

CAST = ["alice", "sam", "bob", "ada", "ola", "charlie", "dora", "vera"]
HOW = "First the two contact persons, then the principal."
AGREED = "What you agreed on disagreements"


@pytest.fixture
def today(district):
    return district.today()


@pytest.fixture
def write(running, alice):
    """Write an entry of so many days ago."""

    def entry(kind=ContactKind.CALL, ago=0, said="All is well", **fields) -> LogEntry:
        on = running.district.today(-timedelta(days=ago))
        return running.log.write(by=alice, kind=kind, on=on, said=said, **fields)

    return entry


def fresh(partnership):
    return Partnership.objects.with_sides().get(pk=partnership.pk)


def seat_of(partnership, user):
    return next(seat for seat in partnership.current_seats if seat.person.user == user)


def address(name, partnership, *keys):
    return reverse(f"partnerships:{name}", args=[partnership.pk, *keys])


def last_event(partnership):
    event = partnership.events.first()
    return event.kind, event.by, event.about


def shown(client, user, partnership, query="") -> list[str]:
    client.force_login(user)
    page = client.get(address("log", partnership) + query)
    return [entry.said for entry in page.context["page"]]


def page_of(client, user, url) -> str:
    client.force_login(user)
    return client.get(url).content.decode()


# Writing


@pytest.mark.parametrize("name", ["alice", "sam", "bob"])
def test_whoever_works_here_writes_an_entry(request, client, running, today, name):
    user = request.getfixturevalue(name)
    seats = [seat_of(running, user).pk, seat_of(running, request.getfixturevalue("bob")).pk]
    client.force_login(user)

    response = client.post(
        address("add_log_entry", running),
        {
            "kind": "meeting",
            "on": today.isoformat(),
            "people": seats,
            "others": "A mentor",
            "said": "We begin.",
        },
    )

    entry = running.log.get()
    assert response.url == entry.get_absolute_url()
    assert (entry.kind, entry.on, entry.others, entry.said) == (
        ContactKind.MEETING,
        today,
        "A mentor",
        "We begin.",
    )
    assert {seat.pk for seat in entry.people.all()} == set(seats)
    assert (entry.by, entry.cycle, entry.settled) == (user, 1, "")
    assert last_event(running) == (
        EventKind.CONTACT_LOGGED,
        user,
        {"contact": "meeting", "on": today.isoformat()},
    )


def test_the_form_says_what_to_enter(client, running, alice):
    client.force_login(alice)

    page = client.post(address("add_log_entry", running), {"on": "soon", "people": ["x"]})

    assert page.context["form"].errors == {
        "kind": ["Choose what it was."],
        "on": ["Enter a date, such as 2027-01-31."],
        "people": ["Select a valid choice. That choice is not one of the available choices."],
        "said": ["Say in a sentence what it was about."],
    }
    assert not running.log.exists()


@pytest.mark.parametrize("kind", ContactKind)
def test_only_a_meeting_or_a_visit_may_be_ahead(client, running, today, alice, kind):
    client.force_login(alice)
    data = {"kind": kind.value, "on": (today + timedelta(days=1)).isoformat(), "said": "Plans"}

    response = client.post(address("add_log_entry", running), data)

    if kind in {ContactKind.MEETING, ContactKind.VISIT}:
        assert response.status_code == 302
        assert fresh(running).log.get().is_planned
    else:
        assert response.context["form"].errors == {
            "on": ["Enter a day that has come. Only meetings and visits may be ahead."]
        }


def test_today_is_the_day_in_the_district(client, running, alice):
    """The 9th in Los Angeles is the 10th in UTC already."""
    with clock.at(datetime(2027, 1, 10, 3, 0, tzinfo=UTC)):
        client.force_login(alice)
        for day, status in (("2027-01-09", 302), ("2027-01-10", 200)):
            data = {"kind": "call", "on": day, "said": f"On {day}"}
            assert client.post(address("add_log_entry", running), data).status_code == status


def test_an_entry_is_changed_and_told(client, running, write, bob, today):
    entry = write(ContactKind.CALL)
    client.force_login(bob)
    url = address("edit_log_entry", running, entry.pk)

    client.post(
        url, {"seen_version": 0, "kind": "mail", "on": today.isoformat(), "said": "It was a mail"}
    )

    entry.refresh_from_db()
    assert (entry.kind, entry.said, entry.version) == (ContactKind.MAIL, "It was a mail", 1)
    assert last_event(running)[:2] == (EventKind.CONTACT_CHANGED, bob)


def test_who_saves_second_sees_both_texts(client, running, write, alice, bob, today):
    entry = write(people=[seat_of(running, bob)])
    url = address("edit_log_entry", running, entry.pk)
    data = {"seen_version": 0, "kind": "call", "on": today.isoformat()}
    client.force_login(bob)
    client.post(url, data | {"said": "Bob's words", "people": [seat_of(running, bob).pk]})
    client.force_login(alice)

    page = client.post(url, data | {"said": "Alice's words"})

    assert dict(page.context["form"].conflict) == {
        "Who took part?": "Bob Keller",
        "What was said?": "Bob's words",
    }
    entry.refresh_from_db()
    assert entry.said == "Bob's words"


def test_who_took_part_and_has_left_stays_in_the_entry(client, running, write, alice, bob, today):
    bobs = seat_of(running, bob)
    entry = write(people=[bobs])
    bobs.vacate(today, successor=None, by=alice)
    client.force_login(alice)
    url = address("edit_log_entry", running, entry.pk)

    form = client.get(url).context["form"]
    assert bobs in form.fields["people"].queryset
    assert bobs not in (
        client.get(address("add_log_entry", running)).context["form"].fields["people"].queryset
    )


def test_an_ended_partnership_can_only_be_read(client, running, write, alice):
    entry = write(ContactKind.DISAGREEMENT)
    running.end(by=alice, drawn_for=running.last_move, reason="The company moves away")

    assert "Add an entry" not in page_of(client, alice, address("log", running))
    assert "Change the entry" not in page_of(client, alice, entry.get_absolute_url())
    for name in ("edit_log_entry", "settle_disagreement"):
        assert client.get(address(name, running, entry.pk)).status_code == 403
    for name in ("add_log_entry", "contact_rhythm"):
        assert client.get(address(name, running)).status_code == 403


# The log


def test_the_newest_first(client, running, write, alice):
    for ago, said in ((5, "fifth"), (400, "long ago"), (1, "first"), (-3, "ahead")):
        write(ContactKind.MEETING, ago, said)

    assert shown(client, alice, running) == ["ahead", "first", "fifth", "long ago"]


@pytest.mark.parametrize("typed", ["phở hà nội", "PHO ha", "pho noi", "hâ"])
def test_words_are_found_without_accents(client, running, write, alice, typed):
    write(said="Ăn phở Hà Nội cùng nhau")
    write(said="Something else")

    assert shown(client, alice, running, f"?search={typed}") == ["Ăn phở Hà Nội cùng nhau"]


def test_search_finds_others_and_how_it_was_settled(client, running, write, alice, today):
    write(said="one", others="The mayor")
    entry = write(ContactKind.DISAGREEMENT, said="two")
    entry.settle("By tossing a coin", on=today, by=alice)

    assert shown(client, alice, running, "?search=mayor") == ["one"]
    assert shown(client, alice, running, "?search=coin") == ["two"]
    assert "Nothing in the log is like that." in page_of(
        client, alice, address("log", running) + "?search=xyz"
    )


def test_by_kind_and_what_is_not_settled(client, running, write, alice, today):
    write(ContactKind.CALL, said="call")
    write(ContactKind.DISAGREEMENT, said="settled").settle("Done", on=today, by=alice)
    write(ContactKind.DISAGREEMENT, said="open")

    assert shown(client, alice, running, "?kind=call") == ["call"]
    assert shown(client, alice, running, "?kind=disagreement") == ["open", "settled"]
    assert shown(client, alice, running, "?kind=unsettled") == ["open"]
    page = page_of(client, alice, address("log", running))
    assert "1 disagreement is not settled yet." in page


def test_pages_of_twenty_five_and_all_in_print(client, running, write, alice):
    for ago in range(27):
        write(ago=ago, said=f"Call {ago}")

    assert shown(client, alice, running, "?page=2") == ["Call 25", "Call 26"]
    assert len(shown(client, alice, running, "?print")) == 27
    assert shown(client, alice, running, "?print&search=26") == ["Call 26"]


def test_an_empty_log_offers_the_first_entry(client, running, alice):
    page = page_of(client, alice, address("log", running))

    assert "Nothing is in the log yet." in page
    assert address("add_log_entry", running) in page


def test_htmx_gets_the_results_alone(client, running, write, alice):
    write()
    client.force_login(alice)

    part = client.get(address("log", running), headers={"HX-Request": "true"}).content.decode()

    assert part.strip().startswith('<div id="results"')


# Disagreements


def test_a_disagreement_is_settled(client, running, write, bob, today):
    entry = write(ContactKind.DISAGREEMENT, ago=3)
    client.force_login(bob)

    client.post(
        address("settle_disagreement", running, entry.pk),
        {"seen_version": 0, "settled": "We take turns", "settled_on": today.isoformat()},
    )

    entry.refresh_from_db()
    assert (entry.settled, entry.settled_on, entry.is_unsettled) == ("We take turns", today, False)
    assert last_event(running)[:2] == (EventKind.DISAGREEMENT_SETTLED, bob)
    page = page_of(client, bob, entry.get_absolute_url())
    assert "Settled on" in page
    assert "We take turns" in page


@pytest.mark.parametrize(
    ("ago", "error"),
    [(-1, "Enter a day that has come."), (4, "Enter a day that is not before the disagreement.")],
)
def test_when_it_was_settled(client, running, write, alice, today, ago, error):
    entry = write(ContactKind.DISAGREEMENT, ago=3)
    client.force_login(alice)

    page = client.post(
        address("settle_disagreement", running, entry.pk),
        {"seen_version": 0, "settled_on": (today - timedelta(days=ago)).isoformat()},
    )

    assert page.context["form"].errors == {
        "settled": ["Say in a sentence how it was settled."],
        "settled_on": [error],
    }


def test_nothing_else_can_be_settled(client, running, write, alice):
    entry = write(ContactKind.MEETING)
    client.force_login(alice)

    assert client.get(address("settle_disagreement", running, entry.pk)).status_code == 404


def test_two_who_settle_it_see_both(client, running, write, alice, bob, today):
    entry = write(ContactKind.DISAGREEMENT)
    url = address("settle_disagreement", running, entry.pk)
    data = {"seen_version": 0, "settled_on": today.isoformat()}
    client.force_login(bob)
    client.post(url, data | {"settled": "Bob's way"})
    client.force_login(alice)

    page = client.post(url, data | {"settled": "Alice's way"})

    assert page.context["form"].conflict == [("How was it settled?", "Bob's way")]
    entry.refresh_from_db()
    assert entry.settled == "Bob's way"


def test_a_settled_disagreement_stays_one(client, running, write, alice, today):
    entry = write(ContactKind.DISAGREEMENT)
    entry.settle("We take turns", on=today, by=alice)
    client.force_login(alice)

    page = client.post(
        address("edit_log_entry", running, entry.pk),
        {"seen_version": 1, "kind": "call", "on": today.isoformat(), "said": "A call"},
    )

    assert list(page.context["form"].errors) == ["kind"]


def disagreement_pages(partnership, entry):
    return [
        address("add_log_entry", partnership) + "?kind=disagreement",
        entry.get_absolute_url(),
        address("edit_log_entry", partnership, entry.pk),
        address("settle_disagreement", partnership, entry.pk),
    ]


def test_what_was_agreed_on_disagreements_is_quoted(client, running, write, alice):
    entry = write(ContactKind.DISAGREEMENT)
    agree(running, 8, HOW, by=alice)

    for url in disagreement_pages(running, entry):
        page = page_of(client, alice, url)
        assert (AGREED in page, HOW in page) == (True, True), url


def test_what_was_signed_counts_before_what_is_worded(client, running, write, alice):
    entry = write(ContactKind.DISAGREEMENT)
    agree(running, 8, HOW, by=alice)
    sign_by_all(draw_up(running, by=alice), by=alice)
    agree(running, 8, "By shouting.", by=alice)

    page = page_of(client, alice, entry.get_absolute_url())

    assert HOW in page
    assert "By shouting." not in page


def test_where_nothing_is_agreed_it_says_so(client, running, write, alice):
    entry = write(ContactKind.DISAGREEMENT)
    agree(running, 8, HOW, by=alice, parties=[])  # proposed, not agreed

    for url in disagreement_pages(running, entry):
        page = page_of(client, alice, url)
        assert "You have not agreed yet how you handle disagreements." in page, url
        assert reverse("evaluations:joint", args=[running.pk, "ten-questions"]) in page
        assert HOW not in page


def test_other_entries_quote_nothing(client, running, write, alice):
    agree(running, 8, HOW, by=alice)

    assert AGREED not in page_of(client, alice, write().get_absolute_url())
    assert AGREED not in page_of(client, alice, address("add_log_entry", running))


# What follows


def test_a_step_in_one_click(client, running, write, alice, bob, today):
    entry = write(ContactKind.DECISION, said="We begin in October.\nWith ten students.")
    client.force_login(bob)
    form = client.get(entry.get_absolute_url()).context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    assert data == {
        "what": "We begin in October.",
        "owner": seat_of(running, bob).pk,
        "due_on": "",
    }

    response = client.post(address("add_step", running) + f"?entry={entry.pk}", data)

    step = Step.objects.get()
    assert response.url == f"{entry.get_absolute_url()}#follows"
    assert (step.follows_from, step.owner) == (entry, seat_of(running, bob))
    page = client.get(entry.get_absolute_url())
    assert page.context["steps"] == [step]
    assert page.context["form"]["what"].value() == ""


def test_what_is_wrong_in_the_short_form_is_said_in_the_long_one(client, running, write, alice):
    entry = write()
    client.force_login(alice)

    page = client.post(address("add_step", running) + f"?entry={entry.pk}", {"what": ""})

    assert page.context["form"].errors == {"what": ["Say what is to be done."]}
    assert entry.get_absolute_url() in page.content.decode()


def test_it_follows_from_no_entry_of_another_table(client, running, school, alice):
    other = make_partnership(school=school, by=alice)
    entry = other.log.write(by=alice, kind="call", on=date(2026, 1, 31), said="Elsewhere")
    client.force_login(alice)

    client.post(address("add_step", running) + f"?entry={entry.pk}", {"what": "Call"})

    assert Step.objects.get().follows_from is None


def test_of_a_disagreement_the_first_step_is_to_settle_it(client, running, write, alice):
    entry = write(ContactKind.DISAGREEMENT)
    client.force_login(alice)

    form = client.get(entry.get_absolute_url()).context["form"]

    assert form["what"].value() == "Settle the disagreement of today"


# The rhythm of contact


@pytest.mark.parametrize("name", ["alice", "sam", "bob"])
def test_whoever_works_here_notes_the_rhythm(request, client, running, today, name):
    user = request.getfixturevalue(name)
    client.force_login(user)
    url = address("contact_rhythm", running)

    client.post(url, {"seen_version": 0, "contact_rhythm": "monthly"})

    changed = fresh(running)
    assert (changed.contact_rhythm, changed.contact_since) == (ContactRhythm.MONTHLY, today)
    assert last_event(running) == (EventKind.CONTACT_RHYTHM_SET, user, {"rhythm": "monthly"})
    client.post(url, {"seen_version": 1, "contact_rhythm": ""})
    changed = fresh(running)
    assert (changed.contact_rhythm, changed.contact_since) == ("", None)


def test_the_same_rhythm_again_counts_from_when_it_was_agreed(client, running, alice, today):
    Partnership.objects.update(contact_rhythm="weekly", contact_since=today - timedelta(days=5))
    client.force_login(alice)

    client.post(address("contact_rhythm", running), {"seen_version": 0, "contact_rhythm": "weekly"})

    assert fresh(running).contact_since == today - timedelta(days=5)


def test_two_who_note_it_see_both(client, running, alice, bob):
    url = address("contact_rhythm", running)
    client.force_login(bob)
    client.post(url, {"seen_version": 0, "contact_rhythm": "weekly"})
    client.force_login(alice)

    page = client.post(url, {"seen_version": 0, "contact_rhythm": "monthly"})

    [(_label, theirs)] = page.context["form"].conflict
    assert theirs == "Every week"
    assert fresh(running).contact_rhythm == ContactRhythm.WEEKLY


def agreed(partnership, rhythm, ago):
    since = partnership.district.today(-timedelta(days=ago))
    Partnership.objects.filter(pk=partnership.pk).update(contact_rhythm=rhythm, contact_since=since)


def is_overdue(partnership) -> bool:
    """What the row and the query say, once they agree."""
    by_query = (
        Partnership.objects.annotate(last_contact_on=last_contact())
        .filter(contact_overdue())
        .filter(pk=partnership.pk)
        .exists()
    )
    assert fresh(partnership).contact_is_overdue == by_query
    return by_query


# By hand: every week is 7 days, two weeks 14, a month 31, three months 92. On the last of them it
# is due, on the day after overdue.
@pytest.mark.parametrize(
    ("rhythm", "since", "contact", "overdue"),
    [
        ("weekly", 7, None, False),
        ("weekly", 8, None, True),
        ("weekly", 90, 7, False),
        ("weekly", 90, 8, True),
        ("weekly", 3, 60, False),  # agreed three days ago: older contact does not count against it
        ("fortnightly", 90, 14, False),
        ("fortnightly", 90, 15, True),
        ("monthly", 90, 31, False),
        ("monthly", 90, 32, True),
        ("monthly", 31, None, False),
        ("monthly", 32, None, True),
        ("quarterly", 300, 92, False),
        ("quarterly", 300, 93, True),
        ("", 300, 200, False),
        ("weekly", 90, 0, False),
        ("weekly", 90, -1, True),  # what is ahead is no contact yet
    ],
)
def test_contact_is_overdue(running, write, rhythm, since, contact, overdue):
    agreed(running, rhythm, since)
    if contact is not None:
        write(ContactKind.MEETING, contact)

    assert is_overdue(running) is overdue


@pytest.mark.parametrize("kind", ContactKind)
def test_what_counts_as_contact(running, write, kind):
    agreed(running, "weekly", 60)
    write(kind, 2)

    assert is_overdue(running) is (kind not in TOUCHPOINTS)


def test_the_last_contact_counts(running, write):
    agreed(running, "weekly", 60)
    for ago in (40, 3, 20):
        write(ContactKind.CALL, ago)

    assert not is_overdue(running)
    assert fresh(running).contact_due_on == running.district.today(timedelta(days=4))


def test_elsewhere_is_not_here(running, school, write, alice):
    agreed(running, "weekly", 60)
    other = make_partnership(school=school, by=alice)
    agreed(other, "weekly", 60)
    write(ContactKind.CALL, 1)

    assert (is_overdue(running), is_overdue(other)) == (False, True)


@pytest.mark.parametrize("kind", [MoveKind.PAUSE, MoveKind.END])
def test_what_rests_is_not_overdue(running, alice, kind):
    agreed(running, "weekly", 60)

    if kind == MoveKind.PAUSE:
        running.change_status(
            kind, by=alice, drawn_for=running.last_move, reason="Exams until the summer"
        )
    else:
        running.end(by=alice, drawn_for=running.last_move, reason="The company moves away")

    assert not is_overdue(running)


@pytest.mark.parametrize(
    ("zone", "hour", "overdue"),
    [
        ("America/Los_Angeles", 7, False),  # the evening of the 8th there
        ("America/Los_Angeles", 8, True),  # midnight: the 9th begins
        ("Asia/Ho_Chi_Minh", 7, True),
        ("Pacific/Kiritimati", 7, True),
    ],
)
def test_each_district_goes_by_its_own_clock(running, write, zone, hour, overdue):
    """Weekly, last in contact on the 1st of January: due on the 8th, overdue on the 9th."""
    running.district.timezone = zone
    running.district.save()
    Partnership.objects.update(contact_rhythm="weekly", contact_since=date(2026, 12, 1))
    entry = write()
    LogEntry.objects.filter(pk=entry.pk).update(on=date(2027, 1, 1))

    with clock.at(datetime(2027, 1, 9, hour, 0, tzinfo=UTC)):
        assert is_overdue(running) is overdue


@pytest.mark.parametrize(
    ("month", "overdue_from"),
    [(3, datetime(2027, 3, 16, 7, tzinfo=UTC)), (11, datetime(2027, 11, 9, 8, tzinfo=UTC))],
)
def test_clocks_that_change_do_not_move_the_day(running, write, month, overdue_from):
    """Los Angeles changes on 14 March and on 7 November: days are counted, not hours."""
    last = (overdue_from - timedelta(hours=12)).date() - timedelta(days=7)
    Partnership.objects.update(contact_rhythm="weekly", contact_since=date(2026, 12, 1))
    entry = write()
    LogEntry.objects.filter(pk=entry.pk).update(on=last)

    with clock.at(clock.just_before(overdue_from)):
        assert not is_overdue(running)
    with clock.at(overdue_from):
        assert is_overdue(running)


def test_what_is_ahead_counts_from_its_day_on(running, write, today):
    agreed(running, "weekly", 60)
    write(ContactKind.MEETING, -2)
    assert is_overdue(running)

    with clock.at(datetime.now(UTC) + timedelta(days=2)):
        assert not is_overdue(running)


# Whose move it is


def told(user):
    return [one for one in waiting_in(Scope.of_person(user))[0] if one.kind == Kind.CONTACT]


def on_the_guide(partnership) -> dict:
    partnership = fresh(partnership)
    partnership.managed_by_reader = False
    return {
        move.party.label: move.count(Kind.CONTACT)
        for move in whose_move(partnership, [], Standing(partnership))
    }


def test_an_overdue_contact_waits_for_whoever_sees_to_the_whole(request, running):
    users = {name: request.getfixturevalue(name) for name in CAST}
    agreed(running, "monthly", 60)

    assert {name for name, user in users.items() if told(user)} == {"alice", "ola"}
    assert on_the_guide(running) == {"Lincoln High": 1, "Harbor Robotics": 1}


def test_it_says_since_when_and_leads_to_the_log(client, running, write, alice, bob):
    agreed(running, "monthly", 60)
    [one] = told(alice)
    assert (str(one.title), one.url) == ("No contact has been noted yet", address("log", running))
    write(ContactKind.CALL, 40)

    [one] = told(alice)

    assert "You were last in contact <time" in one.title
    assert one.remark == "agreed: every month"
    assert one.on == running.district.today(-timedelta(days=9))
    with translation.override("vi"):
        [one] = told(alice)
        assert "Lần liên lạc gần nhất:" in one.title
    assert "You were last in contact" in page_of(client, bob, running.get_absolute_url())
    assert "contact is overdue" in page_of(client, bob, address("log", running))


def test_once_somebody_was_in_contact_nobody_waits(running, write, alice):
    agreed(running, "monthly", 60)
    write(ContactKind.CALL)

    assert told(alice) == []
    assert on_the_guide(running) == {}


def test_without_a_rhythm_nobody_waits(running, alice):
    assert told(alice) == []


# The agreement


def read(partnership, language):
    reading = Reading(composed(partnership).body, language)
    return next((part for part in reading.parts if part.key == "rhythm"), None)


def test_the_agreement_says_the_rhythm_beside_what_is_written(running, alice):
    assert read(running, "en") is None
    running.set_contact_rhythm("fortnightly", by=alice)
    arrange(running, rhythm="By phone on Mondays.")

    for language, label, said in (
        ("en", "In contact, at least", "Every two weeks"),
        ("vi", "Liên lạc ít nhất", "Hai tuần một lần"),
    ):
        part = read(running, language)
        assert [entry.text.text for entry in part.entries] == ["By phone on Mondays."]
        assert [(fact.label.text, fact.text.text) for fact in part.facts] == [(label, said)]


def test_the_page_that_arranges_it_shows_the_rhythm(client, running, alice):
    running.set_contact_rhythm("fortnightly", by=alice)

    page = page_of(client, alice, reverse("desk:arrange_agreement", args=[running.pk]))

    assert "Every two weeks" in page
    assert address("contact_rhythm", running) in page


def test_the_demo_tells_of_a_year_of_contact(db):
    make_demo()

    counts = {
        one.title: one.log.count() for one in Partnership.objects.with_parties() if one.log.exists()
    }
    assert counts["Lincoln High × Harbor Robotics"] >= 20
    assert counts["Tiểu học An Lạc × Hội Phụ huynh Việt"] >= 10
    assert LogEntry.objects.unsettled().count() == 1
    assert LogEntry.objects.filter(kind=ContactKind.DISAGREEMENT).exclude(settled="").exists()
    overdue = Partnership.objects.annotate(last_contact_on=last_contact()).filter(contact_overdue())
    assert overdue.count() == 1


def test_people_in_the_log_are_shown_with_their_side(client, running, write, alice, bob, partner):
    theirs = running.parties.last()
    gone = theirs.seat(PersonFactory(partner=partner, name="Nora Gone"), [], by=alice)
    write(people=[seat_of(running, bob), gone])

    page = page_of(client, alice, address("log", running))

    assert '<span class="who partner">Nora Gone</span>' in page
