"""Goals: set, measured, corrected with a trace, retired, carried over."""

import re
import xml.etree.ElementTree as ET
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from django.utils.html import strip_tags

from accounts.templatetags.words import by_number
from partnerships.chart import drawings
from partnerships.models import Goal, Measurement, Partnership
from partnerships.stages import Stage
from partnerships.standing import State
from tests.clock import at, just_before, midnight
from tests.desk.test_queries import queries
from tests.factories import make_goal, walk_to


@pytest.fixture
def goal(partnership, alice):
    return fresh(make_goal(partnership, by=alice))


def fresh(goal):
    partnership = Partnership.objects.with_sides().get(pk=goal.partnership_id)
    return partnership.goals.with_measurements().get(pk=goal.pk)


def url(name, goal, *more):
    return reverse(f"partnerships:{name}", args=[goal.partnership_id, goal.pk, *more])


def list_url(partnership):
    return reverse("partnerships:goals", args=[partnership.pk])


def today(goal, days=0):
    return goal.partnership.district.today() + timedelta(days=days)


def said(goal, **more):
    return {
        "what": "Fewer absences",
        "for_whom": ["students", "community"],
        "measure": "Days missed in a month",
        "unit": "days",
        "direction": "less",
        "starts_on": "2026-01-31",
        "starting_value": "1,250.5",
        "target": "1,000",
        "due_on": "2027-01-31",
        "serves": "The district's attendance goal",
        "say": "Asked at the family evening.",
        **more,
    }


def sentences(partnership):
    return [strip_tags(event.sentence) for event in partnership.events.all()]


# Setting and changing


@pytest.mark.parametrize("who", ["alice", "bob", "sam"])
def test_either_side_sets_a_goal(client, request, partnership, who):
    user = request.getfixturevalue(who)
    client.force_login(user)

    response = client.post(reverse("partnerships:add_goal", args=[partnership.pk]), said(None))

    goal = Goal.objects.get()
    assert response.url == goal.get_absolute_url()
    assert (goal.what, goal.measure, goal.unit) == (
        "Fewer absences",
        "Days missed in a month",
        "days",
    )
    assert (goal.starting_value, goal.target) == (Decimal("1250.5"), Decimal(1000))
    assert [one.value for one in goal.for_whom] == ["students", "community"]
    assert (goal.cycle, goal.made_by, goal.is_open) == (1, user, True)
    assert sentences(partnership)[0] == f"{user.name} set the goal “Fewer absences”"


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"what": " "}, "Say in a sentence what you want to reach."),
        ({"for_whom": []}, "Tick at least one."),
        ({"unit": ""}, "Enter a unit, such as “students”."),
        ({"target": "1,300"}, "Enter a target below the starting value."),
        ({"target": "1,250.5"}, "Enter a target below the starting value."),
        ({"direction": "more"}, "Enter a target above the starting value."),
        ({"due_on": "2026-01-31"}, "Enter a day after the one from which you count."),
        ({"starting_value": "NaN"}, "Enter a number such as 1,250.5."),
        ({"target": "1e999"}, "Enter a number such as 1,250.5."),
        ({"target": "1.250,5"}, "Enter a number such as 1,250.5."),
        ({"target": "9" * 30}, "Enter a number of at most 12 digits."),
        ({"starts_on": "soon"}, "Enter a date, such as 2027-01-31."),
    ],
)
def test_an_error_says_what_to_enter_and_keeps_what_was_typed(
    client, alice, partnership, more, error
):
    client.force_login(alice)

    page = client.post(
        reverse("partnerships:add_goal", args=[partnership.pk]), said(None, **more)
    ).content.decode()

    assert error in page
    assert "The district&#x27;s attendance goal" in page
    assert not Goal.objects.exists()


def test_on_a_vietnamese_page_numbers_are_typed_the_vietnamese_way(client, alice, partnership):
    alice.language = "vi"
    alice.save()
    client.force_login(alice)
    add = reverse("partnerships:add_goal", args=[partnership.pk])

    assert "1.250,5" in client.post(add, said(None)).content.decode()  # as a hint in the error
    client.post(add, said(None, starting_value="1.250,5", target="1.000"))

    goal = Goal.objects.get()
    assert (goal.starting_value, goal.target) == (Decimal("1250.5"), Decimal(1000))
    page = client.get(url("edit_goal", goal)).content.decode()
    assert 'value="1.250,5"' in page


