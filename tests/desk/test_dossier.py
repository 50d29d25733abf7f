"""The dossier: read back as a PDF and as tables, by every sort of reader."""

import io
import time
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import pypdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from desk.dossier.archive import name_of
from desk.dossier.contents import NEWEST_EVENTS, SECTIONS
from desk.dossier.dossier import Dossier
from desk.dossier.pdf import dossier_pdf
from evaluations.models import Answer, give
from partnerships.events import GROUPS, EventKind
from partnerships.models import Event, Measurement
from partnerships.vocabulary import ContactKind, ContributionKind, EngagementKind, Rhythm, Role
from tests.agreements import agree, draw_up, fresh, question, sign_by_all
from tests.desk.test_agreement_pdf import kinds
from tests.factories import PersonFactory
from tests.reading import files_of, table, text_of_pdf

MOST = 75  # queries, sign-in state included; drawn from everywhere
HOSTILE = (
    "=HYPERLINK(1) \x00 \u202eevil ] #panic() <b>{{ x }}</b> 🤖 שלום " + "W" * 100 + "\r\n\tend"
)


def link(kind, partnership, language="en"):
    return reverse(f"desk:dossier_{kind}", args=[partnership.pk, language])


def get(client, user, kind, partnership, language="en") -> bytes:
    client.force_login(user)
    response = client.get(link(kind, partnership, language))
    assert response.status_code == 200
    return response.content


def tables(client, user, partnership, language="en") -> dict[str, list[dict]]:
    files = files_of(get(client, user, "zip", partnership, language))
    return {name[:-4]: table(text) for name, text in files.items() if name.endswith(".csv")}


def read(client, user, partnership, language="en") -> str:
    return text_of_pdf(get(client, user, "pdf", partnership, language))


@pytest.fixture
def full(partnership, alice, bob):
    """Something of everything."""
    fill(partnership, alice)
    return fresh(partnership)


def fill(partnership, by, count=1, said="Robots"):
    partnership = fresh(partnership)
    ours, theirs = partnership.parties.all()
    made = {"partnership": partnership, "made_by": by}
    today = partnership.district.today()
    for number in range(count):
        words = f"{said} {number}"
        goal = partnership.goals.create(
            made_by=by,
            what=f"Goal {words}",
            measure=words,
            unit="students",
            starts_on=today - timedelta(days=50),
            due_on=today + timedelta(days=50),
            starting_value=Decimal("-3.50"),
            target=1200,
            say=words,
        )
        first = goal.measurements.create(on=today, value=Decimal("7.25"), note=words, by=by)
        goal.measurements.create(on=today, value=9, note="Miscounted", by=by, corrects=first)
        activity = partnership.activities.create(
            made_by=by,
            title=f"Activity {words}",
            kind=EngagementKind.VISIT,
            rhythm=Rhythm.WEEKLY,
            on=today,
            until=today + timedelta(days=30),
            place=words,
        )
        activity.leads.add(ours.seats.first())
        activity.goals.add(goal)
        activity.occurrences.create(
            planned_on=today, state="held", students=12, hours=Decimal("1.50"), by=by
        )
        entry = partnership.log.create(
            kind=ContactKind.DISAGREEMENT, on=today, said=f"Said {words}", settled="Talked", by=by
        )
        entry.people.add(theirs.seats.first())
        partnership.steps.create(
            made_by=by,
            what=f"Step {words}",
            owner=ours.seats.first(),
            goal=goal,
            follows_from=entry,
        )
        partnership.contributions.create(
            made_by=by,
            party=theirs,
            kind=ContributionKind.MONEY,
            what=f"Money {words}",
            unit="dollars",
            promised=500,
        )
        partnership.gains.create(made_by=by, party=theirs, what=f"Gain {words}")
        ours.partnership = partnership
        ours.report_level(now="networking", wanted="", by=by, note=words)
        partnership.items.add_own(by=by, wording=f"Own {words}", stage="pre", note=words)
    return made


def flat(outline) -> list[str]:
    """The titles of all bookmarks."""
    return [
        title for one in outline for title in (flat(one) if isinstance(one, list) else [one.title])
    ]


