"""The agreement: what it is drawn from, freezing, signing, and what is said about it."""

import hashlib
import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, models, transaction
from django.urls import reverse
from django.utils import translation

from desk.agreement import WORDS
from desk.agreement_text import Reading, changes
from evaluations.models import translate
from partnerships.models import (
    Agreement,
    AgreementDraft,
    AgreementRefused,
    Folder,
    Signature,
    Withdrawal,
)
from partnerships.models.agreement import signatures_waited_for
from partnerships.stages import MoveKind
from partnerships.table import join, leave
from tests.agreements import (
    PDF,
    again,
    agree,
    arrange,
    composed,
    draw_up,
    fresh,
    question,
    sign,
    sign_by_all,
    sign_on_paper,
)
from tests.factories import PartnerFactory, PersonFactory, UserFactory

TEXT = "Twelve students a term, in two groups."
VIETNAMESE = "Mười hai học sinh mỗi học kỳ, chia thành hai nhóm."
ENDING = "In writing, one term ahead."


@pytest.fixture
def ours(partnership):
    return partnership.school_party


@pytest.fixture
def theirs(partnership):
    return next(party for party in partnership.parties.all() if party.partner_id)


@pytest.fixture
def version(partnership, alice):
    agree(partnership, 4, TEXT, by=alice)
    return draw_up(partnership, by=alice)


def address(name, partnership, *args):
    return reverse(f"desk:{name}", args=[partnership.pk, *args])


def page(client, url, language="en") -> str:
    response = client.get(url, headers={"accept-language": language})
    assert response.status_code == 200
    return response.content.decode()


def keys(body) -> list[str]:
    return [part["key"] for part in body["parts"]]


def part(body, key) -> dict:
    return next(part for part in body["parts"] if part["key"] == key)


def said_at(client, url) -> list[str]:
    return [str(message) for message in client.get(url).context["messages"]]


# What it is drawn from


def test_it_is_drawn_from_what_is_there(partnership, alice):
    partnership.set_engagements(["visit"])
    partnership.starts_on, partnership.ends_on = "2026-09-10", "2027-06-23"
    partnership.save()
    agree(partnership, 4, TEXT, by=alice)
    arrange(
        partnership, rhythm="Every other Monday.", introductions={"people": "We know each other."}
    )

    body = composed(partnership).body

    assert keys(body) == ["purpose", "people", "questions", "engagements", "duration", "rhythm"]
    assert part(body, "purpose")["entries"][0]["text"] == {"own": partnership.purpose, "lang": "en"}
    people = part(body, "people")
    assert people["introduction"] == {"own": "We know each other.", "lang": "en"}
    assert [row["name"]["name"] for row in people["people"]] == [
        "Alice Moreno",
        "Sam Ortiz",
        "Bob Keller",
    ]
    assert people["people"][2]["roles"] == [
        {"en": "Champion", "vi": "Người dẫn dắt"},
        {"en": "Contact person", "vi": "Người liên hệ"},
    ]
    [entry] = part(body, "questions")["entries"]
    assert (entry["key"], entry["text"]) == ("q4", {"own": TEXT, "lang": "en"})
    assert entry["label"] == question(4).texts
    assert part(body, "engagements")["points"] == [
        {
            "key": "visit",
            "text": {"en": "A special visit once a year", "vi": "Một chuyến thăm đặc biệt mỗi năm"},
        }
    ]
    assert [fact["text"]["en"] for fact in part(body, "duration")["facts"]] == [
        "Thursday 10 September 2026",
        "Wednesday 23 June 2027",
    ]
    assert part(body, "rhythm")["entries"][0]["text"]["own"] == "Every other Monday."


def test_only_what_every_side_has_agreed_on_stands_in_it(partnership, ours, alice):
    agree(partnership, 3, "The bus.", by=alice)
    agree(partnership, 3, "The bus and the driver.", by=alice, parties=[ours])
    agree(partnership, 4, TEXT, by=alice)
    agree(partnership, 7, "By mail.", by=alice, parties=[ours])

    next_version = composed(partnership)

    assert [entry["key"] for entry in part(next_version.body, "questions")["entries"]] == ["q4"]
    assert [one.number for one in next_version.not_agreed] == [1, 2, 3, 5, 6, 7, 8, 9, 10]


