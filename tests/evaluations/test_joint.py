"""Questions that both sides answer: the veil, giving and changing, the agreed wording."""

import re

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluations.differences import difference
from evaluations.joint import JointSheet
from evaluations.models import (
    Answer,
    Assent,
    Giving,
    MovedOn,
    Question,
    QuestionSet,
    Wording,
    give,
    propose,
)
from partnerships.models import Partnership
from partnerships.stages import Stage
from tests.factories import PartnerFactory, PersonFactory, make_partnership

TEN = "ten-questions"
HTMX = {"HX-Request": "true"}
OURS, THEIRS = "OURS-canary: Wednesdays after one.", "THEIRS-canary: two mentors per group."


@pytest.fixture
def question(content):
    return Question.objects.get(set__key=TEN, set__district=None, key="q4")


@pytest.fixture
def ours(partnership):
    return partnership.school_party


@pytest.fixture
def theirs(partnership):
    return next(party for party in partnership.parties.all() if party.partner_id)


@pytest.fixture
def url(partnership):
    return reverse("evaluations:joint", args=[partnership.pk, TEN])


def fresh(partnership):
    return Partnership.objects.with_sides().get(pk=partnership.pk)


def sheet_for(user, partnership, key=TEN) -> JointSheet:
    sets = QuestionSet.objects.for_district(partnership.district_id).with_questions()
    return JointSheet(sets.get(key=key), fresh(partnership), user)


def seen_by(user, partnership, question):
    return sheet_for(user, partnership).find(question.pk)


def voice_of(user, partnership, question, party):
    one = seen_by(user, partnership, question)
    return next(voice for voice in one.voices if voice.party == party)


def address(name, partnership, question, party):
    return reverse(f"evaluations:{name}", args=[partnership.pk, TEN, question.pk, party.pk])


def typed(question, party, text, version=0, **more):
    prefix = f"q{question.pk}p{party.pk}"
    return {f"{prefix}-text": text, f"{prefix}-version": version, **more}


def worded(question, text, seen, act="agree"):
    return {f"w{question.pk}-text": text, f"w{question.pk}-seen": seen, "act": act}


# The veil


def pages(client, partnership, question):
    """Everything that a reader can open about a question."""
    args = [partnership.pk, TEN]
    addresses = [
        reverse("evaluations:joint", args=args),
        reverse("evaluations:joint_question", args=[*args, question.pk]),
        reverse("evaluations:print_joint", args=args),
        reverse("partnerships:timeline", args=[partnership.pk]),
        partnership.get_absolute_url(),
        "/",
    ]
    return "".join(client.get(address).content.decode() for address in addresses)


@pytest.mark.parametrize("reader", ["alice", "bob", "sam", "ada", "ola"])
def test_a_draft_is_seen_by_its_own_side_only(
    request, client, partnership, question, theirs, bob, reader
):
    Answer.write(question, theirs, THEIRS, by=bob, cycle=partnership.cycle)
    client.force_login(request.getfixturevalue(reader))

    assert ("THEIRS-canary" in pages(client, partnership, question)) is (reader == "bob")


@pytest.mark.parametrize("reader", ["alice", "bob", "sam", "ada", "ola"])
def test_an_answer_given_first_stays_behind_the_veil(
    request, client, partnership, question, theirs, bob, reader
):
    give(question, theirs, THEIRS, by=bob)
    client.force_login(request.getfixturevalue(reader))

    said = pages(client, partnership, question)

    assert ("THEIRS-canary" in said) is (reader == "bob")


@pytest.mark.parametrize("reader", ["alice", "bob", "sam", "ada", "ola"])
def test_the_veil_lifts_for_all_when_every_side_has_given(
    request, client, partnership, question, ours, theirs, alice, bob, reader
):
    give(question, theirs, THEIRS, by=bob)
    give(question, ours, OURS, by=alice)
    client.force_login(request.getfixturevalue(reader))

    said = pages(client, partnership, question)

    assert "THEIRS-canary" in said
    assert "OURS-canary" in said


