"""Filters for mails: from a text to HTML, and from HTML to a text."""

import html
import re

from django import template
from django.conf import settings
from django.utils.html import format_html, format_html_join, strip_tags
from django.utils.safestring import mark_safe

from accounts.outbox import Fault

register = template.Library()

ADDRESS = re.compile(r"(^\s*|: )(?P<address>https?://\S+)$")
PARAGRAPHS = re.compile(r"\n\s*\n")


@register.filter
def as_html(text):
    """A mail's text as paragraphs whose links can be pressed."""
    paragraphs = [paragraph.strip() for paragraph in PARAGRAPHS.split(text) if paragraph.strip()]
    return format_html_join("\n", "<p>{}</p>", ([linked(one)] for one in paragraphs))


def linked(paragraph: str):
    lines = [with_link(line) for line in paragraph.splitlines()]
    return format_html_join(mark_safe("<br>\n"), "{}", ([line] for line in lines))


def with_link(line: str):
    """Only the address at the end of a line becomes a link, where our texts have theirs: no name does."""
    found = ADDRESS.search(line)
    if found is None:
        return line
    address = found["address"]
    words = line.removesuffix(address)
    return format_html('{}<a href="{}">{}</a>', words, address, address)


@register.filter
def in_plain_text(said):
    """Words that are marked up for a page, as a text without any."""
    return mark_safe(html.unescape(strip_tags(said)))  # noqa: S308 # for mails' text parts only


@register.simple_tag
def mails_can_be_read() -> bool:
    """Whether this is a demo on somebody's own computer, whose mails have pages."""
    return settings.LOCAL and settings.DEMO


@register.filter
def fault(value):
    """Why a mail did not arrive, in words."""
    return Fault(value).label
