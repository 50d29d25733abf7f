"""Whether everybody can read something, said where it stands."""

from django import template

from partnerships.models import PagePart, PublicPage, Win
from partnerships.vocabulary import PublicPart

register = template.Library()


@register.inclusion_tag("desk/public/_win_release.html")
def win_release(win: Win) -> dict:
    """On the page of a win: who lets everybody read it."""
    page = PublicPage.of(win.partnership)
    if page is None or win.is_taken_back:
        return {"part": None}
    part = PagePart(page, PublicPart.WIN, win)
    return {"part": part, "partnership": win.partnership, "is_open": bool(page.seen_parts)}
