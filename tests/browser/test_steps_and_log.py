"""Both sides at a meeting: what was said goes into the log, what follows becomes a step, and is done."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from partnerships.models import LogEntry, Partnership, Step
from partnerships.vocabulary import ContactKind
from tests.browser.test_keyboard import Hands

pytestmark = pytest.mark.browser

SAID = "We invite the second class to the open day."
STEP = "Write to the teacher of the second class"


def partnership():
    return Partnership.objects.with_sides().get(parties__partner__name="Harbor Robotics")


def farm():
    return Partnership.objects.with_sides().get(parties__partner__name="Green Valley Farm")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_decision_becomes_a_step_that_the_other_side_does(visit, scripts):
    rosa = visit("coordinator@demo.example", scripts=scripts)
    dana = visit("partner@demo.example", scripts=scripts)
    table = partnership()

    rosa.go(table.get_absolute_url())
    rosa.follow("Record")
    rosa.follow("Contact log")
    rosa.follow("Add an entry")
    rosa.press("Add to the log")
    rosa.reads("Choose what it was.")
    rosa.page.get_by_label("What was it?").select_option(label="Decision")
    rosa.page.get_by_label("Dana Whitfield (Harbor Robotics)").check()
    rosa.fill("What was said?", SAID)
    rosa.press("Add to the log")
    entry = LogEntry.objects.get(said=SAID)
    assert entry.kind == ContactKind.DECISION
    assert {seat.person.name for seat in entry.people.all()} == {"Rosa Delgado", "Dana Whitfield"}

    form = rosa.page.locator("#follows form.form")
    assert form.get_by_label("What is to be done?").input_value() == SAID
    form.get_by_label("What is to be done?").fill(STEP)
    form.get_by_label("Who does it?").select_option(label="Dana Whitfield (Harbor Robotics)")
    form.get_by_label("Due on").fill((table.district.today() + timedelta(days=2)).isoformat())
    rosa.press("Add the step", within=form)
    expect(rosa.page.locator("#follows .todo")).to_contain_text(STEP)

    dana.go("/")
    dana.follow(STEP)
    dana.reads("follows from: Decision")
    dana.go(f"{table.get_absolute_url()}steps/?whose=mine")
    line = dana.page.locator("li.todo", has_text=STEP)
    dana.press(STEP, within=line)
    expect(dana.page.locator("li.todo.done", has_text=STEP)).to_be_visible()
    assert Step.objects.get(what=STEP).is_done
    dana.press(STEP, within=dana.page.locator("li.todo", has_text=STEP))
    expect(dana.page.locator("li.todo.open", has_text=STEP)).to_be_visible()
    assert Step.objects.get(what=STEP).is_open
    rosa.is_content()
    dana.is_content()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_disagreement_is_found_and_settled(visit, scripts):
    rosa = visit("coordinator@demo.example", scripts=scripts)
    here = farm().get_absolute_url()

    rosa.go(f"{here}log/")
    rosa.reads("1 disagreement is not settled yet.")
    rosa.follow("Show what is not settled")
    expect(rosa.page.locator(".timeline li")).to_have_count(1)
    rosa.follow("Disagreement")
    rosa.reads("We talk it through at the farm, on the spot.")
    rosa.follow("Note how it was settled")
    rosa.press("Note how it was settled")
    rosa.reads("Say in a sentence how it was settled.")
    rosa.fill("How was it settled?", "The school pays this bill. Seeds are part of the agreement.")
    rosa.press("Note how it was settled")

    rosa.reads("Settled on")
    assert not LogEntry.objects.unsettled().exists()
    rosa.is_content()


def test_searching_narrows_the_log_as_one_types(visit):
    minh = visit("minh@demo.example", language="vi")
    table = Partnership.objects.get(parties__partner__name="Hội Phụ huynh Việt", stage="reflect")

    minh.go(f"{table.get_absolute_url()}log/")
    minh.page.get_by_role("searchbox").press_sequentially("nha van hoa")
    expect(minh.page.locator(".timeline li")).to_have_count(2)
    for path in ("log/add/?kind=disagreement", "log/rhythm/", "steps/", "steps/add/"):
        minh.go(table.get_absolute_url() + path)
    minh.follow("Các bước")
    minh.is_content()


def test_a_step_by_keyboard(visit):
    dana = visit("partner@demo.example")
    me = Hands(dana)
    table = partnership()
    here = f"{dana.base}{table.get_absolute_url()}"
    dana.go(f"{table.get_absolute_url()}steps/")

    me.enter("link", "Add a step")
    me.arrive(f"{here}steps/add/")
    me.write(me.page.get_by_label("What is to be done?"), STEP)
    me.enter("button", "Add the step")
    dana.reads("The step is added.")
    step = Step.objects.get(what=STEP)
    me.enter("link", "Drop this step")
    me.arrive(f"{dana.base}{step.get_absolute_url()}drop/")
    me.write(me.page.get_by_label("Why is it dropped?"), "We have written already.")
    me.enter("button", "Drop the step")
    dana.reads("The step is dropped.")
    step.refresh_from_db()
    assert step.is_dropped

    tick = me.page.get_by_role("button", name="Reserve the hall of the plant for the open day")
    me.enter("button", "Reserve the hall of the plant for the open day", key="Space")
    expect(tick).to_have_attribute("aria-pressed", "true")
    expect(tick).to_be_focused()
    dana.is_content()
