"""The line chart of a goal, drawn as SVG by pygal.

What pygal would bring for a page of its own (styles, scripts, tooltips) is taken out, since our
Content-Security-Policy forbids it; its classes stay, and our stylesheet gives them colours and
dashes, in light, dark and print. Two drawings are made, for wide and for narrow screens, so that
the letters stay readable on both.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.template.defaultfilters import date as format_date
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, pgettext
from pygal import XY
from pygal.style import Style

from accounts.text import language_of
from partnerships.numbers import number

LETTERS = Style(label_font_size=13, major_label_font_size=13)
MONTHS_OF_A_YEAR = 12
STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240)  # months between two labels


@dataclass(frozen=True)
class Size:
    name: str
    width: int
    height: int
    labels: int  # at most, along the days


WIDE, NARROW = Size("wide", 720, 300, 8), Size("narrow", 340, 280, 4)


def drawings(goal, told: str = "") -> list[SafeString]:
    """Draw it for wide and for narrow screens; `told` says in words how it stands."""
    told = strip_tags(told or goal.standing.sentence)
    return [draw(goal, size, told) for size in (WIDE, NARROW)]


def draw(goal, size: Size, told: str) -> SafeString:
    """Draw what was counted, the line from the starting value to the target, and the target."""
    way, rows = goal.way, goal.counted
    first = min([way.starts_on, *(row.on for row in rows)])
    last = max([way.due_on, *(row.on for row in rows)])
    chart = XY(
        style=LETTERS,
        width=size.width,
        height=size.height,
        css=[],
        js=[],
        show_legend=False,
        disable_xml_declaration=True,
        classes=["chart", size.name],
        dots_size=4,
        margin=8,
        margin_right=24,  # half of a label may stand there
        y_labels_major_count=3,
        min_scale=3,
        max_scale=7,
        y_value_formatter=lambda value: number(round(Decimal(value), 2)),
        value_formatter=lambda value: number(round(Decimal(value), 2)),
        x_labels=labels(first, last, most=size.labels),
        truncate_label=-1,
        xrange=(first.toordinal(), last.toordinal()),
    )
    chart.add("target", points((first, way.target), (last, way.target)), show_dots=False)
    way_points = points((way.starts_on, way.starting_value), (way.due_on, way.target))
    chart.add("way", way_points, show_dots=False)
    chart.add("counted", points(*((row.on, row.value) for row in rows)))
    chart.add_xml_filter(lambda root: tidied(root, goal, size, told))
    return mark_safe(chart.render())  # noqa: S308 # pygal escapes; what people wrote is text in it


def points(*pairs) -> list[tuple[int, float]]:
    return [(day.toordinal(), float(value)) for day, value in pairs]


def labels(first: date, last: date, *, most: int) -> list[dict]:
    """The first of every so many months; in a short time, its first and last day."""
    months = range(month_number(first) + (first.day > 1), month_number(last) + 1)
    if len(months) < 2:
        return [
            label(day, format_date(day, pgettext("date format without year", "j M")))
            for day in (first, last)
        ]
    step = next(step for step in (*STEPS, len(months)) if len(months) <= step * most)
    days = [first_of(month) for month in months if month % step == 0] or [first_of(months[0])]
    wording = pgettext("date format of a month on a chart", "M Y")
    return [label(day, format_date(day, wording)) for day in days]


def label(day: date, text: str) -> dict:
    return {"value": day.toordinal(), "label": text}


def month_number(day: date) -> int:
    return day.year * MONTHS_OF_A_YEAR + day.month - 1


def first_of(month: int) -> date:
    return date(month // MONTHS_OF_A_YEAR, month % MONTHS_OF_A_YEAR + 1, 1)


BROUGHT = {"plot tooltip-overlay", "plot text-overlay", "titles"}


def is_superfluous(node) -> bool:
    """Comments, styles, scripts, and what only pygal's own script would show."""
    is_comment = not isinstance(node.tag, str)
    return is_comment or node.tag in {"defs", "desc", "title"} or node.get("class") in BROUGHT


def tidied(root, goal, size: Size, told: str):
    """Leave what is drawn, and say in words what it is."""
    for parent in list(root.iter()):
        for child in [child for child in parent if is_superfluous(child)]:
            parent.remove(child)
    name = f"chart-{goal.pk}-{size.name}"
    root.set("id", name)
    root.set("role", "img")
    root.set("aria-labelledby", f"{name}-title {name}-desc")
    described = gettext("Line chart. The numbers are in the table. {sentence}").format(
        sentence=told
    )
    for tag, text, language in (
        ("desc", described, get_language()),
        ("title", goal.measure, language_of(goal.measure)),
    ):
        node = root.makeelement(tag, {"id": f"{name}-{tag}", "lang": language})
        node.text = text
        root.insert(0, node)
    return root
