"""One page of a long list."""

from django.core.paginator import Page, Paginator
from django.db.models import Count, Window


def page_of(rows, asked: str, per_page: int) -> Page:
    """The page asked for; how many there are in all comes with its rows, without a query of its own."""
    paginator = Paginator(rows.annotate(in_all=Window(Count("pk"))), per_page)
    number = int(asked) if asked.isdecimal() and len(asked) < 6 else 1
    found = (
        list(paginator.object_list[(number - 1) * per_page : number * per_page]) if number else []
    )
    if not found:
        return paginator.get_page(asked)
    paginator.count = found[0].in_all
    return Page(found, number, paginator)