def test_a_warning_names_each_question_that_is_not_agreed(client, partnership, alice):
    agree(partnership, 4, TEXT, by=alice)
    client.force_login(alice)

    for name in ("agreement", "draw_up"):
        said = page(client, address(name, partnership))
        assert "9 questions are not agreed yet" in said
        assert "8. How will disagreements be handled?" in said
        assert "4. What are the expectations" not in said


def test_a_part_is_left_out_or_waits_for_what_belongs_there(partnership):
    arrange(partnership, left_out=["people"])

    next_version = composed(partnership)

    assert keys(next_version.body) == ["purpose"]
    assert [part.value for part in next_version.left_out] == ["people"]
    assert [part.value for part in next_version.empty_parts] == [
        "questions",
        "goals",
        "engagements",
        "activities",
        "contributions",
        "duration",
        "rhythm",
    ]


@pytest.mark.parametrize("name", ["alice", "bob"])
def test_either_side_arranges_it(request, client, partnership, name):
    client.force_login(request.getfixturevalue(name))
    data = {
        "rhythm": "On Mondays.",
        "introduction_purpose": "After a good year:",
        "left_out_people": "on",
    }

    response = client.post(address("arrange_agreement", partnership), data)

    assert response.url == address("draw_up", partnership)
    draft = AgreementDraft.objects.get()
    assert (draft.rhythm, draft.introductions, draft.left_out, draft.version) == (
        "On Mondays.",
        {"purpose": "After a good year:"},
        ["people"],
        1,
    )


def test_two_who_arrange_it_at_once_both_keep_their_text(client, partnership, alice):
    """Both pages were drawn before there was a draft."""
    client.force_login(alice)
    client.post(address("arrange_agreement", partnership), {"rhythm": "On Mondays."})

    response = client.post(
        address("arrange_agreement", partnership),
        {"rhythm": "On Fridays.", "left_out_people": "on"},
    )

    said = response.content.decode()
    assert "Somebody changed this while you were writing" in said
    assert "On Mondays." in said
    assert "On Fridays." in said
    assert AgreementDraft.objects.get().rhythm == "On Mondays."
    carried = {**response.context["form"].data.dict()}
    assert client.post(address("arrange_agreement", partnership), carried).status_code == 302
    assert AgreementDraft.objects.get().rhythm == "On Fridays."


# Two languages


def readings(body) -> dict[str, Reading]:
    return {language: Reading(body, language) for language in ("en", "vi")}


def first_text(reading, key):
    return next(part for part in reading.parts if part.key == key).entries[0].text


def test_wordings_stay_in_the_language_in_which_they_were_written(partnership, alice):
    agree(partnership, 4, VIETNAMESE, by=alice)

    said = readings(composed(partnership).body)

    english, vietnamese = first_text(said["en"], "questions"), first_text(said["vi"], "questions")
    assert (english.text, english.lang, english.lang_attribute) == (VIETNAMESE, "vi", ' lang="vi"')
    assert english.note == "Written in Vietnamese."
    assert (vietnamese.text, vietnamese.note, vietnamese.lang_attribute) == (VIETNAMESE, "", "")


def test_a_translation_counts_once_every_side_agrees_to_it(partnership, ours, theirs, alice, bob):
    wording = agree(partnership, 4, TEXT, by=alice)
    proposal = translate(wording, ours, VIETNAMESE, by=alice, seen=0)
    proposal.assent(ours, by=alice)
    assert first_text(readings(composed(partnership).body)["vi"], "questions").text == TEXT

    proposal.assent(theirs, by=bob)

    said = readings(composed(partnership).body)
    assert first_text(said["en"], "questions").text == TEXT
    translated = first_text(said["vi"], "questions")
    assert (translated.text, translated.lang) == (VIETNAMESE, "vi")
    assert translated.note == "Viết bằng tiếng Anh. Tất cả các bên đã thống nhất bản dịch này."


def test_a_new_wording_has_no_translation(partnership, ours, theirs, alice, bob):
    wording = agree(partnership, 4, TEXT, by=alice)
    proposal = translate(wording, ours, VIETNAMESE, by=alice, seen=0)
    for party, user in ((ours, alice), (theirs, bob)):
        proposal.assent(party, by=user)

    agree(partnership, 4, "Twenty students a term.", by=alice)

    vietnamese = first_text(readings(composed(partnership).body)["vi"], "questions")
    assert (vietnamese.text, vietnamese.lang) == ("Twenty students a term.", "en")