def test_a_goal_is_changed_and_the_timeline_says_so(client, bob, goal):
    client.force_login(bob)

    client.post(url("edit_goal", goal), said(goal, seen_version=0))

    changed = fresh(goal)
    assert (changed.target, changed.direction, changed.version) == (Decimal(1000), "less", 1)
    assert [one.value for one in changed.for_whom] == ["students", "community"]
    assert sentences(goal.partnership)[0] == (
        "Bob Keller changed the goal “Fewer absences”. The target is 1,000 days now, before 40."
    )


def test_without_another_target_the_timeline_tells_of_none(client, bob, goal):
    client.force_login(bob)
    page = client.get(url("edit_goal", goal)).context["form"]
    same = {name: page[name].value() for name in page.fields}
    same["for_whom"] = [one.value for one in goal.for_whom]

    client.post(url("edit_goal", goal), same | {"what": "Fewer absences"})

    assert sentences(goal.partnership)[0] == "Bob Keller changed the goal “Fewer absences”"


def test_saving_it_unchanged_tells_nothing(client, bob, goal):
    client.force_login(bob)
    page = client.get(url("edit_goal", goal)).context["form"]
    same = {name: page[name].value() for name in page.fields}
    same["for_whom"] = [one.value for one in goal.for_whom]

    client.post(url("edit_goal", goal), same)

    assert "changed the goal" not in sentences(goal.partnership)[0]


def test_who_saves_second_sees_both(client, alice, bob, goal):
    client.force_login(alice)
    client.post(url("edit_goal", goal), said(goal, seen_version=0))
    client.force_login(bob)

    page = client.post(
        url("edit_goal", goal),
        said(goal, seen_version=0, target="900", for_whom=["teachers"]),
    ).content.decode()

    assert "What the other person saved" in page
    assert '<dd><div class="prose"><p>1,000</p>' in page
    assert 'value="900"' in page
    assert fresh(goal).target == 1000
    client.post(
        url("edit_goal", goal), said(goal, seen_version=1, target="900", for_whom=["teachers"])
    )
    assert fresh(goal).target == 900


def test_the_database_keeps_the_target_ahead_of_the_start(partnership, alice):
    for wrong in (
        {"target": 0},
        {"direction": "less"},
        {"due_on": partnership.district.today() - timedelta(days=50)},
        {"retired_in": 1},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_goal(partnership, by=alice, **wrong)


# Measuring


def test_a_number_is_noted(client, bob, goal):
    client.force_login(bob)

    client.post(
        url("measure", goal), {"on": today(goal).isoformat(), "value": "34", "note": "Survey"}
    )

    row = Measurement.objects.get()
    assert (row.on, row.value, row.note, row.by) == (today(goal), 34, "Survey", bob)
    assert sentences(goal.partnership)[0] == (
        "Bob Keller noted for the goal “Students find out which trades they like”:"
        f" 34 students on {by_number(today(goal), today(goal))}."
    )
    page = client.get(goal.get_absolute_url()).content.decode()
    assert "On the way: 34 of 40 " in strip_tags(page)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({"value": ""}, "Enter a number."),
        ({"value": "many"}, "Enter a number such as 1,250.5."),
        ({"value": "Infinity"}, "Enter a number such as 1,250.5."),
        ({"value": "3\x00"}, "Enter a number such as 1,250.5."),
        ({"on": ""}, "Enter the day."),
        ({"on": "+1"}, "Enter a day that is not ahead of today."),
        ({"on": "-51"}, "when counting began."),
        ({"note": "x" * 501}, "500"),
    ],
)
def test_what_cannot_be_noted_is_said_and_kept(client, bob, goal, data, error):
    client.force_login(bob)
    on = data.pop("on", "0")
    on = today(goal, int(on)).isoformat() if on else ""

    page = client.post(url("measure", goal), {"on": on, "value": "34", "note": "kept", **data})

    assert error in page.content.decode()
    assert not Measurement.objects.exists()