def test_it_lifts_question_by_question(partnership, question, ours, theirs, alice, bob):
    other = Question.objects.get(set__key=TEN, set__district=None, key="q5")
    give(question, theirs, THEIRS, by=bob)
    give(question, ours, OURS, by=alice)
    give(other, theirs, THEIRS, by=bob)

    assert seen_by(alice, partnership, question).is_lifted
    assert voice_of(alice, partnership, other, theirs).is_behind_the_veil


def test_not_relevant_counts_as_an_answer(partnership, question, ours, theirs, alice, bob):
    give(question, theirs, "", by=bob, not_relevant=True)
    give(question, ours, OURS, by=alice)

    assert voice_of(alice, partnership, question, theirs).giving.not_relevant
    assert voice_of(bob, partnership, question, ours).giving.text == OURS


def test_what_was_typed_before_not_relevant_is_not_given(
    partnership, question, ours, theirs, alice, bob
):
    give(question, theirs, THEIRS, by=bob, not_relevant=True)
    give(question, ours, OURS, by=alice)

    assert voice_of(alice, partnership, question, theirs).giving.text == ""
    assert Answer.objects.get(party=theirs).text == THEIRS


def test_with_three_parties_it_waits_for_the_third(
    client, partnership, question, ours, theirs, alice, bob
):
    third = partnership.parties.create(
        partner=PartnerFactory(district=partnership.district), position=3
    )
    give(question, theirs, THEIRS, by=bob)
    give(question, ours, OURS, by=alice)
    assert voice_of(alice, partnership, question, theirs).is_behind_the_veil

    third.partnership = fresh(partnership)
    give(question, third, "Third-canary", by=alice)
    assert voice_of(alice, partnership, question, theirs).giving.text == THEIRS


def test_each_cycle_asks_anew(running, question, alice, bob):
    ours, theirs = running.parties.all()
    for party, text, user in ((ours, OURS, alice), (theirs, THEIRS, bob)):
        party.partnership = running
        give(question, party, text, by=user)
    running.move_to(
        Stage.RECOMMIT, by=alice, drawn_for=running.last_move, reason="We have talked about it"
    )
    running.recommit(
        Stage.DIRECTION, by=alice, drawn_for=running.last_move, reason="We have talked about it"
    )

    assert not seen_by(alice, running, question).is_lifted
    assert voice_of(bob, running, question, theirs).giving is None


SPEAKERS = st.integers(0, 2)
ACTS = st.lists(
    st.tuples(SPEAKERS, st.sampled_from(["draft", "give", "not-relevant"]), st.integers(0, 99)),
    max_size=12,
)


@settings(max_examples=40)
@given(acts=ACTS)
def test_nobody_reads_early_whatever_the_order(three_sides, question, acts):
    """Drafts, giving and changing in any order by three parties: read is only what may be read."""
    Giving.objects.all()._raw_delete("default")
    Answer.objects.all().delete()
    partnership, sides = three_sides
    given, drafts = {}, {}
    for who, act, number in acts:
        party, user = sides[who]
        party.partnership = partnership
        text = f"secret-{who}-{act}-{number}"
        drafts[who] = text
        if act == "draft":
            Answer.write(question, party, text, by=user, cycle=partnership.cycle)
        else:
            give(question, party, text, by=user, not_relevant=act == "not-relevant")
            given[who] = "" if act == "not-relevant" else text

    for who, (_party, user) in enumerate(sides):
        read = texts_in(sheet_for(user, partnership).find(question.pk))
        lifted = len(given) == len(sides)
        own = {drafts.get(who), given.get(who)} | {text for text in read if f"-{who}-" in text}
        others = {text for one, text in given.items() if one != who} if lifted else set()
        assert others - {""} <= read
        foreign = read - own
        if not lifted:
            assert not foreign
        assert all("-give-" in text for text in foreign)


def texts_in(one) -> set[str]:
    """Every text that has come out of the database for a reader."""
    found = set()
    for voice in one.voices:
        for giving in (voice.giving, voice.earlier):
            found.add(giving.text if giving else "")
        if voice.form and voice.form.answer:
            found.add(voice.form.answer.text)
    return found - {""}