def test_the_text_does_not_depend_on_who_composes_it(partnership, alice):
    agree(partnership, 4, TEXT, by=alice)
    with translation.override("en"):
        english = composed(partnership).body
    with translation.override("vi"):
        vietnamese = composed(partnership).body

    assert english == vietnamese


@pytest.mark.parametrize("language", ["en", "vi"])
def test_the_page_marks_what_is_in_the_other_language(client, partnership, alice, language):
    agree(partnership, 4, TEXT, by=alice)
    agree(partnership, 8, VIETNAMESE, by=alice)
    version = draw_up(partnership, by=alice)
    alice.language = language
    alice.save()
    client.force_login(alice)

    said = page(client, address("agreement_version", partnership, version.number), language)

    foreign, lang, note = {
        "en": (VIETNAMESE, "vi", "Written in Vietnamese."),
        "vi": (TEXT, "en", "Viết bằng tiếng Anh."),
    }[language]
    assert f'<div class="prose" lang="{lang}"><p>{foreign}</p></div>' in said
    assert note in said


def test_the_other_language_stands_beside_it_on_request(client, partnership, version, alice):
    client.force_login(alice)
    url = address("agreement_version", partnership, version.number)

    alone, both = page(client, url), page(client, f"{url}?beside")

    assert "Thỏa thuận hợp tác" not in alone
    assert '<article class="card stack document" lang="vi">' in both
    assert "Thỏa thuận hợp tác" in both
    assert "Partnership agreement" in page(client, f"{url}?print&beside")


# Freezing


def opened(client, partnership) -> dict:
    """The hidden fields of the page that draws up."""
    form = client.get(address("draw_up", partnership)).context["form"]
    return {name: form[name].value() for name in ("text", "seen")}


def test_what_the_page_showed_is_frozen_as_version_1(client, partnership, alice):
    agree(partnership, 4, TEXT, by=alice)
    client.force_login(alice)

    response = client.post(address("draw_up", partnership), opened(client, partnership))

    version = Agreement.objects.get()
    assert response.url == address("agreement_version", partnership, 1)
    assert (version.number, version.by, version.cycle) == (1, alice, 1)
    assert version.fingerprint == hashlib.sha256(version.text.encode()).hexdigest()
    assert version.is_genuine
    content = json.loads(version.text)
    assert content["number"] == 1
    assert content["drawn_up_on"] == partnership.district.today().isoformat()
    assert TEXT in version.text
    assert set(version.parties.all()) == set(partnership.parties.all())
    assert partnership.events.first().kind == "agreement_drawn_up"


def test_what_has_changed_since_the_page_was_drawn_is_not_frozen(client, partnership, alice):
    client.force_login(alice)
    data = opened(client, partnership)
    agree(partnership, 4, TEXT, by=alice)

    response = client.post(address("draw_up", partnership), data)

    assert not Agreement.objects.exists()
    assert "The text has changed since you opened the page." in response.content.decode()
    assert (
        client.post(address("draw_up", partnership), opened(client, partnership)).status_code == 302
    )
    assert Agreement.objects.count() == 1


def test_what_says_the_same_makes_no_new_version(partnership, version, bob):
    assert draw_up(partnership, by=bob) == version
    assert Agreement.objects.count() == 1


def test_better_phrases_of_the_product_make_no_new_version(partnership, version, bob, monkeypatch):
    monkeypatch.setitem(WORDS, "between", "Among")

    assert draw_up(partnership, by=bob) == version
    assert Agreement.objects.count() == 1


def test_with_nothing_new_there_is_no_page_to_draw_it_up(client, partnership, version, alice):
    client.force_login(alice)

    for response in (
        client.get(address("draw_up", partnership)),
        client.post(address("draw_up", partnership), {"text": "x", "seen": 1}),
    ):
        assert response.url == address("agreement_version", partnership, 1)
    assert (
        said_at(client, address("agreement", partnership))
        == ["Version 1 says the same already. Change something first."] * 2
    )


def test_a_page_drawn_before_another_version_freezes_nothing(client, partnership, version, alice):
    client.force_login(alice)
    agree(partnership, 4, "Twenty students a term.", by=alice)
    data = opened(client, partnership) | {"seen": 0}

    client.post(address("draw_up", partnership), data)

    assert Agreement.objects.count() == 1
    assert said_at(client, address("agreement", partnership)) == [
        "Somebody drew up another version meanwhile. Read it before you go on."
    ]