def test_the_same_number_of_the_same_day_is_noted_once(client, bob, goal):
    client.force_login(bob)
    data = {"on": today(goal).isoformat(), "value": "34"}
    client.post(url("measure", goal), data)

    again = client.post(url("measure", goal), {**data, "value": "34.00", "once": "another"})

    assert "noted for that day already" in again.content.decode()
    assert Measurement.objects.count() == 1


def test_of_two_numbers_of_a_day_the_later_counts(goal, alice):
    for value in (34, 12, 35):
        goal.note(on=today(goal), value=Decimal(value), by=alice)

    assert fresh(goal).standing.latest.value == 35


def test_an_earlier_day_entered_later_does_not_count_as_the_latest(goal, alice):
    goal.note(on=today(goal), value=Decimal(34), by=alice)
    goal.note(on=today(goal, -5), value=Decimal(3), by=alice)

    assert fresh(goal).standing.latest.value == 34


def test_reached_once_but_fallen_back_is_not_reached(goal, alice):
    goal.note(on=today(goal, -5), value=Decimal(40), by=alice)
    assert fresh(goal).standing.state == State.REACHED

    goal.note(on=today(goal), value=Decimal(19), by=alice)
    assert fresh(goal).standing.state == State.BEHIND


def test_what_was_counted_before_the_start_does_not_count(goal, alice):
    goal.note(on=today(goal, -5), value=Decimal(40), by=alice)
    Goal.objects.filter(pk=goal.pk).update(starts_on=today(goal, -4))

    assert fresh(goal).standing.state == State.NO_DATA


@pytest.mark.parametrize("zone", ["Asia/Ho_Chi_Minh", "America/Los_Angeles", "Pacific/Kiritimati"])
def test_days_are_those_of_the_district(goal, alice, zone):
    goal.partnership.district.timezone = zone
    goal.partnership.district.save()
    goal.note(on=goal.starts_on, value=Decimal(0), by=alice)
    last = goal.starts_on + timedelta(days=93)
    turn = midnight(zone, last.year, last.month, last.day)

    with at(just_before(turn)):
        assert fresh(goal).standing.today == last - timedelta(days=1)
        assert fresh(goal).standing.state == State.ON_THE_WAY
        assert fresh(goal).why_not_on(last)
    with at(turn):
        assert fresh(goal).standing.state == State.NO_DATA
        assert not fresh(goal).why_not_on(last)


# Correcting


@pytest.fixture
def row(goal, alice):
    return goal.note(on=today(goal, -3), value=Decimal(30), note="A guess", by=alice)


def test_a_correction_leaves_a_trace(client, bob, goal, row):
    client.force_login(bob)
    assert 'value="30"' in client.get(url("correct_measurement", goal, row.pk)).content.decode()

    client.post(
        url("correct_measurement", goal, row.pk),
        {"on": today(goal, -2).isoformat(), "value": "34", "note": "Counted", "seen": row.pk},
    )

    assert Measurement.objects.count() == 2
    (line,) = fresh(goal).lines
    assert (line.now.value, line.now.on, line.now.by) == (34, today(goal, -2), bob)
    assert line.before == [row]
    page = strip_tags(client.get(goal.get_absolute_url()).content.decode())
    assert re.search(r"Before: 30 on .* noted by Alice Moreno, .*\(A guess\)", page)
    told = sentences(goal.partnership)[0]
    assert "34 students on" in told
    assert "Before: 30 students on" in told


def test_a_number_is_taken_back(client, bob, goal, row):
    client.force_login(bob)

    client.post(
        url("take_back_measurement", goal, row.pk), {"note": "Counted twice", "seen": row.pk}
    )

    (line,) = fresh(goal).lines
    assert line.is_taken_back
    assert fresh(goal).counted == []
    assert fresh(goal).standing.state == State.NO_DATA
    page = client.get(goal.get_absolute_url()).content.decode()
    assert "Taken back" in page
    assert "Counted twice" in page
    assert "took back for the goal" in sentences(goal.partnership)[0]


def test_what_was_taken_back_cannot_be_corrected(client, bob, goal, row):
    client.force_login(bob)
    goal.take_back(row, by=bob)

    data = {"on": today(goal).isoformat(), "value": "3", "seen": row.pk}
    response = client.post(url("correct_measurement", goal, row.pk), data, follow=True)

    assert "This number was taken back." in response.content.decode()
    assert Measurement.objects.count() == 2


