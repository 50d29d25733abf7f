"""The results of a debrief as a PDF, read with a second reader."""

import pytest
from django.urls import reverse

from desk.debrief_pdf import debrief_pdf
from evaluations.models import Comment, Notes, ResultStep
from evaluations.results import Results
from tests.debriefs import answered
from tests.desk.test_agreement_pdf import HOSTILE, read, structure, text_of
from tests.factories import PartnerFactory

KEEP = "Nhịp gặp vào thứ Tư hằng tuần rất tốt."


@pytest.fixture
def debrief(partnership, alice, bob):
    answered(partnership, 3, 3, 2, by=alice)
    debrief = answered(partnership, (5, {"q15": KEEP}), 4, (2, {"q6": 0, "q16": HOSTILE}), by=alice)
    ours, theirs = debrief.partnership.parties.all()
    said = "For us it is about time."
    Comment.say(debrief, "q1", theirs, said, by=bob, disagrees=True)
    Notes.propose(debrief, ours, "We share the calendar.", by=alice, seen=0)
    return debrief


def pdf(debrief, user, language):
    before = debrief.partnership.debriefs.get(number=1)
    return debrief_pdf(Results(debrief, before), user, language)


def test_it_says_the_numbers_in_english(debrief, alice):
    text = text_of(pdf(debrief, alice, "en"))

    for said in (
        "Lincoln High School: 2 of 2; Harbor Robotics: 1 of 1.",
        "Few people have answered here",
        "Talk about this first",
        "People with real standing speak up for this partnership.",
        "4.5",
        "4–5 (2)",
        "1 cannot say",
        "+1.5",
        "What next?",
        KEEP,
        "For us it is about time.",
        "We see it differently",
        "Here 1 is “Not at all” and 5 “All the way”.",
        "We share the calendar.",
        "Not every side has agreed to these notes yet.",
    ):
        assert said in text, said


def test_it_says_them_in_vietnamese(debrief, alice):
    text = text_of(pdf(debrief, alice, "vi"))

    for said in (
        "Những người có vị thế thật sự lên tiếng vì quan hệ đối tác này.",
        "Hãy trao đổi về điều này trước",
        "4,5",
        "+1,5",
        "Biên bản trao đổi",
    ):
        assert said in text, said
    assert read(pdf(debrief, alice, "vi")).root_object["/Lang"] == "vi"


def test_it_says_which_step_follows(debrief, alice):
    ResultStep.make(debrief, "q1", by=alice)

    assert "Step: Talk about: People with real standing" in text_of(pdf(debrief, alice, "en"))


def test_of_one_side_alone_it_compares_nothing(partnership, alice):
    debrief = answered(partnership, 4, 5, by=alice)

    text = text_of(debrief_pdf(Results(debrief), alice, "en"))

    assert "There is nothing to compare" in text
    assert "Harbor Robotics: 0 of 1." in text


def test_what_people_wrote_is_never_markup(debrief, alice):
    assert "#panic()" in text_of(pdf(debrief, alice, "en"))


def test_it_is_tagged_and_the_same_each_time(debrief, alice):
    once, again = pdf(debrief, alice, "en"), pdf(debrief, alice, "en")

    kinds = {element.get("/S") for element in structure(once)}
    assert {"/H1", "/H2", "/Table", "/TH"} <= kinds
    assert once == again


def test_it_is_a_file_to_keep(client, debrief, bob):
    client.force_login(bob)
    address = [debrief.partnership_id, debrief.number]

    response = client.get(reverse("desk:debrief_pdf", args=[*address, "vi"]))

    assert response["Content-Type"] == "application/pdf"
    assert "attachment" in response["Content-Disposition"]
    assert client.get(reverse("desk:debrief_pdf", args=[*address, "fr"])).status_code == 404


def test_nobody_answered(partnership, alice):
    debrief = answered(partnership, by=alice)

    assert "Nobody has answered." in text_of(debrief_pdf(Results(debrief), alice, "en"))


def test_more_than_two_sides(partnership, alice, district):
    partnership.parties.create(partner=PartnerFactory(district=district, name="City Library"))
    debrief = answered(partnership, 5, 4, 2, by=alice)

    assert "City Library" in text_of(debrief_pdf(Results(debrief), alice, "en"))
