"""What the dossier says of looking back: as on the pages, and nobody's name beside an answer."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evaluations.models import Comment, DebriefKind, Feedback, Notes, NotesAssent, Reply
from partnerships.models import CycleNote, Partnership, PublicPage, Release, Thanks, Win
from partnerships.vocabulary import Role
from tests.desk.test_dossier import get, queries, read, tables
from tests.evaluations.test_debrief_rules import answer_all, answers, open_debrief
from tests.factories import PersonFactory


@pytest.fixture
def partnership(partnership, school, alice):
    """A table with three people of the school and one of the partner."""
    ours, _theirs = partnership.parties.all()
    ours.seat(PersonFactory(school=school), {Role.MEMBER}, by=alice)
    return Partnership.objects.with_sides().get(pk=partnership.pk)


@pytest.fixture
def closed(partnership, alice):
    """The school's three said 5, 4, 3; the partner's one said 2."""
    debrief = open_debrief(partnership, alice)
    for response in debrief.responses.all():
        is_ours = response.seat.party == partnership.school_party
        response.keep(answers(debrief, 4 if is_ours else 2, q15="Ours" if is_ours else "Theirs"))
    ours = [one for one in debrief.responses.all() if one.seat.party == partnership.school_party]
    for response, value in zip(ours, (5, 4, 3), strict=True):
        response.keep({"q1": value})
    for response in debrief.responses.all():
        response.give()
    debrief.close(by=alice)
    return debrief


def test_the_results_are_there_by_side_in_numbers(client, alice, closed):
    found = tables(client, alice, closed.partnership)["debrief-results"]

    ours, theirs = found[:2]
    assert ours["Question"] == "People with real standing speak up for this partnership."
    assert (ours["Side"], ours["Average"], ours["Lowest"], ours["Highest"], ours["Answers"]) == (
        "Lincoln High School",
        "4",
        "3",
        "5",
        "3",
    )
    assert (theirs["Average"], theirs["Answers"], theirs["Cannot say"]) == ("2", "1", "0")
    assert (ours["Note"], theirs["Note"][:24]) == ("", "Fewer than three answers")
    chosen = [one for one in found if one["Answer"]]
    assert [(one["Answer"], one["Answers"]) for one in chosen[:4]] == [
        ("Go on as we are", "3"),
        ("Go on with changes", "0"),
        ("Pause", "0"),
        ("End", "0"),
    ]


def test_texts_stand_by_side_and_without_names(client, alice, closed):
    people = [seat.person.name for seat in closed.partnership.current_seats]

    found = tables(client, alice, closed.partnership)["debrief-texts"]

    assert [(one["Side"], one["Text"]) for one in found[:4]] == [
        ("Lincoln High School", "Ours"),
        ("Lincoln High School", "Ours"),
        ("Lincoln High School", "Ours"),
        ("Harbor Robotics", "Theirs"),
    ]
    assert not {name for name in people for row in found if name in row.values()}


@pytest.mark.parametrize("name", ["alice", "bob", "ada", "ola"])
def test_of_an_open_one_only_that_it_is_open(request, client, partnership, alice, name):
    debrief = open_debrief(partnership, alice)
    answer_all(debrief, 5, 4, 3, 2, q15="hidden-until-closed")
    user = request.getfixturevalue(name)

    found = tables(client, user, partnership)

    (row,) = found["debriefs"]
    assert (row["Debrief"], row["State"], row["Asked"], row["Answered"]) == (
        "Debrief 1",
        "Open",
        "",
        "",
    )
    assert found["debrief-results"] == found["debrief-texts"] == []
    assert "hidden-until-closed" not in str(found) + read(client, user, partnership)


def test_comments_and_the_last_notes_are_there(client, alice, bob, closed):
    ours, theirs = closed.partnership.parties.all()
    Comment.objects.create(
        debrief=closed, question_key="q1", party=theirs, disagrees=True, text="Not so.", by=bob
    )
    Notes.objects.create(debrief=closed, number=1, party=ours, text="First draft.", by=alice)
    notes = Notes.objects.create(debrief=closed, number=2, party=ours, text="We met.", by=alice)
    for party in (ours, theirs):
        NotesAssent.objects.create(notes=notes, party=party, by=alice)

    found = tables(client, bob, closed.partnership)["debrief-talk"]

    assert [(one["What is said"], one["State"]) for one in found] == [
        ("Not so.", "This side sees it differently"),
        ("We met.", "Agreed by all sides"),
    ]
    assert found[0]["About"] == "People with real standing speak up for this partnership."


def fill(partnership, by, count=1):
    """Wins, thanks, releases, voices with an answer, and a note for a cycle."""
    theirs = partnership.parties.all()[1]
    today = partnership.district.today()
    page, _made = PublicPage.objects.get_or_create(
        partnership=partnership, defaults={"about_en": "We meet"}
    )
    for number in range(count):
        win = Win.objects.create(
            partnership=partnership, text="First interns", on=today, thanked="Dana", made_by=by
        )
        Thanks.objects.create(
            partnership=partnership,
            win=win,
            name="Dana Whitfield",
            text="Secret words",
            language="vi",
            way="certificate",
            by=by,
        )
        Release.objects.create(
            page=page, part="win", win=win, party=theirs, by=by, said={"text": win.text}
        )
        voice = Feedback.objects.create(
            partnership=partnership, cycle=1, audience="students", going=4, idea="Robots", on=today
        )
        Reply.objects.create(feedback=voice, party=theirs, text="We will try.", by=by)
        last = CycleNote.objects.filter(partnership=partnership).count()
        CycleNote.objects.create(
            partnership=partnership,
            cycle=last + 2,
            stage="mobilize",
            keep="Wednesdays",
            change="Exams",
            by=by,
        )
        assert number < count


def test_wins_thanks_releases_voices_and_notes_are_there(client, alice, partnership):
    fill(partnership, alice)
    Feedback.objects.create(
        partnership=partnership,
        cycle=1,
        audience="public",
        idea="About Mr. Gray",
        on=partnership.district.today(),
        set_aside_at=timezone.now(),
    )

    found = tables(client, alice, partnership)

    (win,) = found["wins"]
    assert (win["What went well"], win["Who is thanked"], win["Picture"]) == (
        "First interns",
        "Dana",
        "no",
    )
    (thanks,) = found["thanks"]
    assert (thanks["To whom"], thanks["How"], thanks["For the small win"]) == (
        "Dana Whitfield",
        "by a certificate to print",
        "First interns",
    )
    (release,) = found["public"]
    assert (release["Side"], release["About"], release["Withdrawn on"]) == (
        "Harbor Robotics",
        "First interns",
        "",
    )
    (voice,) = found["voices"]
    assert (voice["From whom"], voice["An idea"], voice["Answers"]) == (
        "Students",
        "Robots",
        "Harbor Robotics: We will try.",
    )
    (note,) = found["cycle-notes"]
    assert (note["Cycle"], note["What you keep"], note["What you change"]) == (
        "Cycle 2",
        "Wednesdays",
        "Exams",
    )
    assert "Secret words" not in str(found)
    assert "Mr. Gray" not in str(found)


def test_thanks_are_not_in_the_file_of_a_district_admin(client, alice, ada, partnership):
    fill(partnership, alice)

    assert "thanks" in tables(client, alice, partnership)
    assert "thanks" not in tables(client, ada, partnership)


def test_a_voice_stands_there_once_and_each_answer_says_what_it_promised(
    client, alice, partnership
):
    ours, theirs = partnership.parties.all()
    voice = Feedback.objects.create(
        partnership=partnership,
        cycle=1,
        audience="students",
        going=4,
        idea="Robots",
        on=partnership.district.today(),
    )
    voice.answer(theirs, "We look for a day.", by=alice, outcome="planned")
    voice.answer(ours, "It was in May.", by=alice, outcome="done")
    voice.answer(ours, "Not said any more.", by=alice).take_back(by=alice)

    (row,) = tables(client, alice, partnership)["voices"]

    assert row["What became of it"] == "It is done"
    assert row["Answers"] == (
        "Harbor Robotics: We will do it – We look for a day. · "
        "Lincoln High School: It is done – It was in May."
    )


def test_the_pdf_says_the_same_in_both_languages(client, alice, closed):
    fill(closed.partnership, alice)

    for language in ("en", "vi"):
        said = read(client, alice, closed.partnership, language)
        assert "First interns" in said
        assert "Wednesdays" in said
        assert "Theirs" in said
    assert "Những người có vị thế thật sự" in said


@pytest.mark.parametrize("kind", ["pdf", "zip"])
def test_more_of_it_takes_no_more_queries(client, alice, closed, kind):
    fill(closed.partnership, alice)
    before = queries(client, alice, closed.partnership, kind)
    fill(closed.partnership, alice, count=5)
    for _number in range(2):
        debrief = open_debrief(closed.partnership, alice, kind=DebriefKind.REGULAR)
        answer_all(debrief, 5, 4, 3, 2)
        debrief.close(by=alice)

    with CaptureQueriesContext(connection) as captured:
        get(client, alice, kind, closed.partnership)

    assert len(captured) == before
