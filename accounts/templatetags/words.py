"""Filters for what people wrote and for dates, as people say them."""

import datetime
import uuid
from functools import lru_cache

from django import template
from django.template.defaultfilters import date as format_date
from django.template.defaultfilters import linebreaks
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from accounts.text import language_of

register = template.Library()

SELECTED = mark_safe(" selected")
NEAR = 6  # days before or after today for which the day of the week is said


@register.filter
def own_words(text, like=None):
    """Somebody's own words, marked where they are in another language than the page.

    `like` may hold more words of the same language, such as the whole of a name.
    """
    text = str(text)
    language = language_of(like or text)
    if language == get_language() or not any(letter.isalpha() for letter in text):
        return conditional_escape(text)
    return format_html('<span lang="{}">{}</span>', language, text)


@register.filter
def own_paragraphs(text):
    """The same for longer texts with line breaks."""
    language = language_of(text)
    marked = mark_safe("") if language == get_language() else format_html(' lang="{}"', language)
    paragraphs = mark_safe(linebreaks(text, autoescape=True))  # noqa: S308 # it escapes
    return format_html('<div class="prose"{}>{}</div>', marked, paragraphs)


@register.filter
def own_lang(text):
    """The lang attribute for an element that holds somebody's own words."""
    language = language_of(str(text))
    return mark_safe("") if language == get_language() else format_html(' lang="{}"', language)


@register.filter
def option_lang(option):
    """The same for an option of a field: where it stands for a row, its label is somebody's own words."""
    return own_lang(option["label"]) if hasattr(option["value"], "instance") else ""


@register.simple_tag
def options(groups):
    """The options of a select, group by group."""
    return format_html_join("", "{}", ([drawn(label, found)] for label, found, _index in groups))


def drawn(label, found):
    html = format_html_join(
        "",
        '<option value="{}"{}{}>{}</option>',
        (
            (one["value"], SELECTED if one["selected"] else "", option_lang(one), one["label"])
            for one in found
        ),
    )
    return format_html('<optgroup label="{}">{}</optgroup>', label, html) if label else html


def as_date(value) -> datetime.date:
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).date()
    return value


@register.filter
def short_day(value):
    """A date as one says it: “today”, “Friday”, “4 Nov”, “4 Nov 2024”."""
    return as_said(as_date(value), timezone.localdate(), get_language())


@lru_cache(maxsize=4096)
def as_said(day, today, _language):
    distance = (day - today).days
    if distance in (-1, 0, 1):
        return {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}[distance]
    if 1 < distance <= NEAR:
        return format_date(day, "l")
    return by_number(day, today)


def by_number(day, today):
    if day.year == today.year:
        return format_date(day, pgettext("date format without year", "j M"))
    return format_date(day, pgettext("date format with year", "j M Y"))


@register.filter
def dated(value):
    """A date by its number, for sentences in which “yesterday” would not fit: “on 4 Nov”."""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        as_date(value).isoformat(),
        long_day(value),
        by_number(as_date(value), timezone.localdate()),
    )


@register.filter
def long_day(value):
    return in_full(as_date(value), get_language())


@lru_cache(maxsize=4096)
def in_full(day, _language):
    return format_date(day, pgettext("date format in full", "l j F Y"))


@register.filter
def day(value):
    """A date as one says it, with the full date behind it."""
    if not value:
        return ""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        as_date(value).isoformat(),
        long_day(value),
        short_day(value),
    )


@register.filter
def month(value):
    """A month and its year: “September 2025”."""
    return format_date(as_date(value), pgettext("date format of a month", "F Y"))


def day_and_year(value):
    """A day that reads the same in every year: “4 Nov 2024”."""
    return format_date(as_date(value), pgettext("date format with year", "j M Y"))


@register.filter
def short_moment(value):
    """A time as one says it: the day, and the hour."""
    return f"{short_day(value)}, {format_date(timezone.localtime(value), 'H:i')}"


@register.filter
def moment(value):
    """A time as one says it, with the full date behind it."""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        timezone.localtime(value).isoformat(timespec="minutes"),
        long_day(value),
        short_moment(value),
    )


@register.simple_tag
def once():
    """The hidden field by which a form sent twice is known (see accounts.once)."""
    return format_html('<input type="hidden" name="once" value="{}">', uuid.uuid4().hex)