# What is in it


def test_every_section_is_a_file_and_a_heading_in_both_languages(client, full, alice):
    for language in ("en", "vi"):
        files = files_of(get(client, alice, "zip", full, language))
        pdf = pypdf.PdfReader(io.BytesIO(get(client, alice, "pdf", full, language)))
        bookmarks = flat(pdf.outline)
        with translation.override(language):
            titles = [str(section.title) for section in SECTIONS]
        assert list(files) == ["README.txt", *(name_of(section) for section in SECTIONS)]
        assert [title for title in titles if title not in bookmarks] == []
        assert [title for title in titles if title not in files["README.txt"]] == []


def test_the_tables_hold_what_is_there(client, full, alice):
    found = tables(client, alice, full)

    goal = found["goals"][0]
    assert goal["What you want to reach"] == "Goal Robots 0"
    assert (goal["Starting value"], goal["Latest value"], goal["Target"]) == ("-3.5", "9", "1200")
    assert [one["State"] for one in found["measurements"]] == [
        "corrected later; does not count",
        "corrects an earlier entry",
    ]
    assert found["measurements"][1]["Value before"] == "7.25"
    day = found["activity-days"][0]
    assert (day["Students"], day["Hours"], day["Teachers"]) == ("12", "1.5", "")
    assert day["Day"] == full.district.today().isoformat()
    assert found["contact-log"][0]["Steps that follow"] == "Step Robots 0"
    assert found["contact-log"][0]["How it was settled"] == "Talked"
    assert found["contributions"][0]["Promised"] == "500"
    assert found["gains"][0]["What it gains"] == "Gain Robots 0"
    assert found["steps"][0]["Who does it"] == full.parties.all()[0].seats.first().person.name
    assert len(found["checklist"]) == full.items.count()
    assert len(found["timeline"]) == full.events.count()
    assert len(found["moves"]) == 1


def test_the_pdf_says_the_same(client, full, alice):
    said = read(client, alice, full)

    for words in (
        "Goal Robots 0",
        "Said Robots 0",
        "Gain Robots 0",
        "Step Robots 0",
        "Own Robots 0",
    ):
        assert words in said
    assert "-3.5" in said
    assert "1,200" in said
    in_vietnamese = read(client, alice, full, "vi")
    assert "-3,5" in in_vietnamese
    assert "1.200" in in_vietnamese


def test_the_agreement_in_force_and_its_signatures_are_in_it(client, partnership, alice):
    agree(partnership, 4, "Twelve students a term.", by=alice)
    version = sign_by_all(draw_up(partnership, by=alice), by=alice)
    agree(partnership, 4, "Twenty students a term.", by=alice)
    draw_up(partnership, by=alice)

    found = tables(client, alice, partnership)

    assert "Twelve students a term." in {line["Text"] for line in found["agreement"]}
    assert "Twenty students a term." not in {line["Text"] for line in found["agreement"]}
    signed = [one for one in found["agreement-versions"] if "in force" in one["Version"]]
    assert {one["Fingerprint of the text (SHA-256)"] for one in signed} == {version.fingerprint}
    assert {one["Signed by"] for one in signed} == {alice.name}
    assert len(found["agreement-versions"]) == 4


def test_what_earlier_cycles_agreed_stays_in_it(client, partnership, alice):
    agree(partnership, 4, "Twelve students a term.", by=alice)
    type(partnership).objects.filter(pk=partnership.pk).update(cycle=2)
    partnership.moves.create(
        kind="recommit",
        from_stage="recommit",
        to_stage="mobilize",
        cycle=2,
        by=alice,
        at=timezone.now(),
    )

    found = tables(client, alice, partnership)

    assert [(one["Cycle"], one["What we agreed"]) for one in found["earlier-wordings"]] == [
        ("Cycle 1", "Twelve students a term.")
    ]


# Who may see what


def behind_the_veil(partnership, alice):
    """Both have a draft, the school has given one answer, the partner none."""
    for number, party in enumerate(fresh(partnership).parties.all()):
        party.partnership = fresh(partnership)
        Answer.write(question(2), party, f"hidden-draft-{number}", by=alice, cycle=1)
    ours = fresh(partnership).parties.all()[0]
    ours.partnership = fresh(partnership)
    give(question(1), ours, "hidden-given", by=alice)


