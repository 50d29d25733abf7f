"""What the agreement takes in of the work: goals, activities, and what each side puts in; and that
versions from before it did so read as they did."""

import json
import re
from datetime import date, time
from decimal import Decimal
from pathlib import Path

import pytest
from django.urls import reverse

from desk.agreement_text import Reading, changes
from desk.pdf import agreement_pdf
from partnerships.models import Activity, Agreement, Contribution, Goal, Part
from partnerships.models.agreement import canonical, fingerprint_of
from tests.agreements import agree, arrange, composed, draw_up, fresh, sign_by_all
from tests.desk.test_agreement_pdf import HOSTILE, kinds, read, text_of
from tests.desk.test_queries import queries

OLD = json.loads((Path(__file__).parent / "source/agreement_format_1.json").read_text("utf-8"))
ROBOT = "Juniors finish a robot that runs"
SHOW = "Gia đình các em đến xem buổi trình diễn"


def set_goal(partnership, by, **fields) -> Goal:
    said = {
        "what": ROBOT,
        "for_students": True,
        "for_community": True,
        "measure": "Groups that show a robot",
        "unit": "groups",
        "starts_on": date(2026, 9, 1),
        "starting_value": Decimal("3.5"),
        "target": Decimal(1250),
        "due_on": date(2027, 5, 28),
    }
    return Goal.objects.create(partnership=partnership, made_by=by, **said | fields)


def plan(partnership, by, leads=(), **fields) -> Activity:
    said = {
        "title": "Wednesdays on the training floor",
        "kind": "instruction",
        "rhythm": "weekly",
        "on": date(2026, 10, 7),
        "until": date(2027, 5, 26),
        "begins_at": time(13),
        "ends_at": time(16, 30),
        "place": "Hall 2",
    }
    made = Activity.objects.create(partnership=partnership, made_by=by, **said | fields)
    made.leads.set(leads)
    return made


def promise(partnership, side, by, **fields) -> Contribution:
    party = list(partnership.parties.all())[side]
    party.partnership = partnership
    said = {
        "kind": "time",
        "what": "Mentors on the floor",
        "unit": "hours",
        "promised": Decimal(1420),
        "due_on": date(2027, 6, 30),
        "is_estimate": True,
        "basis": "Four mentors, 30 Wednesdays",
    }
    made = Contribution(partnership=partnership, party=party, **said | fields)
    made.enter(by=by)
    return made


@pytest.fixture
def working(partnership, alice, bob):
    """With a goal in each language, two activities, and three promises."""
    set_goal(partnership, alice, serves="District goal 2")
    set_goal(partnership, bob, what=SHOW, for_students=False, due_on=date(2027, 6, 1))
    seats = sorted(partnership.current_seats, key=lambda seat: -seat.pk)
    plan(partnership, alice, [seat for seat in seats if seat.person.name != "Sam Ortiz"])
    once = {"rhythm": "once", "until": None, "begins_at": None, "ends_at": None, "place": ""}
    plan(partnership, alice, title="Open day", kind="visit", on=date(2027, 4, 17), **once)
    exact = {"is_estimate": False, "basis": "", "due_on": None}
    promise(partnership, 1, bob)
    promise(partnership, 0, alice, kind="space", what="The lab", unit="afternoons", **exact)
    promise(partnership, 0, alice, kind="money", what="Bus fares", unit="USD", **exact)
    return fresh(partnership)


def part(body, name) -> dict:
    return next(one for one in body["parts"] if one["key"] == name)


def read_part(reading, name):
    return next(one for one in reading.parts if one.key == name)


def facts(block) -> list[tuple[str, str]]:
    return [(fact.label.text, fact.text.text) for fact in block.facts]


def test_the_parts_stand_in_their_order():
    assert [one.value for one in Part] == [
        "purpose",
        "people",
        "questions",
        "goals",
        "engagements",
        "activities",
        "contributions",
        "duration",
        "rhythm",
    ]


def test_goals_stand_in_it_with_their_numbers_in_both_languages(working):
    body = composed(working).body

    english, vietnamese = (read_part(Reading(body, one), "goals") for one in ("en", "vi"))

    first, second = english.blocks
    assert (first.title.text, first.notes) == (ROBOT, [])
    assert facts(first) == [
        ("For whom", "Students, The community"),
        ("What we count", "Groups that show a robot (groups)"),
        (
            "From where to where",
            "from 3.5 on Tuesday 1 September 2026 to 1,250 by Friday 28 May 2027",
        ),
        ("It serves", "District goal 2"),
    ]
    assert (second.title.text, second.title.lang) == (SHOW, "vi")
    assert second.notes == ["Written in Vietnamese."]
    assert facts(vietnamese.blocks[0])[2] == (
        "Từ đâu đến đâu",
        "từ 3,5 vào Thứ 3, ngày 1 tháng 9 năm 2026 đến 1.250, chậm nhất vào Thứ 6, ngày 28 tháng 5 năm 2027",
    )
    assert vietnamese.blocks[0].notes == ["Viết bằng tiếng Anh."]


