"""What people write: composed, found without accents, marked with its language."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError
from django.db import models
from hypothesis import given
from hypothesis import strategies as st

from accounts.text import FoldedField, NFCFormField, fold, language_of, nfc
from partnerships.models import Partner, School
from tests.factories import PartnerFactory, SchoolFactory, UserFactory

letters = st.text(alphabet=st.characters(max_codepoint=0x1EFF, exclude_categories=["Cs"]))

DECOMPOSED = unicodedata.normalize("NFD", "Hội Phụ huynh Việt")

ENGLISH = [
    "",
    "OK",
    "Harbor Robotics",
    "Alice Moreno",
    "Tomás Reyes",
    "Renée Müller, François and Zoë",
    "Café on the corner",
    "São Paulo Coffee",
    "Students meet people at work.",
    "2026-11-04",
    "https://harbor-robotics.example",
    "Ms. Nguyễn brings the keys, and the students bring their own lunch.",
    "Thanks to Trần Văn Minh and José for the café.",
    "We call Trần Văn Minh before the visit, so that somebody meets us at the gate.",
]

VIETNAMESE = [
    "Nguyễn Thị Kim Anh",
    "Trần Văn Minh",
    "Đặng Minh Đức",
    "Hội Phụ huynh Việt",
    "Lê Quý Đôn",
    "Võ Quốc Bảo",
    "Xác định các đối tác tiềm năng.",
    "Mỗi lớp có một tủ sách song ngữ do học sinh tự chọn.",
    "Phụ huynh Việt tham gia vào việc học của con em, bằng tiếng mẹ đẻ.",
    "Trường bạn thi học kỳ, hẹn tiếp tục vào tháng sau.",
    "Nước uống và bánh cho các em",
    DECOMPOSED,
]


def test_nfc_composes_what_was_typed_in_pieces():
    assert DECOMPOSED != "Hội Phụ huynh Việt"
    assert nfc(DECOMPOSED) == "Hội Phụ huynh Việt"


@given(letters)
def test_nfc_of_nfc_is_the_same(text):
    assert nfc(nfc(text)) == nfc(text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Trường THPT Lê Quý Đôn", "truong thpt le quy don"),
        ("Quỹ Khuyến học Hoa Sen", "quy khuyen hoc hoa sen"),
        ("ĐỒNG HÀNH", "dong hanh"),
        ("Tomás  Reyes ", "tomas reyes"),
        ("\tAn\nLạc ", "an lac"),
        ("Straße", "strasse"),
        ("St. Anne’s", "st. anne’s"),
        ("", ""),
    ],
)
def test_fold_is_how_people_type_in_a_hurry(text, folded):
    assert fold(text) == folded


@given(letters)
def test_fold_of_fold_is_the_same(text):
    assert fold(fold(text)) == fold(text)


@given(letters)
def test_fold_does_not_care_how_letters_are_composed(text):
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize("text", ENGLISH)
def test_english_is_taken_for_english(text):
    assert language_of(text) == "en"


@pytest.mark.parametrize("text", VIETNAMESE)
def test_vietnamese_is_taken_for_vietnamese(text):
    assert language_of(text) == "vi"


def test_names_are_stored_composed_whatever_the_keyboard_sent(db):
    user = UserFactory(name=DECOMPOSED)
    partner = PartnerFactory(name=DECOMPOSED, needs=DECOMPOSED)

    user.refresh_from_db()
    partner.refresh_from_db()
    assert user.name == partner.name == partner.needs == "Hội Phụ huynh Việt"


def test_a_search_by_name_finds_it_composed_or_not(db):
    partner = PartnerFactory(name="Hội Phụ huynh Việt")

    assert Partner.objects.get(name=DECOMPOSED) == partner


def test_a_form_composes_before_it_checks_the_length():
    assert NFCFormField(max_length=18).clean(DECOMPOSED) == "Hội Phụ huynh Việt"


def test_a_form_says_in_plain_words_what_is_too_long():
    with pytest.raises(ValidationError) as refusal:
        NFCFormField(max_length=5).clean("sixsix")

    assert refusal.value.messages == ["Shorten this to at most 5 letters. Now it has 6."]


def test_a_form_leaves_cutting_off_to_nobody():
    assert "maxlength" not in NFCFormField(max_length=5).widget.attrs


def test_the_folded_text_is_written_at_each_save(db):
    partner = PartnerFactory(name="Quỹ Khuyến học Hoa Sen")
    assert partner.folded == "quy khuyen hoc hoa sen"

    partner.name = "Đồng Hành"
    partner.save()

    partner.refresh_from_db()
    assert partner.folded == "dong hanh"


def test_several_fields_are_folded_into_one(db):
    school = SchoolFactory(name="An Lạc Elementary School", short_name="An Lạc")

    school.refresh_from_db()
    assert school.folded == "an lac elementary school an lac"


def test_a_folded_field_can_be_made_anew_from_what_a_migration_says_of_it():
    field = School._meta.get_field("folded")

    _name, path, args, kwargs = field.deconstruct()

    assert path == "accounts.text.FoldedField"
    again = FoldedField(*args, **kwargs)
    assert isinstance(again, models.TextField)
    assert (again.of, again.editable, again.default) == (("name", "short_name"), False, "")