@pytest.mark.parametrize("name", ["alice", "sam", "bob", "ada", "ola"])
def test_nothing_behind_the_veil_is_in_it_not_even_ones_own(
    request, client, partnership, alice, name
):
    behind_the_veil(partnership, alice)
    user = request.getfixturevalue(name)

    said = read(client, user, partnership)
    files = files_of(get(client, user, "zip", partnership))

    assert "hidden-" not in said + "".join(files.values())
    assert "Given, and not shown yet" in said


def test_once_the_veil_has_lifted_it_is(client, partnership, alice, bob):
    behind_the_veil(partnership, alice)
    theirs = fresh(partnership).parties.all()[1]
    theirs.partnership = fresh(partnership)
    give(question(1), theirs, "Theirs", by=bob)

    assert "hidden-given" in read(client, bob, partnership)
    assert "hidden-draft" not in read(client, bob, partnership)


@pytest.mark.parametrize(
    ("name", "has"), [("alice", True), ("sam", True), ("ada", True), ("bob", False)]
)
def test_worksheets_are_the_school_sides(request, client, partnership, alice, name, has):
    ours = fresh(partnership).parties.all()[0]
    ours.partnership = fresh(partnership)
    asked = type(question(1)).objects.filter(set__kind="worksheet", answer="text").first()
    Answer.write(asked, ours, "Our own notes", by=alice)
    user = request.getfixturevalue(name)

    files = files_of(get(client, user, "zip", partnership))

    assert ("worksheets.csv" in files) == has
    assert ("Our own notes" in read(client, user, partnership)) == has
    assert any("wrote on the worksheet" in text for text in files.values()) == has


@pytest.mark.parametrize("kind", ["pdf", "zip"])
@pytest.mark.parametrize("name", ["charlie", "dora", "edna", "vera"])
def test_others_get_nothing(request, client, partnership, kind, name):
    client.force_login(request.getfixturevalue(name))

    assert client.get(link(kind, partnership)).status_code == 404


def test_who_has_left_stays_with_their_name_and_no_address(client, partnership, alice):
    ours = fresh(partnership).parties.all()[0]
    ours.partnership = fresh(partnership)
    person = PersonFactory(school=ours.school, name="Gus Gone", email="gus@school.example")
    seat = ours.seat(person, {Role.BOARD}, by=alice)
    type(seat).objects.filter(pk=seat.pk).update(left_on=partnership.district.today())

    row = next(
        one for one in tables(client, alice, partnership)["people"] if one["Name"] == "Gus Gone"
    )

    assert (row["At the table"], row["Until"]) == (
        "before",
        partnership.district.today().isoformat(),
    )
    assert "gus@school.example" not in row.values()


# The files