def test_a_goal_that_was_retired_stands_in_it_no_more(working, alice):
    Goal.objects.get(what=SHOW).retire("We have shown it", by=alice)

    assert [block["title"]["own"] for block in part(composed(working).body, "goals")["blocks"]] == [
        ROBOT
    ]


def test_activities_stand_in_it_with_days_place_and_who_leads(working):
    blocks = read_part(Reading(composed(working).body, "en"), "activities").blocks

    assert [block.title.text for block in blocks] == [
        "Wednesdays on the training floor",
        "Open day",
    ]
    assert facts(blocks[0]) == [
        ("Kind of engagement", "Regular visits or lessons in class or at the company"),
        (
            "When it takes place",
            "Every week, from Wednesday 7 October 2026 until Wednesday 26 May 2027, 13:00–16:30",
        ),
        ("Where", "Hall 2"),
        ("Leads", "Alice Moreno (Lincoln High School)"),
        ("Leads", "Bob Keller (Harbor Robotics)"),
    ]
    assert facts(blocks[1])[1:] == [("When it takes place", "Saturday 17 April 2027")]


def test_what_was_called_off_or_belongs_to_another_cycle_is_left_out(working, alice):
    Activity.objects.filter(title="Open day").update(called_off_at="2026-11-01T12:00Z")
    plan(working, alice, title="Next year", cycle=2)

    blocks = part(composed(working).body, "activities")["blocks"]

    assert [block["title"]["own"] for block in blocks] == ["Wednesdays on the training floor"]


def cells(table) -> list[list[str]]:
    return [[" / ".join(said.text for said in cell) for cell in row.cells] for row in table.rows]


def test_what_each_side_puts_in_is_a_table_party_by_party(working):
    body = composed(working).body

    english, vietnamese = (
        read_part(Reading(body, one), "contributions").table for one in ("en", "vi")
    )

    assert english.columns == ["What it is", "Side", "How much", "Promised for"]
    assert cells(english) == [
        ["Bus fares / Money", "Lincoln High School", "1,420 USD", ""],
        ["The lab / Rooms and space", "Lincoln High School", "1,420 afternoons", ""],
        [
            "Mentors on the floor / Time",
            "Harbor Robotics",
            "about 1,420 hours / Four mentors, 30 Wednesdays",
            "Wednesday 30 June 2027",
        ],
    ]
    assert cells(vietnamese)[2][2] == "khoảng 1.420 giờ / Four mentors, 30 Wednesdays"
    assert (english.notes, vietnamese.notes) == ([], ["Viết bằng tiếng Anh."])


def test_only_what_is_promised_in_this_cycle_binds(working, alice):
    today = working.district.today()
    bare = {"promised": None, "due_on": None, "is_estimate": False, "basis": ""}
    promise(working, 0, alice, what="Simply given", **bare).deliver(Decimal(1), on=today, by=alice)
    Contribution.objects.get(what="The lab").take_back("It is rebuilt", by=alice)
    Contribution.objects.filter(what="Bus fares").update(cycle=2)

    table = read_part(Reading(composed(working).body, "en"), "contributions").table

    assert [row.cells[0][0].text for row in table.rows] == ["Mentors on the floor"]


def test_a_new_version_says_what_changes_in_the_work(working, alice):
    signed = sign_by_all(draw_up(working, by=alice), by=alice)
    Goal.objects.filter(what=ROBOT).update(target=Decimal(9))
    plan(working, alice, title="Graduation", on=date(2027, 6, 20), until=date(2027, 6, 21))
    Contribution.objects.get(what="The lab").take_back("It is rebuilt", by=alice)

    found = changes(Reading(signed.content, "en"), Reading(composed(working).body, "en"))

    assert [one.part for one in found] == [
        "What we want to reach",
        "What we have planned",
        "What each side puts in",
    ]
    goal, activity, contribution = (str(one.html) for one in found)
    assert "<del>1,250</del>" in goal
    assert "<ins>9</ins>" in goal
    assert activity.startswith("<ins>Graduation")
    assert contribution.startswith("<del>The lab")


def test_parts_are_left_out_and_introduced_like_the_others(client, working, bob):
    client.force_login(bob)
    url = reverse("desk:arrange_agreement", args=[working.pk])

    client.post(url, {"introduction_goals": "Two for this year:", "left_out_activities": "on"})

    body = composed(working).body
    assert part(body, "goals")["introduction"] == {"own": "Two for this year:", "lang": "en"}
    assert "activities" not in [one["key"] for one in body["parts"]]


def test_the_page_shows_them_in_both_languages(client, working, alice):
    version = draw_up(working, by=alice)
    client.force_login(alice)

    page = client.get(f"{version.get_absolute_url()}?beside").content.decode()

    assert page.count(ROBOT) == 2
    assert f'<h5 lang="vi">{SHOW}</h5>' in page
    assert "about 1,420 hours" in page
    assert "khoảng 1.420 giờ" in page
    assert "Bob Keller (Harbor Robotics)" in page


