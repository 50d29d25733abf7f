"""A partnership is renewed, or comes to a good end, on the strength of what people said."""

from datetime import timedelta

import pytest

from evaluations.models import Debrief, DebriefKind, QuestionSet, Wish
from partnerships.models import HandedOn, Partnership
from partnerships.stages import Stage

pytestmark = pytest.mark.browser

KEEP = "Wednesdays, and students on the machines from the first week."
CHANGE = "Two teachers come along, and families see the plant once a term."
OURS = "It is the best day of their week. We need a second teacher."
THEIRS = "Our people like to teach. We want families to see it."


def partnership():
    found = Partnership.objects.with_sides()
    return found.get(parties__partner__name="Harbor Robotics")


def at_stage_5():
    here = partnership()
    here.move_to(
        Stage.RECOMMIT,
        by=here.coordinator,
        drawn_for=here.last_move,
        reason="The year is over and we look back",
    )
    return here


def look_back(kind=DebriefKind.REGULAR) -> Debrief:
    """Everybody answers a debrief (the one that is open, if there is one), and it closes."""
    here = partnership()
    debrief = here.debriefs.filter(closed_at=None).first() or Debrief.objects.open(
        here,
        kind,
        question_set=QuestionSet.objects.get(key=kind.set_key, district=None),
        closes_on=here.district.today() + timedelta(days=14),
        by=here.coordinator,
    )
    for response in debrief.responses.all():
        response.keep({one["key"]: answer_to(one) for one in debrief.questions})
        response.give()
    debrief.close(by=here.coordinator)
    return debrief


def answer_to(question):
    return {"scale": 4, "choice": 2, "text": "More hours on the training cell."}[question["answer"]]


def say(visitor, what_next, because):
    visitor.page.locator(f"input[name=what_next][value={what_next}]").check()
    visitor.page.locator("#id_because").fill(because)
    visitor.press("Keep this")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_renewed_for_another_cycle(visit, scripts):
    here = at_stage_5()
    look_back()
    rosa = visit("coordinator@demo.example", scripts=scripts)
    dana = visit("partner@demo.example", scripts=scripts)

    rosa.go(here.get_absolute_url())
    rosa.follow("Go to the decision")
    rosa.reads("More hours on the training cell.")
    rosa.reads("Not said yet. You will see it once every side has said its own.")
    rosa.follow("Say what your side would like Lincoln High")
    rosa.press("Keep this")
    rosa.reads("Choose what this side would like.")
    say(rosa, "change", OURS)

    dana.go(here.get_absolute_url())
    dana.follow("Go to the decision")
    dana.reads("It is shown when you have said yours.")
    assert OURS not in dana.page.content()
    dana.follow("Say what your side would like Harbor Robotics")
    say(dana, "change", THEIRS)
    dana.reads(OURS)
    dana.reads("When both sides have talked it through")

    rosa.go(f"{here.get_absolute_url()}decide/")
    rosa.reads(THEIRS)
    rosa.follow("Recommit: begin a new cycle")
    rosa.page.locator("input[name=stage][value=direction]").check()
    rosa.page.locator("#id_keep").fill(KEEP)
    rosa.page.locator("#id_change").fill(CHANGE)
    rosa.page.locator("#id_reason").fill("Both sides want a third year")
    rosa.press("Begin the new cycle")
    rosa.reads(KEEP)

    dana.go(here.get_absolute_url())
    dana.reads("What we keep, what we change")
    dana.reads(CHANGE)
    dana.follow("Record")
    dana.follow("Cycles")
    dana.reads(KEEP)
    rosa.is_content()
    dana.is_content()
    assert here.cycle_notes.get(cycle=3).keep == KEEP
    assert Wish.objects.filter(party__partnership=here).count() == 2


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_brought_to_a_good_end(visit, scripts):
    here = at_stage_5()
    rosa = visit("coordinator@demo.example", scripts=scripts)
    dana = visit("partner@demo.example", scripts=scripts)

    rosa.go(f"{here.get_absolute_url()}decide/")
    rosa.follow("What would be handed on")
    rosa.follow("Write what is handed on Lincoln High")
    rosa.press("Save what is handed on")
    rosa.reads("Write down what is handed on.")
    rosa.page.locator("#id_text").fill("The small robot stays in room 12. Elena Ortiz has the key.")
    rosa.press("Save what is handed on")
    rosa.follow("Decide")
    rosa.follow("Bring it to a good end")
    rosa.page.locator("#id_reason").fill("The plant moves to another town")
    rosa.page.locator("input[name=debrief][value=yes]").check()
    rosa.press("End the partnership")
    rosa.reads("What remains")
    rosa.reads("Elena Ortiz has the key.")

    debrief = partnership().closing_debrief or Debrief.objects.open(
        partnership(),
        DebriefKind.CLOSING,
        question_set=QuestionSet.objects.get(key="closing-debrief", district=None),
        closes_on=here.district.today() + timedelta(days=14),
        by=here.coordinator,
    )
    dana.go(here.get_absolute_url())
    dana.reads("The closing debrief is open.")
    dana.follow("Write what is handed on Harbor Robotics")
    dana.page.locator("#id_text").fill("The lesson plans are yours to use.")
    dana.press("Save what is handed on")
    dana.reads("The lesson plans are yours to use.")

    look_back()
    assert debrief.number == partnership().closing_debrief.number
    rosa.go(here.get_absolute_url())
    rosa.follow("How it ended")
    rosa.reads("The closing debrief has closed")
    rosa.reads("More hours on the training cell.")
    rosa.follow("Print view")
    for said in ("The lesson plans are yours to use.", "The plant moves to another town"):
        rosa.reads(said)
    dana.go(here.get_absolute_url())
    assert dana.page.get_by_role("link", name="what is handed on").count() == 0
    rosa.is_content()
    dana.is_content()
    assert HandedOn.objects.filter(party__partnership=here).count() == 2


@pytest.mark.parametrize("dark", [False, True])
def test_the_pages_in_vietnamese_and_dark(visit, dark):
    minh = visit("minh@demo.example", language="vi")
    minh.page.emulate_media(color_scheme="dark" if dark else "light")
    ids = Partnership.objects.filter(parties__partner__name="Hội Phụ huynh Việt")
    here = ids.get(stage=Stage.REFLECT)
    path = f"/partnerships/{here.pk}"

    minh.go(f"{path}/decide/")
    minh.reads("Nội dung sẽ hiện khi bạn đã cho biết mong muốn của bên mình.")
    minh.go(f"{path}/decide/{here.school_party.pk}/")
    minh.press("Lưu lại")
    minh.go(f"{path}/ending/")
    minh.go(f"{path}/ending/{here.school_party.pk}/")
    minh.is_content()