@pytest.fixture
def three_sides(partnership, alice, bob):
    partner = PartnerFactory(district=partnership.district)
    third = partnership.parties.create(partner=partner, position=3)
    carol = PersonFactory(partner=partner, user=alice.__class__.objects.create_user("c@x.example"))
    third.seat(carol, [], by=alice)
    found = fresh(partnership)
    ours, theirs, third = found.parties.all()
    return found, [(ours, alice), (theirs, bob), (third, carol.user)]


# Giving and changing


def test_a_coordinator_gives_on_the_page(client, alice, partnership, question, ours, url):
    client.force_login(alice)

    response = client.post(
        address("give", partnership, question, ours), typed(question, ours, OURS, act="give")
    )

    assert response.url == f"{url}#question-{question.pk}"
    giving = Giving.objects.get()
    assert (giving.text, giving.by, giving.how, giving.answer.party) == (OURS, alice, "here", ours)


def test_a_draft_is_kept_as_it_is_typed_and_not_given(client, bob, partnership, question, theirs):
    client.force_login(bob)

    response = client.post(
        address("give", partnership, question, theirs),
        typed(question, theirs, THEIRS),
        headers=HTMX,
    )

    assert "Draft kept" in response.content.decode()
    assert Answer.objects.get().text == THEIRS
    assert not Giving.objects.exists()


def test_nothing_cannot_be_given(client, bob, partnership, question, theirs):
    client.force_login(bob)

    response = client.post(
        address("give", partnership, question, theirs), typed(question, theirs, "", act="give")
    )

    assert "Write an answer, or mark the question as not relevant." in response.content.decode()
    assert "<title>Error:" in response.content.decode()
    assert not Giving.objects.exists()


def test_after_a_refusal_the_next_save_leads_back_to_the_page(
    client, bob, partnership, question, theirs, url
):
    """Nothing on the refused page leads to the address it was sent to, which takes no visits."""
    sent_to = address("give", partnership, question, theirs)
    one_by_one = reverse("evaluations:joint_question", args=[partnership.pk, TEN, question.pk])
    client.force_login(bob)

    for page in (url, one_by_one):
        refused = client.post(sent_to, typed(question, theirs, "", act="give", next=page))
        assert f'name="next" value="{page}"' in refused.content.decode()
        assert f'value="{sent_to}"' not in refused.content.decode()
    elsewhere = typed(question, theirs, "", act="give", next="https://elsewhere.example/")
    assert f'name="next" value="{url}"' in client.post(sent_to, elsewhere).content.decode()


def test_nobody_speaks_for_the_other_side(client, alice, bob, partnership, question, ours, theirs):
    for user, party in ((bob, ours), (alice, theirs)):
        client.force_login(user)
        response = client.post(
            address("give", partnership, question, party), typed(question, party, "x", act="give")
        )
        assert response.status_code == 403
    assert not Answer.objects.exists()


def test_giving_the_same_again_changes_nothing(partnership, question, ours, alice):
    give(question, ours, OURS, by=alice)
    give(question, ours, OURS, by=alice)

    assert Giving.objects.count() == 1
    assert partnership.events.filter(kind__startswith="answer_").count() == 1


def test_a_change_before_the_veil_lifts_leaves_no_trace(
    client, partnership, question, ours, theirs, alice, bob
):
    give(question, theirs, "A first thought", by=bob)
    give(question, theirs, THEIRS, by=bob)
    give(question, ours, OURS, by=alice)
    client.force_login(alice)

    assert voice_of(alice, partnership, question, theirs).earlier is None
    assert "A first thought" not in pages(client, partnership, question)


def test_a_change_after_it_has_lifted_is_shown_with_the_earlier_text(
    client, partnership, question, ours, theirs, alice, bob, url
):
    give(question, ours, OURS, by=alice)
    give(question, theirs, THEIRS, by=bob)
    give(question, theirs, "Three mentors after all", by=bob)
    client.force_login(alice)

    voice = voice_of(alice, partnership, question, theirs)
    said = client.get(url).content.decode()

    assert (voice.giving.text, voice.earlier.text) == ("Three mentors after all", THEIRS)
    assert "Changed since." in said
    assert "THEIRS-canary" in said