@pytest.mark.parametrize("language", ["en", "vi"])
def test_the_file_says_them_and_is_tagged(working, alice, language):
    """That it keeps to PDF/UA-1 is typst's own check; it writes no other file."""
    version = draw_up(working, by=alice)

    content = agreement_pdf(version, language, beside=True)

    assert version.template == 2
    assert read(content).root_object["/MarkInfo"]["/Marked"]
    text = text_of(content)
    for said in (ROBOT, SHOW, "1.420 giờ", "about 1,420 hours", "13:00–16:30", "Bus fares"):
        assert said in text
    assert kinds(content).count("/Table") == 6  # people, promises and signatures, twice


def test_with_nothing_of_the_kind_the_parts_wait_for_it(partnership):
    waiting = {part.value for part in composed(partnership).empty_parts}

    assert {"goals", "activities", "contributions"} <= waiting


# Versions from before


@pytest.fixture
def old_version(partnership, alice):
    """One that was drawn up when texts were kept in format 1 and set by template 1."""
    text = canonical(OLD)
    made = Agreement.objects.create(
        partnership=partnership,
        cycle=1,
        number=1,
        text=text,
        fingerprint=fingerprint_of(text),
        template=1,
        by=alice,
    )
    made.parties.set(partnership.parties.all())
    return Agreement.objects.with_signatures().get(pk=made.pk)


READ_THEN = {
    "en": [
        ("What this agreement is about", ["Students meet people at work."]),
        (
            "People and their roles",
            [
                "Who is who.",
                "Alice Moreno, Contact person",
                "Sam Ortiz, Champion",
                "Bob Keller, Champion, Contact person",
            ],
        ),
        (
            "What we have agreed",
            ["Twelve students a term.", "Mười hai học sinh mỗi học kỳ, chia thành hai nhóm."],
        ),
        ("What we do together", ["A special visit once a year", "Advice"]),
        ("How long it runs", ["Tuesday 1 September 2026", "Wednesday 30 June 2027"]),
        ("How and how often we talk", ["The contact persons phone every other Monday."]),
    ],
    "vi": [
        ("Thỏa thuận này về điều gì", ["Students meet people at work."]),
    ],
}


@pytest.mark.parametrize("language", ["en", "vi"])
def test_an_old_version_reads_as_it_did(old_version, language):
    reading = Reading(old_version.content, language)

    found = [(one.title, [text for _label, text in one.lines.values()]) for one in reading.parts]

    assert found[: len(READ_THEN[language])] == READ_THEN[language]
    assert len(found) == 6
    assert old_version.is_genuine


def test_its_page_and_file_are_whole(client, old_version, alice):
    client.force_login(alice)

    page = client.get(f"{old_version.get_absolute_url()}?beside").content.decode()
    text = text_of(agreement_pdf(old_version, "vi", beside=True))

    for said in ("Twelve students a term.", "Viết bằng tiếng Anh.", "Tuesday 1 September 2026"):
        assert said in page
        assert said in text
    titles = re.findall(r"<h4>([^<]*)</h4>", page)
    assert titles[:6] == [title for title, _lines in READ_THEN["en"]]


def test_what_still_says_the_same_needs_no_new_version_for_a_newer_format(partnership, alice):
    agree(partnership, 4, "Twelve students a term.", by=alice)
    body = composed(partnership).body
    version = draw_up(partnership, by=alice)
    older = canonical({**version.content, "format": 1})
    kept = Agreement(text=older, fingerprint=fingerprint_of(older), partnership=partnership)

    assert kept.is_still(body)
    arrange(partnership, rhythm="On Mondays.")
    assert not kept.is_still(composed(partnership).body)


def test_a_goal_is_told_as_new_against_an_old_version(partnership, old_version, alice):
    set_goal(partnership, alice)

    found = changes(Reading(old_version.content, "en"), Reading(composed(partnership).body, "en"))

    assert "What we want to reach" in {one.part for one in found}


def test_more_of_them_take_no_more_queries(client, working, alice, bob):
    client.force_login(alice)
    url = reverse("desk:draw_up", args=[working.pk])
    before = queries(client, url)
    for _time in range(3):
        set_goal(working, alice)
        plan(working, alice, working.current_seats)
        promise(working, 1, bob)

    assert queries(client, url) == before <= 21


@pytest.mark.parametrize("said", [HOSTILE, "\u200b\u2060", "🤖", "w" * 300, "= \u202eheading"])
def test_whatever_people_wrote_the_file_is_whole(partnership, alice, said):
    set_goal(partnership, alice, what=said, measure=said[:200], unit=said[:40], serves=said)
    plan(partnership, alice, partnership.current_seats, title=said[:200], place=said[:200])
    promise(partnership, 0, alice, what=said, unit=said[:40], basis=said)
    version = draw_up(partnership, by=alice)

    for language in ("en", "vi"):
        assert kinds(agreement_pdf(version, language)).count("/Table") == 3
    assert [one.key for one in Reading(version.content, "en").parts][-2:] == [
        "activities",
        "contributions",
    ]