def test_a_frozen_version_stays_whatever_changes_around_it(partnership, version, alice, ours):
    before = (version.text, version.fingerprint)
    partnership.purpose = "Something else"
    partnership.save()
    partner = partnership.parties.last().partner
    partner.name = "Another Name"
    partner.save()
    agree(partnership, 4, "Twenty students a term.", by=alice)
    draw_up(partnership, by=alice)

    assert (again(version).text, again(version).fingerprint) == before


def test_nothing_of_it_is_edited_or_deleted(version, ours, alice):
    signature = sign(version, ours, by=alice)

    for record in (version, signature):
        with pytest.raises(TypeError):
            record.save()
        with pytest.raises(TypeError):
            record.delete()
    for rows in (Agreement.objects.all(), Signature.objects.all(), Withdrawal.objects.all()):
        with pytest.raises(TypeError):
            rows.update(pk=1)
        with pytest.raises(TypeError):
            rows.delete()


# Signing


def signing(version, **more) -> dict:
    said = {"name": "Alice Moreno", "authority": "on", "fingerprint": version.fingerprint}
    return said | {"confirmed": "yes"} | more


def test_before_it_counts_one_sees_once_more_what_one_signs(
    client, partnership, version, ours, alice
):
    client.force_login(alice)
    data = signing(version)
    del data["confirmed"]

    response = client.post(address("sign", partnership, 1, ours.pk), data)

    said = response.content.decode()
    assert not Signature.objects.exists()
    for text in ("Check before you sign", "Alice Moreno", version.fingerprint, "in English"):
        assert text in said
    assert "I may sign for Lincoln High School." in said
    assert re.findall(r"<button[^>]*>([^<]+)</button>", said)[-1] == "Sign this agreement"


def test_a_signature_keeps_who_what_when_and_in_which_language(
    client, partnership, version, ours, alice
):
    alice.language = "vi"
    alice.save()
    client.force_login(alice)

    client.post(address("sign", partnership, 1, ours.pk), signing(version, name="Alice M. Moreno"))

    signature = Signature.objects.get()
    assert (signature.agreement, signature.party, signature.by) == (version, ours, alice)
    assert (signature.name, signature.language) == ("Alice M. Moreno", "vi")
    assert (signature.fingerprint, signature.authority) == (version.fingerprint, True)
    event = partnership.events.first()
    assert (event.kind, event.about["number"]) == ("agreement_signed", "1")


@pytest.mark.parametrize(
    ("field", "error"),
    [
        ("name", "Enter your full name."),
        ("authority", "Tick that you may sign, or ask somebody who may."),
    ],
)
def test_without_a_name_or_the_right_to_sign_nothing_is_signed(
    client, partnership, version, ours, alice, field, error
):
    client.force_login(alice)
    data = signing(version)
    del data[field]

    response = client.post(address("sign", partnership, 1, ours.pk), data)

    assert error in response.content.decode()
    assert "<title>Error:" in response.content.decode()
    assert not Signature.objects.exists()


@pytest.mark.parametrize(
    ("name", "side", "status"),
    [
        ("alice", "ours", 302),
        ("sam", "ours", 302),
        ("bob", "theirs", 302),
        ("alice", "theirs", 403),
        ("bob", "ours", 403),
        ("ada", "ours", 403),
        ("ola", "ours", 403),
        ("charlie", "ours", 404),
        ("dora", "ours", 404),
        ("vera", "ours", 404),
    ],
)
def test_who_may_sign_for_whom(request, client, partnership, version, name, side, status):
    client.force_login(request.getfixturevalue(name))
    party = request.getfixturevalue(side)

    response = client.post(address("sign", partnership, 1, party.pk), signing(version))

    assert response.status_code == status
    assert Signature.objects.count() == (status == 302)