def test_two_of_one_side_in_one_box_both_see_both(client, alice, sam, partnership, question, ours):
    client.force_login(alice)
    url = address("give", partnership, question, ours)
    client.post(url, typed(question, ours, "Alice wrote this"))
    client.force_login(sam)

    said = client.post(url, typed(question, ours, "Sam wrote that", act="give")).content.decode()

    assert "Alice wrote this" in said
    assert "Sam wrote that" in said
    assert not Giving.objects.exists()
    assert Answer.objects.get().text == "Alice wrote this"


def test_an_ended_partnership_is_read_only(client, alice, running, question):
    running.end(by=alice, drawn_for=running.last_move, reason="The company moves away")
    party = running.school_party
    client.force_login(alice)

    response = client.post(
        address("give", running, question, party), typed(question, party, OURS, act="give")
    )

    assert response.status_code == 403
    assert client.get(reverse("evaluations:joint", args=[running.pk, TEN])).status_code == 200


def test_the_timeline_tells_that_but_not_what(client, partnership, question, theirs, bob, alice):
    give(question, theirs, THEIRS, by=bob)
    client.force_login(alice)

    said = client.get(reverse("partnerships:timeline", args=[partnership.pk])).content.decode()

    assert "gave the answer of" in said
    assert "THEIRS-canary" not in said


# What we agree


@pytest.fixture
def lifted(partnership, question, ours, theirs, alice, bob):
    give(question, ours, OURS, by=alice)
    give(question, theirs, THEIRS, by=bob)
    return partnership


def latest(question):
    return Wording.objects.last()


def test_nothing_is_agreed_behind_the_veil(client, alice, partnership, question, ours):
    give(question, ours, OURS, by=alice)
    client.force_login(alice)

    response = client.post(
        address("word", partnership, question, ours), worded(question, "Let us", 0)
    )

    assert response.status_code == 403
    assert not Wording.objects.exists()


def test_agreeing_to_ones_own_words_proposes_them(
    client, alice, bob, lifted, question, ours, theirs
):
    client.force_login(alice)
    client.post(address("word", lifted, question, ours), worded(question, "Two groups of ten", 0))

    one = seen_by(bob, lifted, question)
    assert one.wording.text == "Two groups of ten"
    assert [bool(voice.assent) for voice in one.voices] == [True, False]
    assert not one.is_agreed
    assert one.waits_for_me

    client.force_login(bob)
    client.post(address("word", lifted, question, theirs), worded(question, "Two groups of ten", 1))
    one = seen_by(bob, lifted, question)
    assert one.is_agreed
    assert one.state == "agreed"
    assert lifted.events.filter(kind="agreed").count() == 1


def test_a_change_of_wording_clears_the_assents(lifted, question, ours, theirs, alice, bob):
    wording = propose(question, ours, "Two groups of ten", by=alice, seen=0)
    wording.assent(ours, by=alice)
    wording.assent(theirs, by=bob)
    assert seen_by(alice, lifted, question).is_agreed

    propose(question, theirs, "Two groups of twelve", by=bob, seen=1)

    one = seen_by(alice, lifted, question)
    assert not one.is_agreed
    assert [voice.assent for voice in one.voices] == [None, None]
    assert Assent.objects.count() == 2  # what was said is not taken back


def test_nobody_assents_to_what_they_have_not_seen(
    client, alice, bob, lifted, question, ours, theirs
):
    """Bob's page shows the first wording; alice changes it; bob presses the button."""
    propose(question, ours, "Two groups of ten", by=alice, seen=0)
    propose(question, ours, "Two groups of twenty", by=alice, seen=1)
    client.force_login(bob)

    response = client.post(
        address("word", lifted, question, theirs), worded(question, "Two groups of ten", 1)
    )

    said = response.content.decode()
    assert "Somebody proposed another wording while you wrote." in said
    assert "Two groups of twenty" in said
    assert "Two groups of ten</textarea>" in said
    assert not Assent.objects.exists()
    assert latest(question).text == "Two groups of twenty"


