"""Amounts: typed and read in the way of the reader's language, and added only to their like.

A unit is a word of somebody's own, such as “kits”. Some that many use are known, so that “hours”
and “giờ” are one unit, shown to everybody in their language.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.templatetags.words import own_words
from accounts.text import NFCFormField, fold
from partnerships.numbers import NotANumber, TooLarge, amount_words, parse_number

KNOWN_UNITS = {
    "hours": _("hours"),
    "days": _("days"),
    "USD": "USD",
    "VND": "VND",
}
COUNTED = {
    "hours": ngettext_lazy("%(amount)s hour", "%(amount)s hours", "count"),
    "days": ngettext_lazy("%(amount)s day", "%(amount)s days", "count"),
}
ALSO_CALLED = {
    "hour": "hours",
    "day": "days",
    "$": "USD",
    "us$": "USD",
    "vnđ": "VND",
    "đồng": "VND",
}


def in_each_language(make: Callable[[], object]) -> dict[str, str]:
    """Return what `make` says, language by language, for texts that are kept."""
    texts = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            texts[language] = str(make())
    return texts


def known_unit(text: str) -> str:
    """Return a unit as it is kept: a known one by its key, another as it was written."""
    said = fold(text)
    for word, key in ALSO_CALLED.items():
        if said == fold(word):
            return key
    for key, label in KNOWN_UNITS.items():
        names = {key, *in_each_language(lambda label=label: label).values()}
        if said in {fold(name) for name in names}:
            return key
    return " ".join(text.split())


def unit_words(unit: str) -> str:
    return str(KNOWN_UNITS.get(unit, unit))


@dataclass(frozen=True)
class Amount:
    """So many of a unit; `about` says that it is an estimate."""

    number: Decimal
    unit: str
    about: bool = False

    def __str__(self):
        said = self.counted or f"{amount_words(self.number)} {self.unit}"
        return gettext("about %(amount)s") % {"amount": said} if self.about else said

    @property
    def html(self):
        """The same for a page, with a unit of somebody's own marked with its language."""
        said = self.counted or format_html("{} {}", amount_words(self.number), own_words(self.unit))
        return format_html(gettext("about {amount}"), amount=said) if self.about else said

    @property
    def counted(self) -> str:
        """In the reader's language, where the unit is a known one."""
        if self.unit in COUNTED:
            count = 1 if self.number == 1 else 2
            return COUNTED[self.unit] % {"count": count, "amount": amount_words(self.number)}
        return f"{amount_words(self.number)} {self.unit}" if self.unit in KNOWN_UNITS else ""


class AmountField(forms.CharField):
    """A number above zero, typed as one writes it in the language of the page."""

    default_error_messages = {
        "invalid": _("Enter a number, such as %(example)s."),
        "large": _("Enter a number of at most 12 digits."),
        "small": _("Enter a number above 0."),
    }

    def __init__(self, **kwargs):
        widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(**{"widget": widget, "max_length": 60, **kwargs})

    def widget_attrs(self, widget):
        return {}  # a browser would cut off what is pasted

    def to_python(self, value):
        text = super().to_python(value)
        if text in self.empty_values:
            return None
        try:
            number = parse_number(text)
        except TooLarge:
            raise ValidationError(self.error_messages["large"], code="large") from None
        except NotANumber:
            example = {"example": amount_words(Decimal("1250.50"))}
            raise ValidationError(
                self.error_messages["invalid"], code="invalid", params=example
            ) from None
        if number <= 0:
            raise ValidationError(self.error_messages["small"], code="small")
        return number

    def run_validators(self, value):
        """`to_python` has said all there is to say; a number has no length."""

    def prepare_value(self, value):
        return amount_words(value) if isinstance(value, Decimal) else value

    def has_changed(self, initial, data):
        try:
            return self.to_python(self.prepare_value(initial)) != self.to_python(data)
        except ValidationError:
            return True


class UnitInput(forms.TextInput):
    """A text with suggestions, in the reader's language."""

    template_name = "partnerships/giving/_unit_input.html"

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["list"] = f"{context['widget']['attrs'].get('id', name)}-units"
        context["units"] = [str(label) for label in KNOWN_UNITS.values()]
        return context


class UnitField(NFCFormField):
    """The word for what is counted."""

    def __init__(self, **kwargs):
        super().__init__(**{"widget": UnitInput, "max_length": 40, **kwargs})

    def clean(self, value):
        return known_unit(super().clean(value))

    def prepare_value(self, value):
        return unit_words(value) if value else value

    def has_changed(self, initial, data):
        return known_unit(str(initial or "")) != known_unit(str(data or ""))
