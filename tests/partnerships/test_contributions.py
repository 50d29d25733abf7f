"""Give and take: what was promised and given, by hand; who writes it; what stays when it is corrected."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from partnerships.giving import Cycles, GiveAndTake, sums_of
from partnerships.models import Contribution, Delivery, Gain, GivingRefused, Partnership
from partnerships.models.contributions import Standing
from partnerships.stages import Stage, Status
from partnerships.table import join, leave
from tests.factories import PartnerFactory, walk_to


def put_in(partnership, side=0, *, by, given=(), **fields) -> Contribution:
    """One contribution of the school (0) or the partner (1), with what was given of it."""
    party = list(partnership.parties.all())[side]
    party.partnership = partnership
    said = {"kind": "time", "what": "Mentors on Thursdays", "unit": "hours"} | fields
    one = Contribution(partnership=partnership, party=party, **said)
    one.enter(by=by)
    for amount in given:
        one.deliver(Decimal(amount), on=partnership.district.today(), by=by)
    return again(one)


def again(contribution) -> Contribution:
    return Contribution.objects.with_deliveries().get(pk=contribution.pk)


def told(partnership) -> list[str]:
    return [event.sentence for event in partnership.events.order_by("pk")]


def address(name, partnership, *keys):
    return reverse(f"partnerships:{name}", args=[partnership.pk, *keys])


STANDINGS = [
    # promised, given, where it stands, is it open
    ("20", [], Standing.PROMISED, True),
    ("20", ["5"], Standing.PARTLY_GIVEN, True),
    ("20", ["5", "14.99"], Standing.PARTLY_GIVEN, True),
    ("20", ["5", "15"], Standing.GIVEN, False),
    ("0.30", ["0.10", "0.20"], Standing.GIVEN, False),  # no rounding as with binary fractions
    ("20", ["5", "15.01"], Standing.MORE_GIVEN, False),
    (None, ["3"], Standing.NOT_PROMISED, False),
    (None, [], Standing.NOTHING, False),
]


@pytest.mark.parametrize(("promised", "given", "standing", "is_open"), STANDINGS)
def test_where_a_contribution_stands(partnership, alice, promised, given, standing, is_open):
    promised = Decimal(promised) if promised else None
    one = put_in(partnership, by=alice, promised=promised, given=given)

    assert (one.standing, one.is_open) == (standing, is_open)


@pytest.mark.parametrize(
    ("due", "given", "is_late"),
    [(-1, ["5"], True), (-1, [], True), (0, [], False), (1, [], False), (-1, ["20"], False)],
)
def test_it_is_late_when_its_day_is_past_and_not_all_is_given(
    partnership, alice, due, given, is_late
):
    due_on = partnership.district.today() + timedelta(days=due)
    one = put_in(partnership, by=alice, promised=Decimal(20), due_on=due_on, given=given)

    assert one.is_late is is_late


def test_what_was_taken_back_is_not_late_and_promises_nothing_but_what_was_given_counts(
    partnership, alice
):
    due_on = partnership.district.today() - timedelta(days=3)
    one = put_in(partnership, by=alice, promised=Decimal(20), due_on=due_on, given=["5"])

    one.take_back("The room is being rebuilt", by=alice)

    one = again(one)
    assert (one.standing, one.is_late) == (Standing.TAKEN_BACK, False)
    assert (one.counted_promise, one.given) == (0, 5)
    with pytest.raises(GivingRefused):
        one.deliver(Decimal(1), on=due_on, by=alice)
    before = len(told(partnership))
    one.take_back("Once more, by somebody else", by=alice)
    assert (again(one).taken_back_because, len(told(partnership))) == (
        "The room is being rebuilt",
        before,
    )


def test_only_like_is_added_to_like(partnership, alice):
    rows = [
        put_in(partnership, by=alice, promised=Decimal(20), given=["5", "4"]),
        put_in(
            partnership, by=alice, promised=Decimal(10), given=["1"], is_estimate=True, basis="x"
        ),
        put_in(partnership, by=alice, promised=Decimal(2), unit="days"),
        put_in(
            partnership, by=alice, promised=Decimal(100), kind="money", unit="USD", given=["30"]
        ),
        put_in(partnership, by=alice, promised=Decimal(900000), kind="money", unit="VND"),
        put_in(partnership, by=alice, promised=Decimal(3), kind="goods", unit="Kits", given=["3"]),
        put_in(partnership, by=alice, promised=Decimal(4), kind="goods", unit="kits"),
        put_in(partnership, by=alice, promised=Decimal(3), kind="expertise", unit="hours"),
    ]

    found = [(one.kind.value, str(one.promised), str(one.given)) for one in sums_of(rows)]

    assert found == [
        ("money", "100 USD", "30 USD"),
        ("money", "900,000 VND", "0 VND"),
        ("goods", "7 Kits", "3 Kits"),
        ("time", "about 30 hours", "about 10 hours"),
        ("time", "2 days", "0 days"),
        ("expertise", "3 hours", "0 hours"),
    ]


def test_huge_amounts_add_up_without_loss(partnership, alice):
    rows = [
        put_in(
            partnership, by=alice, promised=Decimal("999999999999.99"), given=["999999999999.99"]
        )
        for _time in range(3)
    ]

    (total,) = sums_of(rows)

    assert str(total.promised) == str(total.given) == "2,999,999,999,999.97 hours"


def test_a_correction_is_a_row_of_its_own(partnership, alice, bob):
    one = put_in(partnership, 1, by=bob, promised=Decimal(100), given=["700"])
    (wrong,) = one.deliveries.all()

    wrong.contribution = one
    better = wrong.correct(Decimal(70), on=wrong.on, by=alice)

    assert again(one).given == 70
    assert [row.amount for row in one.deliveries.order_by("pk")] == [700, 70]
    with pytest.raises(GivingRefused):
        wrong.correct(Decimal(71), on=wrong.on, by=bob)
    better.contribution = one
    better.correct(None, on=wrong.on, by=bob)
    assert (again(one).given, again(one).standing) == (0, Standing.PROMISED)
    assert "700 hours" in told(partnership)[-2]
    assert "70 hours" in told(partnership)[-2]


def test_what_was_given_is_never_edited_or_deleted(partnership, alice):
    (row,) = put_in(partnership, by=alice, promised=Decimal(5), given=["1"]).deliveries.all()

    with pytest.raises(TypeError):
        row.save()
    with pytest.raises(TypeError):
        Delivery.objects.all().delete()


@pytest.mark.parametrize(
    "fields",
    [
        {"promised": Decimal(-1)},
        {"promised": Decimal(0)},
        {"is_estimate": True, "promised": Decimal(1)},
        {"due_on": "2027-01-31"},
    ],
)
def test_the_database_keeps_what_must_always_hold(partnership, alice, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        put_in(partnership, by=alice, **fields)


# The pages

TIME = {"kind": "time", "what": "Mentors on Thursdays", "unit": "hour", "promised": "1,250.50"}


def partner_of(partnership):
    return partnership.parties.last()


def test_a_partner_notes_what_it_puts_in(client, partnership, bob):
    client.force_login(bob)
    estimate = {"is_estimate": "on", "basis": "Two mentors, 25 weeks", "due_on": "2027-06-30"}

    answer = client.post(
        address("add_contribution", partnership, partner_of(partnership).pk), TIME | estimate
    )

    assert answer.url == address("give_and_take", partnership)
    one = Contribution.objects.get()
    assert (one.party, one.made_by, one.cycle) == (partner_of(partnership), bob, 1)
    assert (one.promised, one.unit, one.basis) == (
        Decimal("1250.50"),
        "hours",
        "Two mentors, 25 weeks",
    )
    assert told(partnership)[-1] == (
        "Bob Keller noted what Harbor Robotics puts in: “Mentors on Thursdays”"
    )
    page = client.get(answer.url).content.decode()
    assert "about 1,250.50 hours promised" in page


def test_what_was_given_without_a_promise_is_noted_in_one_go(client, partnership, bob):
    client.force_login(bob)
    bare = {"kind": "goods", "what": "Safety glasses", "unit": "pairs", "given": "28"}

    client.post(address("add_contribution", partnership, partner_of(partnership).pk), bare)

    one = Contribution.objects.with_deliveries().get()
    assert (one.standing, one.given) == (Standing.NOT_PROMISED, 28)
    assert one.deliveries.get().on == partnership.district.today()


@pytest.mark.parametrize(
    ("data", "field", "error"),
    [
        ({"kind": "blood"}, "kind", "Choose what kind it is."),
        ({"what": ""}, "what", "Write in a few words what it is."),
        ({"unit": " "}, "unit", "Enter what you count it in, such as hours or USD."),
        ({"promised": "a lot"}, "promised", "Enter a number, such as 1,250.50."),
        ({"promised": "9" * 40}, "promised", "Enter a number of at most 12 digits."),
        (
            {"promised": ""},
            "promised",
            "Enter how much is promised, or what was given already.",
        ),
        (
            {"promised": "", "given": "5", "due_on": "2027-01-31"},
            "promised",
            "Enter how much is promised for that day.",
        ),
        ({"is_estimate": "on"}, "basis", "Write what the estimate is based on."),
        (
            {"given": "5", "given_on": "2099-01-31"},
            "given_on",
            "Enter a day that is not in the future.",
        ),
    ],
)
def test_a_bad_form_says_what_to_enter(client, partnership, bob, data, field, error):
    client.force_login(bob)
    url = address("add_contribution", partnership, partner_of(partnership).pk)

    answer = client.post(url, TIME | data)

    assert answer.context["form"].errors == {field: [error]}
    assert not Contribution.objects.exists()


def test_vietnamese_numbers_are_typed_as_vietnamese_writes_them(client, partnership, bob):
    bob.language = "vi"
    bob.save()
    client.force_login(bob)
    url = address("add_contribution", partnership, partner_of(partnership).pk)

    refused = client.post(url, TIME)
    client.post(url, TIME | {"unit": "giờ", "promised": "1.250,50"})

    assert "Hãy nhập một số, ví dụ 1.250,50." in refused.content.decode()
    assert Contribution.objects.get().promised == Decimal("1250.50")
    assert Contribution.objects.get().unit == "hours"


def test_a_delivery_is_noted_and_corrected_on_its_page(client, partnership, bob):
    one = put_in(partnership, 1, by=bob, promised=Decimal(100))
    client.force_login(bob)
    today = partnership.district.today().isoformat()

    client.post(one.get_absolute_url(), {"amount": "700", "on": today, "note": "Five weeks"})
    row = one.deliveries.get()
    client.post(row.get_absolute_url(), {"amount": "70", "on": today, "note": "Five weeks"})
    late = client.post(row.get_absolute_url(), {"amount": "71", "on": today}, follow=True)

    assert again(one).given == 70
    assert "Somebody corrected this line meanwhile." in late.content.decode()
    page = client.get(one.get_absolute_url()).content.decode()
    assert "<del>700 hours</del>" in page
    assert "30 hours" in page  # still to come


def test_a_line_is_taken_back_whatever_stands_in_the_other_fields(client, partnership, bob):
    one = put_in(partnership, 1, by=bob, promised=Decimal(100), given=["700"])
    client.force_login(bob)
    data = {"amount": "", "on": partnership.district.today().isoformat(), "taken_back": "on"}

    client.post(one.deliveries.get().get_absolute_url(), data)

    assert again(one).given == 0


def test_a_change_tells_the_timeline_what_stood_there_before(client, partnership, bob, alice):
    one = put_in(partnership, 1, by=bob, promised=Decimal(100))
    client.force_login(bob)
    url = address("edit_contribution", partnership, one.pk)

    client.post(url, TIME | {"promised": "120", "unit": "days", "seen_version": 0})

    one = again(one)
    assert (one.promised, one.unit, one.version) == (120, "days", 1)
    assert told(partnership)[-1] == (
        "Bob Keller changed what Harbor Robotics puts in: “Mentors on Thursdays”. "
        "Before: What do you count it in? hours; How much is promised? 100."
    )
    with translation.override("vi"):
        assert "giờ" in told(partnership)[-1]
    events = partnership.events.count()
    client.post(url, TIME | {"promised": "120", "unit": "days", "seen_version": 1})
    assert partnership.events.count() == events  # nothing changed, nothing to tell


def test_who_saves_second_is_shown_what_the_other_saved(client, partnership, bob, alice):
    one = put_in(partnership, 1, by=bob, promised=Decimal(1000))
    url = address("edit_contribution", partnership, one.pk)
    for user, promised in ((alice, "1,100"), (bob, "1,200")):
        client.force_login(user)
        answer = client.post(url, TIME | {"promised": promised, "seen_version": 0})

    assert answer.status_code == 200
    assert answer.context["form"].conflict == [("How much is promised?", "1,100")]
    assert again(one).promised == 1100


def test_a_promise_cannot_be_emptied_while_nothing_was_given(client, partnership, bob):
    one = put_in(partnership, 1, by=bob, promised=Decimal(100))
    client.force_login(bob)

    answer = client.post(
        address("edit_contribution", partnership, one.pk),
        TIME | {"promised": "", "seen_version": 0},
    )

    assert answer.context["form"].errors == {"promised": ["Enter how much is promised."]}


def test_what_was_taken_back_is_kept_and_read_only(client, partnership, bob):
    one = put_in(partnership, 1, by=bob, promised=Decimal(100), given=["5"])
    client.force_login(bob)

    client.post(
        address("take_back_contribution", partnership, one.pk),
        {"reason": "The room is being rebuilt"},
    )

    page = client.get(address("give_and_take", partnership)).content.decode()
    assert "1 was taken back" in page
    assert "5 hours given" in page
    assert client.get(address("edit_contribution", partnership, one.pk)).status_code == 403
    assert "The room is being rebuilt" in client.get(one.get_absolute_url()).content.decode()


def test_gains_are_noted_changed_and_taken_back(client, partnership, bob):
    client.force_login(bob)
    url = address("add_gain", partnership, partner_of(partnership).pk)
    for what in ("Young people who know the trade.", "Neighbors who know us."):
        client.post(url, {"what": what})
    first, second = Gain.objects.all()

    client.post(first.get_absolute_url(), {"what": "Five interns a year.", "seen_version": 0})
    client.post(address("take_back_gain", partnership, second.pk), {"reason": "It was not so"})

    page = client.get(address("give_and_take", partnership)).content.decode()
    assert "Five interns a year." in page
    assert "Neighbors who know us." not in page
    assert told(partnership)[-2:] == [
        (
            "Bob Keller changed what Harbor Robotics gains: “Five interns a year.”. "
            "Before: “Young people who know the trade.”"
        ),
        "Bob Keller took back what Harbor Robotics gains: “Neighbors who know us.”",
    ]
    assert Gain.objects.get(pk=second.pk).taken_back_because == "It was not so"


WHO_WRITES = [  # for the school, for the partner
    ("alice", 200, 200),
    ("sam", 200, 403),
    ("bob", 403, 200),
    ("ada", 403, 403),
    ("charlie", 404, 404),
    ("dora", 404, 404),
]


@pytest.mark.parametrize(("name", "for_school", "for_partner"), WHO_WRITES)
def test_each_party_writes_its_own_and_coordinators_for_all(
    request, client, partnership, name, for_school, for_partner
):
    client.force_login(request.getfixturevalue(name))

    for party, status in zip(partnership.parties.all(), (for_school, for_partner), strict=True):
        for page in ("add_contribution", "add_gain"):
            assert client.get(address(page, partnership, party.pk)).status_code == status


def test_in_an_ended_partnership_all_is_read_only(client, partnership, alice):
    one = put_in(partnership, by=alice, promised=Decimal(5))
    Partnership.objects.filter(pk=partnership.pk).update(status=Status.ENDED)
    client.force_login(alice)

    page = client.get(address("give_and_take", partnership)).content.decode()

    assert "Add what it puts in" not in page
    assert "Note what was given" not in client.get(one.get_absolute_url()).content.decode()
    assert client.post(one.get_absolute_url(), {"amount": "1"}).status_code == 403


def test_an_empty_side_says_what_belongs_there_and_offers_the_first_step(client, partnership, bob):
    client.force_login(bob)

    page = client.get(address("give_and_take", partnership)).content.decode()

    assert page.count("here stands what this side has promised, and what it has given.") == 2
    assert page.count("Add what it puts in") == 1  # for his own side only
    assert "Across the table" not in page


def test_three_parties_stand_side_by_side_and_who_left_stays_readable(partnership, alice, district):
    third = PartnerFactory(district=district, name="Quiet Boats")
    join(partnership, third, by=alice)
    partnership = Partnership.objects.with_sides().get(pk=partnership.pk)
    put_in(partnership, 2, by=alice, promised=Decimal(8), given=["8"])
    names = [share.party.name for share in GiveAndTake(partnership, Cycles.THIS, alice).shares]
    assert names == ["Lincoln High School", "Harbor Robotics", "Quiet Boats"]

    party = partnership.parties.last()
    party.partnership = partnership
    leave(party, by=alice, reason="They have moved to another town")

    partnership = Partnership.objects.with_sides().get(pk=partnership.pk)
    page = GiveAndTake(partnership, Cycles.THIS, alice)
    assert [share.party.name for share in page.shares] == names
    assert [share.may_write for share in page.shares] == [True, True, False]
    ((_kind, cells),) = page.kinds
    assert [[str(one.given) for one in sums] for _share, sums in cells] == [[], [], ["8 hours"]]


def test_cycles_are_told_apart(client, partnership, alice):
    put_in(partnership, by=alice, promised=Decimal(5), what="In the first cycle")
    partnership = walk_to(partnership, Stage.RECOMMIT, by=alice)
    said = {"drawn_for": partnership.last_move, "reason": "We go on next year"}
    partnership.recommit(Stage.DIRECTION, by=alice, **said)
    partnership = Partnership.objects.with_sides().get(pk=partnership.pk)
    put_in(partnership, by=alice, promised=Decimal(6), what="In the second cycle")
    client.force_login(alice)
    url = address("give_and_take", partnership)

    def seen(query):
        page = client.get(url + query).content.decode()
        return ["In the first cycle" in page, "In the second cycle" in page]

    assert seen("") == [False, True]
    assert seen("?cycles=earlier") == [True, False]
    assert seen("?cycles=all") == seen("?cycles=all&print") == [True, True]
    assert seen("?cycles=nonsense") == [False, True]


def test_a_third_of_another_partnership_is_not_reached(client, partnership, alice, running, bob):
    one = put_in(running, by=alice, promised=Decimal(5))
    client.force_login(alice)

    assert client.get(address("contribution", partnership, one.pk)).status_code == 404


def queries(client, url) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_more_rows_take_no_more_queries(client, partnership, alice, bob):
    client.force_login(alice)
    url = address("give_and_take", partnership)
    one = put_in(partnership, by=alice, promised=Decimal(5), given=["1"])
    with_one = queries(client, url), queries(client, one.get_absolute_url())
    for side in (0, 1):
        for _time in range(5):
            put_in(partnership, side, by=bob, promised=Decimal(5), given=["1", "2"])
    one.deliver(Decimal(2), on=partnership.district.today(), by=bob)

    assert (queries(client, url), queries(client, one.get_absolute_url())) == with_one
    assert max(with_one) <= 8