@pytest.mark.parametrize("name", ["correct_measurement", "take_back_measurement"])
def test_who_corrects_second_sees_what_stands_now(client, alice, bob, goal, row, name):
    goal.correct(row, on=row.on, value=Decimal(35), by=alice)
    client.force_login(bob)
    data = {"on": row.on.isoformat(), "value": "36", "seen": row.pk}

    page = client.post(url(name, goal, row.pk), data).content.decode()

    assert "Somebody corrected this while you were writing." in page
    assert "Now: 35 students" in strip_tags(page)
    assert Measurement.objects.count() == 2
    seen = re.search(r'name="seen" value="(\d+)"', page).group(1)
    client.post(url(name, goal, row.pk), {**data, "seen": seen})
    assert Measurement.objects.count() == 3


def test_rows_are_a_record(row):
    row.value = 5
    with pytest.raises(TypeError):
        row.save()
    with pytest.raises(TypeError):
        row.delete()


def test_a_row_of_another_goal_is_not_found(client, alice, goal, row):
    other = make_goal(goal.partnership, by=alice)
    client.force_login(alice)

    assert client.get(url("correct_measurement", other, row.pk)).status_code == 404


# Retiring


def test_a_goal_is_retired_and_taken_up_again(client, bob, goal):
    client.force_login(bob)
    assert "at least three" in client.post(url("retire_goal", goal), {"because": "no"}).text

    client.post(url("retire_goal", goal), {"because": "We count something else now"})

    retired = fresh(goal)
    assert (retired.is_open, retired.retired_in) == (False, 1)
    assert "We count something else now" in client.get(goal.get_absolute_url()).text
    for name in ("measure", "paste_measurements", "edit_goal", "retire_goal"):
        assert client.get(url(name, goal)).status_code == 403
    client.post(url("take_up_goal", goal))
    client.post(url("take_up_goal", goal))
    assert fresh(goal).is_open
    told = sentences(goal.partnership)
    assert len([one for one in told if "took up again the goal" in one]) == 1
    assert len([one for one in told if "retired the goal" in one]) == 1


def test_a_retired_goal_stays_as_it_stood(goal, alice):
    goal.note(on=today(goal), value=Decimal(34), by=alice)
    goal.retire("We count something else", by=alice)

    with at(datetime.now(UTC) + timedelta(days=300)):
        assert fresh(goal).standing.state == State.ON_THE_WAY


def test_and_so_does_one_of_an_ended_partnership(client, goal, alice):
    goal.note(on=today(goal), value=Decimal(34), by=alice)
    partnership = goal.partnership
    partnership.end(by=alice, drawn_for=partnership.last_move, reason="It has come to its end")
    client.force_login(alice)

    assert client.get(url("measure", goal)).status_code == 403
    assert client.get(goal.get_absolute_url()).status_code == 200
    assert client.get(list_url(partnership)).status_code == 200
    with at(datetime.now(UTC) + timedelta(days=300)):
        assert fresh(goal).standing.state == State.ON_THE_WAY


# Recommitting


@pytest.fixture
def at_the_end(running, alice):
    return walk_to(running, Stage.RECOMMIT, by=alice)


def recommitting(partnership, **more):
    return {
        "stage": "direction",
        "drawn_for": partnership.moves.last().pk,
        "reason": "We go on as we are",
        **more,
    }


