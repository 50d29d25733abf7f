"""What people write: stored in NFC, found without accents, and marked with its language."""

import re
import unicodedata
from functools import lru_cache

from django import forms
from django.db import models
from django.utils.translation import ngettext_lazy

# Letters that Vietnamese has and its neighbours in our pages (English, Spanish, French) do not.
MARK = re.compile("[đĐ\u0300-\u036f]")  # any letter that English has not
VIETNAMESE_LETTER = re.compile("[đơưăĐƠƯĂ\u0309\u0323\u031b\u0306]|\u0302[\u0300\u0301\u0303]")
SHORT = 5  # words; a name rather than a sentence


def nfc(text: str) -> str:
    """Return `text` in Unicode's composed form, in which Vietnamese is stored and compared."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Return `text` as people type it in a hurry: lower case, no accents, single spaces."""
    letters = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return " ".join("".join(c for c in letters if not unicodedata.combining(c)).split())


@lru_cache(maxsize=4096)
def language_of(text: str) -> str:
    """Guess whether somebody wrote `text` in Vietnamese ("vi") or in English ("en").

    The guess goes by letters: one Vietnamese word makes a name Vietnamese; a sentence needs a third,
    or a fifth where half of its words bear some mark.
    """
    words = unicodedata.normalize("NFD", str(text)).split()  # may be a text that is translated late
    vietnamese = sum(bool(VIETNAMESE_LETTER.search(word)) for word in words)
    marked = sum(bool(MARK.search(word)) for word in words)
    needed = len(words) / (5 if marked * 2 >= len(words) else 3)
    return "vi" if vietnamese >= (1 if len(words) <= SHORT else needed) else "en"


class NFCFormField(forms.CharField):
    default_error_messages = {
        "max_length": ngettext_lazy(
            "Shorten this to at most %(limit_value)d letter. Now it has %(show_value)d.",
            "Shorten this to at most %(limit_value)d letters. Now it has %(show_value)d.",
            "limit_value",
        )
    }

    def to_python(self, value):
        value = super().to_python(value)
        return nfc(value) if value else value

    def widget_attrs(self, widget):
        """Leave `maxlength` out: with it, browsers cut off what is pasted without a word."""
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs


class NFCMixin:
    """A model field that stores text in NFC, wherever it comes from."""

    def to_python(self, value):
        value = super().to_python(value)
        return nfc(value) if isinstance(value, str) else value

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return nfc(value) if isinstance(value, str) else value

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": NFCFormField, **kwargs})


class NFCCharField(NFCMixin, models.CharField):
    pass


class NFCTextField(NFCMixin, models.TextField):
    pass


class FoldedField(models.TextField):
    """The folded text of the fields named in `of`, written at each save, for searching without accents."""

    def __init__(self, *args, of=(), **kwargs):
        self.of = tuple(of)
        super().__init__(*args, **{"editable": False, "default": "", **kwargs})

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of}

    def pre_save(self, model_instance, add):
        text = fold(" ".join(getattr(model_instance, name) for name in self.of))
        setattr(model_instance, self.attname, text)
        return text
