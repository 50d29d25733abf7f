"""What a browser would send: the fields of a form as a page shows them."""

import re
from html.parser import HTMLParser

NAME = re.compile(r'\bname="([^"]+)"')


class Forms(HTMLParser):
    def __init__(self):
        super().__init__()
        self.forms: list[dict[str, list[str]]] = []
        self.select = self.textarea = None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.forms.append({})
        elif tag == "input" and is_sent(attrs):
            self.keep(attrs["name"], attrs.get("value", "on" if "checked" in attrs else ""))
        elif tag == "select":
            self.select = attrs.get("name")
        elif tag == "option" and self.select and "selected" in attrs:
            self.keep(self.select, attrs.get("value", ""))
        elif tag == "textarea":
            self.textarea = [attrs.get("name"), ""]

    def handle_endtag(self, tag):
        if tag == "select":
            self.select = None
        elif tag == "textarea" and self.textarea:
            self.keep(*self.textarea)
            self.textarea = None

    def handle_data(self, data):
        if self.textarea:
            self.textarea[1] += data

    def keep(self, name, value):
        if self.forms and name:
            self.forms[-1].setdefault(name, []).append(value)


def is_sent(attrs) -> bool:
    kind = attrs.get("type", "text")
    if "name" not in attrs or kind in {"submit", "button", "file", "image"}:
        return False
    return kind not in {"checkbox", "radio"} or "checked" in attrs


def fields_of(page: str) -> dict[str, list[str]]:
    """Return the fields of the largest form on a page, without its token."""
    parser = Forms()
    parser.feed(page)
    fields = max(parser.forms, key=len, default={})
    fields.pop("csrfmiddlewaretoken", None)
    # A browser leaves out the line break with which a textarea begins.
    return {name: [value.removeprefix("\n") for value in found] for name, found in fields.items()}


def names_in(page: str) -> set[str]:
    """Return the name of every field on a page, of those left empty too."""
    return {*NAME.findall(page)}