def test_each_goal_is_carried_over_or_retired(client, alice, at_the_end):
    kept, dropped = (make_goal(at_the_end, by=alice, what=what) for what in ("Kept", "Dropped"))
    kept.note(on=today(kept), value=Decimal(34), by=alice)
    client.force_login(alice)
    recommit = reverse("partnerships:recommit", args=[at_the_end.pk])
    page = client.get(recommit).text
    assert "Kept" in page
    assert "On the way: 34 of 40" in page
    choice = {f"goal_{dropped.pk}": "retire"}

    refused = client.post(recommit, recommitting(at_the_end, **choice))
    assert "Say in a few words why they are retired." in refused.text
    assert re.search(rf'name="goal_{dropped.pk}" value="retire"[^>]*checked', refused.text)
    assert fresh(dropped).is_open
    client.post(
        recommit,
        recommitting(at_the_end, **choice, retired_because="We count something else now"),
    )

    assert at_the_end.goals.get(pk=kept.pk).is_open
    assert fresh(dropped).retired_in == 1
    assert fresh(dropped).retired_because == "We count something else now"
    partnership = Partnership.objects.get(pk=at_the_end.pk)
    assert partnership.cycle == 2
    assert [goal.what for goal in partnership.goals.of_cycle(1)] == ["Kept", "Dropped"]
    assert [goal.what for goal in partnership.goals.of_cycle(2)] == ["Kept"]
    told = sentences(partnership)
    assert "Alice Moreno carried over to the new cycle the goal “Kept”" in told
    assert "Alice Moreno retired the goal “Dropped”" in told
    for address in (
        f"{list_url(partnership)}?cycle=1",
        reverse("desk:cycle", args=[partnership.pk, 1]),
    ):
        page = client.get(address).text
        assert "Kept" in page
        assert "Dropped" in page
    assert "Dropped" not in client.get(list_url(partnership)).text


def test_a_goal_that_was_not_asked_about_is_carried_over(client, alice, at_the_end):
    goal = make_goal(at_the_end, by=alice)
    client.force_login(alice)

    client.post(reverse("partnerships:recommit", args=[at_the_end.pk]), recommitting(at_the_end))

    assert fresh(goal).is_open


def test_an_earlier_cycle_shows_how_they_stood_at_its_end(client, alice, at_the_end):
    goal = make_goal(at_the_end, by=alice)
    goal.note(on=today(goal), value=Decimal(34), by=alice)
    at_the_end.recommit(
        Stage.DIRECTION, by=alice, drawn_for=at_the_end.last_move, reason="We go on together"
    )

    with at(datetime.now(UTC) + timedelta(days=20)):
        client.force_login(alice)
        goal = fresh(goal)
        goal.note(on=today(goal), value=Decimal(40), by=alice)
        assert "Reached" in client.get(list_url(at_the_end)).text
        for address in (
            f"{list_url(at_the_end)}?cycle=1",
            f"{list_url(at_the_end)}?cycle=1&print",
            reverse("desk:cycle", args=[at_the_end.pk, 1]),
        ):
            page = client.get(address).text
            assert "On the way: 34 of 40" in page
            assert "Reached" not in page


# The list


@pytest.mark.parametrize("cycle", ["0", "9", "x", "-1", "٢", "9" * 5000])
def test_a_cycle_that_is_none_shows_the_present_one(client, alice, goal, cycle):
    client.force_login(alice)

    page = client.get(list_url(goal.partnership), {"cycle": cycle})

    assert page.status_code == 200
    assert goal.what in page.text


def test_an_empty_list_offers_the_first_step(client, alice, ada, partnership):
    client.force_login(alice)
    assert "Set a goal" in client.get(list_url(partnership)).text
    client.force_login(ada)
    assert "Set a goal" not in client.get(list_url(partnership)).text


def test_the_list_is_paged_and_printed_whole(client, alice, partnership):
    for number in range(27):
        make_goal(partnership, by=alice, what=f"Goal no. {number}.")
    client.force_login(alice)

    assert client.get(list_url(partnership)).text.count("Goal no. ") == 25
    assert client.get(list_url(partnership), {"page": 2}).text.count("Goal no. ") == 2
    assert client.get(list_url(partnership), {"print": ""}).text.count("Goal no. ") == 27


def test_pages_take_few_queries_and_no_more_with_more_rows(client, alice, goal):
    client.force_login(alice)
    goal.note(on=today(goal), value=Decimal(1), by=alice)
    addresses = [list_url(goal.partnership), goal.get_absolute_url()]
    before = [queries(client, address) for address in addresses]

    for _number in range(10):
        other = make_goal(goal.partnership, by=alice)
        for value in range(5):
            other.note(on=today(goal), value=Decimal(value), by=alice)
            goal.note(on=today(goal, -value), value=Decimal(value), by=alice)

    assert [queries(client, address) for address in addresses] == before
    assert before[0] <= 8
    assert before[1] <= 10