def test_an_assent_is_to_the_latest_wording_only(lifted, question, ours, theirs, alice, bob):
    first = propose(question, ours, "Two groups of ten", by=alice, seen=0)
    propose(question, ours, "Two groups of twenty", by=alice, seen=1)

    with pytest.raises(MovedOn):
        first.assent(theirs, by=bob)


def test_the_same_words_again_are_no_new_wording(lifted, question, ours, theirs, alice, bob):
    propose(question, ours, "Two groups of ten", by=alice, seen=0)
    again = propose(question, theirs, "Two groups of ten", by=bob, seen=1)

    assert again.number == 1
    assert Wording.objects.count() == 1


def test_the_difference_is_shown_word_by_word(client, alice, lifted, question, ours, theirs, bob):
    propose(question, ours, "Two groups of <ten>", by=alice, seen=0)
    propose(question, theirs, "Two groups of <twelve>", by=bob, seen=1)
    client.force_login(alice)

    said = client.get(reverse("evaluations:joint", args=[lifted.pk, TEN])).content.decode()

    assert "Two groups of <del>&lt;ten&gt;</del><ins>&lt;twelve&gt;</ins>" in said


def test_a_long_text_is_compared_word_by_word_where_its_sentences_differ():
    text = "".join(f"This is sentence number {number} of many. " for number in range(250))

    said = str(difference(text, text.replace("number 200", "number two hundred")))

    assert said.count("<del>") == said.count("<ins>") == 1
    assert "number <del>200</del><ins>two hundred</ins> of many" in said


def test_nonsense_of_ten_thousand_letters_is_not_taken_apart():
    said = str(difference("a b " * 2500, "b a " * 2500))

    assert said == f"<del>{'a b ' * 2500}</del><ins>{'b a ' * 2500}</ins>"


@given(before=st.text(max_size=40), after=st.text(max_size=40))
def test_a_difference_loses_nothing(before, after):
    said = str(difference(before, after))
    gone = re.sub(r"<ins>.*?</ins>", "", said, flags=re.DOTALL)
    come = re.sub(r"<del>.*?</del>", "", said, flags=re.DOTALL)

    def plain(html):
        from html import unescape

        return unescape(re.sub(r"</?(ins|del)>", "", html))

    assert plain(gone).split() == before.split()
    assert plain(come).split() == after.split()


# For those without a login


@pytest.fixture
def alone(school, alice):
    """A partnership whose partner has nobody with a login."""
    return make_partnership(school=school, by=alice)


def test_a_coordinator_enters_what_was_said_on_paper(client, alice, alone, question):
    theirs = alone.parties.get(school=None)
    client.force_login(alice)

    client.post(
        address("spoken", alone, question, theirs),
        {"how": "paper", "speaker": "Old Mr. Finch", "text": THEIRS},
    )

    giving = Giving.objects.get()
    assert (giving.how, giving.speaker, giving.by, giving.text) == (
        "paper",
        "Old Mr. Finch",
        alice,
        THEIRS,
    )


def test_nothing_else_can_be_slipped_in_with_it(client, alice, alone, question):
    theirs = alone.parties.get(school=None)
    client.force_login(alice)

    client.post(
        address("spoken", alone, question, theirs),
        {"how": "here", "speaker": "x", "text": "Yes"},
    )
    assert not Giving.objects.exists()  # "in Alongside" is not offered

    client.post(
        address("spoken", alone, question, theirs),
        {
            "how": "phone",
            "speaker": "Thu\u031b",
            "text": "Yes",
            "by": 99,
            "party": 99,
            "cycle": 9,
            "at": "2001-01-31",
        },
    )
    giving = Giving.objects.get()
    assert (giving.speaker, giving.by, giving.answer.party) == ("Th\u01b0", alice, theirs)
    assert giving.answer.cycle == alone.cycle
    assert giving.at.year > 2020