def test_it_is_in_force_when_every_side_has_signed_it(
    client, partnership, version, ours, theirs, alice, bob
):
    client.force_login(alice)
    client.post(address("sign", partnership, 1, ours.pk), signing(version))
    assert fresh(partnership).agreement_in_force is None
    assert said_at(client, address("agreement", partnership)) == [
        "It is signed. The agreement waits for the other signatures."
    ]

    client.force_login(bob)
    client.post(address("sign", partnership, 1, theirs.pk), signing(version, name="Bob Keller"))

    assert fresh(partnership).agreement_in_force == version
    assert said_at(client, address("agreement", partnership)) == [
        "It is signed by all sides, and in force."
    ]
    kinds = [event.kind for event in partnership.events.all()[:3]]
    assert kinds == ["agreement_in_force", "agreement_signed", "agreement_signed"]


def test_a_form_drawn_for_an_older_version_signs_nothing_and_says_so(
    client, partnership, version, ours, alice
):
    client.force_login(alice)
    agree(partnership, 4, "Twenty students a term.", by=alice)
    draw_up(partnership, by=alice)

    client.post(address("sign", partnership, 1, ours.pk), signing(version))

    assert not Signature.objects.exists()
    assert said_at(client, address("agreement", partnership)) == [
        "Nothing was signed. Version 1 is no longer to be signed: version 2 came after it."
    ]


def test_a_form_with_another_text_signs_nothing(client, partnership, version, ours, alice):
    client.force_login(alice)

    client.post(address("sign", partnership, 1, ours.pk), signing(version, fingerprint="0" * 64))

    assert not Signature.objects.exists()


def test_a_second_person_of_a_side_signs_nothing_more(
    client, partnership, version, ours, alice, sam
):
    first = sign(version, ours, by=alice)
    client.force_login(sam)

    client.post(address("sign", partnership, 1, ours.pk), signing(version, name="Sam Ortiz"))

    assert Signature.objects.get() == first
    assert said_at(client, address("agreement", partnership)) == [
        "This version had been signed for this side already."
    ]


def test_with_three_sides_it_waits_for_the_third(partnership, alice, bob):
    third = partnership.parties.create(
        partner=PartnerFactory(district=partnership.district), position=3
    )
    version = draw_up(partnership, by=alice)
    ours, theirs, third = version.parties.all()
    sign(version, ours, by=alice)
    sign(version, theirs, by=bob)
    assert fresh(partnership).agreement_in_force is None

    sign_on_paper(version, third, by=alice)

    assert fresh(partnership).agreement_in_force == version


def test_a_side_that_leaves_unsigned_makes_another_version_due(partnership, alice, bob):
    partner = PartnerFactory(district=partnership.district)
    join(partnership, partner, by=alice)
    version = draw_up(fresh(partnership), by=alice)
    ours, theirs, third = version.parties.all()
    leave(third, reason="They have moved to another town", by=alice)

    with pytest.raises(AgreementRefused, match="has left the table"):
        sign(again(version), ours, by=alice)

    assert Folder(fresh(partnership)).to_sign is None
    assert not signatures_waited_for().exists()
    later = draw_up(fresh(partnership), by=alice)
    assert [party for party, _signature in later.signatures_by_party] == [ours, theirs]


def test_a_side_that_leaves_after_signing_stays_named(partnership, alice, bob):
    join(partnership, PartnerFactory(district=partnership.district), by=alice)
    version = draw_up(fresh(partnership), by=alice)
    sign_by_all(version, by=alice)
    third = list(version.parties.all())[-1]

    leave(third, reason="They have moved to another town", by=alice)

    [found] = Folder(fresh(partnership)).versions
    assert found == fresh(partnership).agreement_in_force
    assert [(party, bool(signed)) for party, signed in found.signatures_by_party][-1] == (
        third,
        True,
    )


def test_a_side_that_joins_later_does_not_undo_what_was_signed(partnership, version, alice):
    sign_by_all(version, by=alice)

    partnership.parties.create(partner=PartnerFactory(district=partnership.district), position=3)

    folder = Folder(fresh(partnership))
    assert folder.in_force == version
    assert len(draw_up(partnership, by=alice).parties.all()) == 3


def test_whose_signature_is_waited_for(partnership, version, ours, theirs, alice, bob):
    assert list(Agreement.objects.unsigned_by(ours)) == [version]
    sign(version, ours, by=alice)
    assert list(Agreement.objects.unsigned_by(ours)) == []
    assert list(Agreement.objects.unsigned_by(theirs)) == [version]
    sign(version, theirs, by=bob)
    assert list(Agreement.objects.to_sign()) == []