def test_standing_asks_no_more_than_was_fetched(goal, alice):
    goal.note(on=today(goal), value=Decimal(1), by=alice)
    goals = list(goal.partnership.goals.with_measurements())

    with CaptureQueriesContext(connection) as captured:
        assert [one.standing.state for one in goals] == [State.BEHIND]
    assert len(captured) == 0


def test_who_had_a_say_can_be_asked(goal, partnership, alice):
    heard = make_goal(partnership, by=alice, say="The student council chose it.")

    assert list(Goal.objects.without_a_voice()) == [goal]
    assert heard.say


# The chart

WIDTH_OF_A_LETTER = 7  # at 13 px


def test_it_is_drawn_without_styles_or_scripts(goal, alice):
    goal.note(on=today(goal), value=Decimal("12.5"), by=alice)

    for drawing in drawings(fresh(goal)):
        root = ET.fromstring(drawing)  # noqa: S314  # our own
        tags = {node.tag.split("}")[-1] for node in root.iter()}
        assert not tags & {"style", "script", "image", "foreignObject", "a"}
        assert not any("style" in node.attrib for node in root.iter())
        assert root.get("role") == "img"
        labels = root.get("aria-labelledby").split()
        texts = {node.get("id"): node.text for node in root.iter() if node.get("id")}
        assert texts[labels[0]] == goal.measure
        assert "12.5 of 40 students" in texts[labels[1]]
        assert "http" not in drawing.replace("http://www.w3.org/2000/svg", "")


def test_the_last_label_is_not_cut_off(partnership, alice):
    """It stands where it would need the most room: at the very end of the days."""
    goal = make_goal(partnership, by=alice, starts_on=date(2026, 1, 1), due_on=date(2027, 1, 1))

    for drawing in drawings(fresh(goal)):
        root = ET.fromstring(drawing)  # noqa: S314  # our own
        plot = next(node for node in root.iter() if node.get("class") == "plot")
        left = float(plot.get("transform").split("(")[1].split(",")[0])
        ends = [
            left + float(node.get("x")) + len(node.text) * WIDTH_OF_A_LETTER / 2
            for node in root.iter("{http://www.w3.org/2000/svg}text")
            if node.text.endswith("2027")
        ]
        assert ends
        assert max(ends) <= float(root.get("viewBox").split()[2])


def test_words_in_it_are_words_and_no_html(partnership, alice):
    goal = make_goal(partnership, by=alice, measure="<script>alert(1)</script>", unit="<i>")

    assert "<script" not in "".join(drawings(fresh(goal)))


@pytest.mark.parametrize(
    "numbers",
    [
        {"starting_value": Decimal("-999999999999.99"), "target": Decimal("999999999999.99")},
        {"starting_value": Decimal("0"), "target": Decimal("0.01")},
        {"starting_value": Decimal(5), "target": Decimal(-5), "direction": "less"},
    ],
)
@pytest.mark.parametrize("days", [1, 20, 45, 400, 4000, 40_000])
@pytest.mark.parametrize("language", ["en", "vi"])
def test_it_can_be_drawn_whatever_the_numbers(partnership, alice, numbers, days, language):
    start = partnership.district.today()
    due_on = start + timedelta(days=days)
    goal = make_goal(partnership, by=alice, starts_on=start, due_on=due_on, **numbers)
    goal.note(on=start, value=numbers["target"], by=alice)

    with translation.override(language):
        for drawing in drawings(fresh(goal)):
            ET.fromstring(drawing)  # noqa: S314  # our own
            assert "nan" not in drawing.lower()


def test_its_labels_speak_the_language_of_the_page(partnership, alice):
    goal = make_goal(partnership, by=alice, target=4000)

    assert "4,000" in drawings(fresh(goal))[0]
    with translation.override("vi"):
        assert "4.000" in drawings(fresh(goal))[0]


def test_the_pages_are_light(client, alice, goal):
    from tests.desk.test_weight import MOST, weight

    for number in range(50):
        goal.note(on=today(goal, -number), value=Decimal(number), note="As usual", by=alice)
    client.force_login(alice)

    assert weight(client, goal.get_absolute_url()) <= MOST
    assert weight(client, list_url(goal.partnership)) <= MOST