@pytest.mark.parametrize(
    ("kind", "content_type"), [("pdf", "application/pdf"), ("zip", "application/zip")]
)
def test_they_are_kept_and_never_shown_or_cached(client, partnership, bob, kind, content_type):
    client.force_login(bob)

    response = client.get(link(kind, partnership, "vi"))

    headers = response.headers
    assert headers["Content-Type"] == content_type
    assert headers["Content-Disposition"] == (
        f'attachment; filename="dossier-{partnership.pk}-vi.{kind}"'
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert {"no-store", "private"} <= {*headers["Cache-Control"].split(", ")}


@pytest.mark.parametrize("kind", ["pdf", "zip"])
def test_there_are_none_in_another_language(client, partnership, alice, kind):
    client.force_login(alice)

    assert client.get(link(kind, partnership, "fr")).status_code == 404


def test_the_pdf_is_tagged_and_names_languages(client, full, alice):
    full.purpose = "Học sinh gặp những người đang làm việc."
    full.save()
    content = get(client, alice, "pdf", full)

    root = pypdf.PdfReader(io.BytesIO(content)).root_object
    found = kinds(content)
    levels = [int(kind[2:]) for kind in found if kind[:2] == "/H" and kind[2:].isdigit()]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert found.count("/Table") > 5
    assert "/TOC" in found
    assert "Học sinh gặp những người" in text_of_pdf(content)


def test_the_tables_are_in_the_language_that_was_chosen(client, full, alice):
    found = tables(client, alice, full, "vi")

    with translation.override("vi"):
        assert str(SECTIONS[0].columns[0].label) in found["partnership"][0]
    assert found["partnership"][0].keys() != tables(client, alice, full)["partnership"][0].keys()


@pytest.mark.parametrize("language", ["en", "vi"])
def test_hostile_words_break_nothing_and_compute_nothing(client, partnership, alice, language):
    words = HOSTILE if connection.vendor == "sqlite" else HOSTILE.replace("\x00", "")
    fill(partnership, alice, said=words)
    type(partnership).objects.filter(pk=partnership.pk).update(purpose=words)
    partnership.gains.create(made_by=alice, party=partnership.parties.all()[0], what=words)

    said = read(client, alice, partnership, language).replace(" ", "")
    found = tables(client, alice, partnership, language)

    assert "W" * 100 in said
    assert "#panic()<b>{{x}}</b>" in said
    live = [
        value
        for rows in found.values()
        for row in rows
        for value in row.values()
        if value[:1] in {"=", "+", "@", "\t", "\r"} and value[1:2] != "'"
    ]
    assert live == []
    assert any(value.startswith("'=HYPERLINK") for row in found["gains"] for value in row.values())


@pytest.mark.parametrize("unseen", ["\u200b", "\u2028\u2029", "\ufffe\uffff"])
def test_a_name_that_nobody_can_see_breaks_nothing(client, full, alice, unseen):
    full.goals.update(what=unseen)
    full.activities.update(title=unseen)

    assert "□" in read(client, alice, full)


def test_every_kind_of_event_has_a_group_to_be_named_by():
    assert {kind for kinds in GROUPS.values() for kind in kinds} == {*EventKind}


# How much it takes


def queries(client, user, partnership, kind) -> int:
    get(client, user, kind, partnership)
    with CaptureQueriesContext(connection) as captured:
        get(client, user, kind, partnership)
    return len(captured)


@pytest.mark.parametrize("kind", ["pdf", "zip"])
def test_more_rows_take_no_more_queries(client, full, alice, kind):
    before = queries(client, alice, full, kind)

    fill(full, alice, count=15, said="More")
    for number in range(2, 9):
        agree(full, number, "What we agree", by=alice)
    sign_by_all(draw_up(full, by=alice), by=alice)
    baseline = queries(client, alice, full, kind)
    fill(full, alice, count=15, said="Even more")
    agree(full, 9, "What we agree", by=alice)
    sign_by_all(draw_up(full, by=alice), by=alice)

    assert queries(client, alice, full, kind) == baseline
    assert before <= baseline <= MOST


def test_a_long_timeline_is_cut_in_the_pdf_and_whole_in_the_table(client, partnership, alice):
    now = timezone.now()
    Event.objects.bulk_create(
        Event(
            partnership=partnership,
            kind=EventKind.BASICS_CHANGED,
            cycle=1,
            by=alice,
            at=now - timedelta(minutes=number),
        )
        for number in range(NEWEST_EVENTS)
    )
    count = partnership.events.count()

    said = read(client, alice, partnership)

    assert f"These are the newest {NEWEST_EVENTS}. {count - NEWEST_EVENTS} older lines" in said
    assert len(tables(client, alice, partnership)["timeline"]) == count


def test_a_large_partnership_takes_seconds(partnership, alice):
    fill(partnership, alice)
    goal = partnership.goals.get()
    today = partnership.district.today()
    Measurement.objects.bulk_create(
        Measurement(goal=goal, on=today - timedelta(days=n % 300), value=n, by=alice)
        for n in range(500)
    )
    began = time.monotonic()

    assert dossier_pdf(Dossier(fresh(partnership), alice, "en")).startswith(b"%PDF")

    assert time.monotonic() - began < 20  # about one where nothing else runs