def test_two_identical_rows_are_refused_by_the_database(version, ours, alice):
    signature = sign(version, ours, by=alice)
    copy = Signature(**{f: getattr(signature, f) for f in ("name", "authority", "language")})
    copy.agreement, copy.party, copy.by, copy.fingerprint = version, ours, alice, "x"

    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save()


@pytest.mark.parametrize(
    "said",
    [
        {"authority": False, "language": "en"},
        {"authority": True, "language": ""},
        {"authority": True, "language": "en", "way": "paper"},
    ],
)
def test_the_database_keeps_what_a_signature_must_say(version, ours, alice, said):
    with pytest.raises(IntegrityError), transaction.atomic():
        version.sign(ours, by=alice, fingerprint=version.fingerprint, name="Alice", **said)


def test_all_signatures_that_are_waited_for(partnership, version, ours, theirs, alice):
    def waited_for():
        return [
            (row.agreement, row.party)
            for row in signatures_waited_for().order_by("party__position")
        ]

    assert waited_for() == [(version, ours), (version, theirs)]
    sign(version, theirs, by=alice)
    assert waited_for() == [(version, ours)]
    agree(partnership, 4, "Twenty students a term.", by=alice)
    later = draw_up(partnership, by=alice)
    assert waited_for() == [(later, ours), (later, theirs)]
    later.withdraw(by=alice)
    assert waited_for() == []


def test_a_text_that_was_tampered_with_is_said_to_be_and_not_signed(
    client, partnership, version, ours, alice
):
    models.QuerySet.update(
        Agreement.objects.all(), text=version.text.replace("Twelve", "Twelve hundred")
    )
    client.force_login(alice)

    client.post(address("sign", partnership, 1, ours.pk), signing(version))

    assert not Signature.objects.exists()
    said = page(client, address("agreement_version", partnership, 1))
    assert "This text no longer fits its fingerprint." in said


def test_only_those_it_names_sign_it(partnership, version, alice):
    partner = PartnerFactory(district=partnership.district)
    newcomer = partnership.parties.create(partner=partner, position=3)

    with pytest.raises(AgreementRefused):
        sign(version, newcomer, by=alice)


# On paper


def paper(version, **more) -> dict:
    return {
        "name": "Walter Jensen",
        "signed_on": version.partnership.district.today().isoformat(),
        "fingerprint": version.fingerprint,
        "scan": SimpleUploadedFile("Signed page.PDF", PDF, content_type="text/html"),
        **more,
    }


@pytest.mark.parametrize(
    ("name", "side", "status"),
    [
        ("alice", "theirs", 302),
        ("alice", "ours", 302),
        ("ola", "theirs", 302),
        ("bob", "theirs", 302),
        ("bob", "ours", 403),
        ("sam", "theirs", 403),
        ("ada", "theirs", 403),
        ("charlie", "theirs", 404),
    ],
)
def test_who_enters_a_signature_on_paper(request, client, partnership, version, name, side, status):
    user, party = request.getfixturevalue(name), request.getfixturevalue(side)
    client.force_login(user)

    response = client.post(address("sign_on_paper", partnership, 1, party.pk), paper(version))

    assert response.status_code == status
    if status == 302:
        signature = Signature.objects.get()
        assert (signature.way, signature.name, signature.by) == ("paper", "Walter Jensen", user)
        assert signature.party == party
    else:
        assert not Signature.objects.exists()


@pytest.mark.parametrize("name", ["alice", "bob", "sam", "ada", "ola"])
def test_the_scan_is_a_file_to_keep_for_those_at_the_table(
    request, client, partnership, version, theirs, alice, name
):
    signature = sign_on_paper(version, theirs, by=alice)
    client.force_login(request.getfixturevalue(name))

    response = client.get(address("scan", partnership, 1, theirs.pk))

    assert response.content == PDF
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"].startswith("attachment; filename=")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert re.fullmatch(r"agreements/[0-9a-f]{32}\.pdf", signature.scan.name)


def test_the_place_of_a_scan_has_no_address(client, partnership, version, theirs, alice):
    signature = sign_on_paper(version, theirs, by=alice)
    client.force_login(alice)

    for prefix in ("/", "/media/", "/static/", "/uploads/"):
        assert client.get(prefix + signature.scan.name).status_code == 404