def test_a_wording_before_any_other_needs_no_number(client, alice, lifted, question, ours):
    """The number that a page carries is only compared where there is a wording."""
    client.force_login(alice)

    client.post(address("word", lifted, question, ours), worded(question, "Let us", "1_0"))

    assert Wording.objects.get().number == 1


def test_and_that_they_agreed_by_phone(client, alice, alone, question):
    ours, theirs = fresh(alone).parties.all()
    for party in (ours, theirs):
        party.partnership = alone
        give(question, party, "Yes", by=alice)
    propose(question, ours, "Two groups of ten", by=alice, seen=0).assent(ours, by=alice)
    client.force_login(alice)

    client.post(
        address("spoken", alone, question, theirs), {"how": "phone", "speaker": "Old Mr. Finch"}
    )

    assert seen_by(alice, alone, question).is_agreed
    assert Assent.objects.get(party=theirs).how == "phone"


def test_who_can_speak_is_not_spoken_for(client, alice, partnership, question, theirs):
    client.force_login(alice)

    response = client.post(
        address("spoken", partnership, question, theirs),
        {"how": "paper", "speaker": "Bob Keller", "text": "We pay for all of it"},
    )

    assert response.status_code == 403
    assert not Giving.objects.exists()


def test_it_must_be_said_who_said_it(client, alice, alone, question):
    theirs = alone.parties.get(school=None)
    client.force_login(alice)

    response = client.post(address("spoken", alone, question, theirs), {"text": "Yes"})

    assert response.context["form"].errors == {
        "how": ["Choose how they said it."],
        "speaker": ["Enter the name of the person who said it."],
    }


# Sheets, counts, and one at a time


def test_the_sheet_is_in_both_languages_and_blank_if_wanted(client, bob, lifted, question):
    client.force_login(bob)
    url = reverse("evaluations:print_joint", args=[lifted.pk, TEN])

    filled, blank = (client.get(url + query).content.decode() for query in ("", "?blank"))

    for said in (filled, blank):
        assert question.text_en in said
        assert question.text_vi in said
    assert "OURS-canary" in filled
    assert "OURS-canary" not in blank


def test_the_counts_on_top(lifted, alice, bob, ours, theirs):
    other = Question.objects.get(set__key=TEN, set__district=None, key="q5")
    give(other, theirs, "Given by bob", by=bob)

    assert sheet_for(alice, lifted).counts == {"agreed": 0, "ready": 1, "mine": 9, "all": 10}
    assert sheet_for(bob, lifted).waited_for == [(ours, 9)]


def test_going_from_question_to_question(client, alice, partnership, question):
    client.force_login(alice)
    url = reverse("evaluations:joint_question", args=[partnership.pk, TEN, question.pk])

    response = client.get(url)

    assert (response.context["previous"].number, response.context["next"].number) == (3, 5)


def test_who_sees_the_partnership_not_finds_nothing(client, dora, charlie, url):
    for user in (dora, charlie):
        client.force_login(user)
        assert client.get(url).status_code == 404


def test_the_number_of_queries_stays_the_same(
    client, alice, bob, partnership, ours, theirs, url, django_assert_max_num_queries
):
    client.force_login(alice)
    client.get(url)
    for question in Question.objects.filter(set__key=TEN, set__district=None).select_related("set"):
        give(question, ours, "Ours", by=alice)
        give(question, theirs, "Theirs", by=bob)
        propose(question, ours, "Both", by=alice, seen=0).assent(ours, by=alice)

    with django_assert_max_num_queries(15):
        client.get(url)


def test_the_tab_leads_to_the_first_question(client, bob, partnership):
    client.force_login(bob)
    first = Question.objects.get(set__key=TEN, set__district=None, key="q1")

    page = client.get(reverse("evaluations:questions", args=[partnership.pk])).text

    there = reverse("evaluations:joint_question", args=[partnership.pk, TEN, first.pk])
    assert f'href="{there}"' in page