@pytest.mark.parametrize("name", ["charlie", "dora", "vera", "edna"])
def test_nobody_else_gets_the_scan(request, client, partnership, version, theirs, alice, name):
    sign_on_paper(version, theirs, by=alice)
    client.force_login(request.getfixturevalue(name))

    assert client.get(address("scan", partnership, 1, theirs.pk)).status_code == 404


@pytest.mark.parametrize(
    ("day", "error"),
    [
        ("2099-01-01", "Enter a day that is not in the future."),
        ("2020-01-01", "Enter a day on which this version had been drawn up."),
        ("", "Enter the day on which they signed."),
    ],
)
def test_the_day_on_paper_is_one_on_which_it_could_be_signed(
    client, partnership, version, theirs, alice, day, error
):
    client.force_login(alice)

    response = client.post(
        address("sign_on_paper", partnership, 1, theirs.pk), paper(version, signed_on=day)
    )

    assert error in response.content.decode()
    assert not Signature.objects.exists()


def test_paper_for_an_older_version_signs_nothing(client, partnership, version, theirs, alice):
    agree(partnership, 4, "Twenty students a term.", by=alice)
    draw_up(partnership, by=alice)
    client.force_login(alice)

    client.post(address("sign_on_paper", partnership, 1, theirs.pk), paper(version))

    assert not Signature.objects.exists()


# Later versions


@pytest.fixture
def later(partnership, version, alice):
    """A version 2 with another wording, while version 1 is in force."""
    sign_by_all(version, by=alice)
    agree(partnership, 4, "Twenty students a term, in two groups.", by=alice)
    agree(partnership, 5, ENDING, by=alice)
    return draw_up(partnership, by=alice)


def test_the_signed_one_stays_in_force_until_all_have_signed_the_later(
    partnership, version, later, ours, theirs, alice, bob
):
    sign(later, ours, by=alice)
    folder = Folder(fresh(partnership))
    assert (folder.in_force, folder.to_sign) == (version, later)

    sign(later, theirs, by=bob)

    folder = Folder(fresh(partnership))
    assert (folder.in_force, folder.to_sign, folder.earlier) == (later, None, [version])
    assert folder.find(1).state == "replaced"


def test_the_difference_is_shown_word_by_word(client, partnership, later, alice):
    client.force_login(alice)

    said = page(client, address("agreement_version", partnership, 2))

    assert "What changes from version 1, which is in force" in said
    assert "<del>Twelve</del><ins>Twenty</ins> students a term" in said
    assert f"<ins>{ENDING}</ins>" in said


def test_lines_that_come_and_go_are_told_too(partnership, version, alice, sam):
    arrange(partnership, left_out=["purpose"], rhythm="On Mondays.")
    before, after = (Reading(body, "en") for body in (version.content, composed(partnership).body))

    told = {change.part: str(change.html) for change in changes(before, after)}

    assert told == {
        "What this agreement is about": f"<del>{partnership.purpose}</del>",
        "How and how often we talk": "<ins>On Mondays.</ins>",
    }
    assert changes(before, before) == []


def test_a_version_that_one_side_has_signed_gives_way_to_a_new_one(
    partnership, version, ours, alice
):
    sign(version, ours, by=alice)
    agree(partnership, 4, "Twenty students a term.", by=alice)

    later = draw_up(partnership, by=alice)

    folder = Folder(fresh(partnership))
    assert (folder.to_sign, folder.in_force) == (later, None)
    assert folder.find(1).state == "not-signed"
    assert Signature.objects.count() == 1


@pytest.mark.parametrize("name", ["alice", "bob"])
def test_what_nobody_has_signed_can_be_taken_back(request, client, partnership, version, name):
    user = request.getfixturevalue(name)
    client.force_login(user)
    url = address("withdraw_agreement", partnership, 1)
    assert "Take version 1 back?" in page(client, url)

    client.post(url)

    assert Withdrawal.objects.get().by == user
    assert partnership.events.first().kind == "agreement_withdrawn"
    assert Folder(fresh(partnership)).find(1).state == "withdrawn"
    with pytest.raises(AgreementRefused):
        sign(again(version), partnership.school_party, by=user)


def test_what_somebody_has_signed_cannot(client, partnership, version, ours, alice):
    sign(version, ours, by=alice)
    client.force_login(alice)

    client.post(address("withdraw_agreement", partnership, 1))

    assert not Withdrawal.objects.exists()
    assert said_at(client, address("agreement", partnership)) == [
        "Only a version that waits for its first signature can be taken back."
    ]


def test_the_same_text_may_be_drawn_up_again_after_it_was_taken_back(partnership, version, alice):
    version.withdraw(by=alice)

    assert draw_up(partnership, by=alice).number == 2


# Ending and changing


def test_what_was_agreed_on_ending_is_quoted_where_one_ends(client, partnership, alice):
    client.force_login(alice)
    url = reverse("partnerships:end", args=[partnership.pk])
    assert "What you agreed on changing or ending" not in page(client, url)
    agree(partnership, 5, "Bằng văn bản, trước một học kỳ.", by=alice)

    said = page(client, url)

    assert '<div class="prose" lang="vi"><p>Bằng văn bản, trước một học kỳ.</p></div>' in said
    assert "of the agreement is in force" not in said


def test_the_end_page_names_the_agreement_in_force_and_quotes_what_was_signed(
    client, partnership, alice
):
    agree(partnership, 5, ENDING, by=alice)
    sign_by_all(draw_up(partnership, by=alice), by=alice)
    agree(partnership, 5, "Never.", by=alice)
    client.force_login(alice)

    said = page(client, reverse("partnerships:end", args=[partnership.pk]))

    assert "Version 1 of the agreement is in force." in said
    assert address("agreement_version", partnership, 1) in said
    assert ENDING in said
    assert "Never." not in said


def test_it_is_quoted_where_a_new_version_is_made(client, partnership, later, alice):
    sign_by_all(later, by=alice)
    agree(partnership, 6, "Dates and projects.", by=alice)
    client.force_login(alice)

    assert ENDING in page(client, address("draw_up", partnership)).split("<article")[0]


# Around it


def end(partnership, by):
    partnership.change_status(
        MoveKind.END, by=by, drawn_for=partnership.last_move, reason="We are all done"
    )


@pytest.mark.parametrize("name", ["alice", "bob", "ada"])
def test_after_the_end_it_is_read_and_downloaded_but_not_signed(
    request, client, partnership, version, ours, theirs, alice, name
):
    sign_on_paper(version, theirs, by=alice)
    end(partnership, alice)
    client.force_login(request.getfixturevalue(name))

    for url in (
        address("agreement", partnership),
        address("agreement_version", partnership, 1),
        address("agreement_pdf", partnership, 1, "en"),
        address("scan", partnership, 1, theirs.pk),
    ):
        assert client.get(url).status_code == 200
    assert "Sign for" not in page(client, address("agreement", partnership))
    assert (
        client.post(address("sign", partnership, 1, ours.pk), signing(version)).status_code == 403
    )


@pytest.mark.parametrize("name", ["draw_up", "arrange_agreement"])
def test_district_admins_read_it_and_never_write(client, partnership, version, ada, name):
    client.force_login(ada)

    said = page(client, address("agreement", partnership))

    assert "Version 1" in said
    assert address("draw_up", partnership) not in said
    assert client.get(address(name, partnership)).status_code == 403


def test_the_timeline_tells_it_in_a_group_of_its_own(client, partnership, version, alice):
    sign_by_all(version, by=alice)
    client.force_login(alice)

    said = page(
        client, reverse("partnerships:timeline", args=[partnership.pk]) + "?group=agreement"
    )

    for text in (
        "Alice Moreno drew up version 1 of the agreement.",
        "Alice Moreno signed version 1 of the agreement for Harbor Robotics.",
        "All sides have signed: version 1 of the agreement is in force.",
    ):
        assert text in said
    assert "started the partnership" not in said


def test_the_guide_of_stage_2_leads_to_it(client, partnership, alice):
    client.force_login(alice)
    url = address("agreement", partnership)

    def links(stage):
        said = page(client, reverse("desk:stage", args=[partnership.pk, stage]))
        return said.count(f'href="{url}"')

    assert (links("direction"), links("action")) == (2, 1)  # one of them is the tab


def test_somebody_who_leaves_is_not_in_the_next_version(partnership, alice, bob):
    guest = PersonFactory(partner=partnership.parties.last().partner, user=UserFactory())
    seat = partnership.parties.last().seat(guest, {}, by=alice)
    assert guest.name in json.dumps(composed(partnership).body)

    seat.left_on = partnership.district.today()
    seat.save()

    assert guest.name not in json.dumps(composed(partnership).body)
