"""What the public reads of a partnership: the parts that all have released, made ready to be shown."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.conf import settings
from django.db.models import OuterRef, Prefetch, Subquery, prefetch_related_objects
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.text import language_of
from partnerships.chart import drawings
from partnerships.models import (
    District,
    Goal,
    Measurement,
    PagePart,
    Partnership,
    Party,
    PublicPage,
)
from partnerships.models.parties import party_names
from partnerships.models.public import goal_as_said, kinds_said
from partnerships.stages import Stage
from partnerships.vocabulary import EngagementKind, ForWhom, PublicPart

LANGUAGES = dict(settings.LANGUAGES)
SHORT = 200  # letters of the first sentence, where only that is shown

# Where a partnership stands, for somebody who has never heard of stages.
IN_PLAIN_WORDS = {
    Stage.PRE: _("They are getting to know each other."),
    Stage.MOBILIZE: _("They are bringing the people together who will do the work."),
    Stage.DIRECTION: _("They are agreeing on what they want to reach, and how."),
    Stage.ACTION: _("They are doing what they planned."),
    Stage.REFLECT: _("They are looking at what came of it, and say thank you."),
    Stage.RECOMMIT: _("They are deciding how to go on together."),
}


def public_address(path: str) -> str:
    """An address as it is printed, shared and scanned."""
    return f"{settings.SITE_URL}{path}"


def address_of(page: PublicPage, language: str = "") -> str:
    args = [page.address, language] if language else [page.address]
    return public_address(reverse("desk:public_page", args=args))


def pages_to_read():
    """The pages with what is read of them whoever asks: two queries, and one for what is released."""
    pages = PublicPage.objects.select_related("partnership__district")
    return pages.prefetch_related(Prefetch("partnership__parties", party_names().queryset))


def listed_pages(district: District):
    """The pages of a district that can be read now, school by school: what each says that it is."""
    parties = Party.objects.filter(partnership=OuterRef("partnership")).order_by("position", "pk")
    schools = parties.exclude(school=None)
    partners = parties.exclude(partner=None)
    return (
        pages_to_read()
        .seen()
        .with_standing(part=PublicPart.ABOUT)
        .filter(partnership__district=district)
        .annotate(
            school_name=Subquery(schools.values("school__name")[:1]),
            by_school=Subquery(schools.values("school__folded")[:1]),
            by_partner=Subquery(partners.values("partner__folded")[:1]),
        )
        .order_by("by_school", "school_name", "by_partner", "pk")
    )


def district_address(district: District, language: str = "") -> str:
    args = [district.slug, language] if language else [district.slug]
    return public_address(reverse("desk:district_public", args=args))


@dataclass
class About:
    """What it is, in the reader's language where there is a text in it."""

    said: dict

    @property
    def language(self) -> str:
        return get_language() if self.said[get_language()] else next(self.others)

    @property
    def others(self):
        return (code for code in LANGUAGES if self.said[code] and code != get_language())

    @property
    def text(self) -> str:
        return self.said[self.language]

    @property
    def is_in_another_language(self) -> bool:
        return self.language != get_language()

    @property
    def kinds(self) -> list[EngagementKind]:
        return kinds_said(self.said)

    @property
    def first_sentence(self) -> str:
        return first_sentence(self.text)


def first_sentence(text: str) -> str:
    """Return the first sentence of a text, cut where it is very long."""
    line = text.strip().split("\n")[0].strip()
    ends = [line.find(mark) + 1 for mark in (". ", "! ", "? ", "… ") if mark in line]
    sentence = line[: min(ends)] if ends else line
    if len(sentence) <= SHORT:
        return sentence
    return sentence[:SHORT].rsplit(" ", 1)[0].rstrip(",;:") + "…"


@dataclass
class ShownGoal:
    """A goal as it was released, with the numbers that stand now."""

    goal: Goal
    said: dict

    @property
    def standing(self):
        return self.goal.standing

    @property
    def for_whom(self) -> list[ForWhom]:
        return self.goal.for_whom

    @property
    def counts(self) -> list[Measurement]:
        return list(reversed(self.goal.counted))

    @property
    def drawings(self) -> list:
        return drawings(self.goal, told=self.standing.in_plain_words)


@dataclass
class ShownWin:
    said: dict
    picture: str  # the address of its picture, if there is one to be seen

    @property
    def on(self) -> date:
        return date.fromisoformat(self.said["on"])


class Reading:
    """A page as the public reads it; with `as_it_stands`, as it would once all had released everything."""

    def __init__(self, page: PublicPage, *, as_it_stands: bool = False):
        self.page, self.as_it_stands = page, as_it_stands
        parts = page.parts if as_it_stands else page.seen_parts
        self.parts = [(part, said) for part in parts if (said := self.said_by(part)) is not None]

    def said_by(self, part: PagePart) -> dict | None:
        return part.now if self.as_it_stands else part.seen

    def of(self, kind: PublicPart) -> list[tuple[PagePart, dict]]:
        return [(part, said) for part, said in self.parts if part.kind == kind]

    @property
    def is_open(self) -> bool:
        """Whether there is a page at all."""
        return bool(self.of(PublicPart.ABOUT))

    @property
    def partnership(self) -> Partnership:
        return self.page.partnership

    @property
    def parties(self) -> list[Party]:
        return list(self.partnership.parties.all())

    @property
    def since(self) -> date:
        """The day they begin or began, by what they said, else when it was noted here."""
        made = self.partnership.created_at.astimezone(self.partnership.district.zone).date()
        return self.partnership.starts_on or made

    @property
    def is_ahead(self) -> bool:
        return self.since > self.partnership.district.today()

    @property
    def renewals(self) -> int:
        """How often they have decided to go on together."""
        return self.partnership.cycle - 1

    @property
    def is_partly_in_another_language(self) -> bool:
        """Whether goals or wins were written in a language that the reader may not know."""
        said = [goal.said["what"] for goal in self.goals] + [win.said["text"] for win in self.wins]
        return any(language_of(text) != get_language() for text in said)

    @property
    def stage_in_plain_words(self) -> str:
        return IN_PLAIN_WORDS[self.partnership.at_stage]

    @property
    def way(self) -> list[dict]:
        """The five stages as a row of dots, those behind and the present one filled."""
        here = self.partnership.at_stage.number
        return [
            {
                "x": 6 + 30 * (number - 1),
                "state": "done" if number < here else "here" if number == here else "",
            }
            for number in range(1, 6)
        ]

    @cached_property
    def about(self) -> About:
        return About(self.of(PublicPart.ABOUT)[0][1])

    @cached_property
    def goals(self) -> list[ShownGoal]:
        found = self.of(PublicPart.GOALS)
        prefetch_related_objects([part.thing for part, _said in found], "measurements")
        return [
            ShownGoal(goal_as_said(part.thing, said, self.partnership), said)
            for part, said in found
        ]

    @cached_property
    def wins(self) -> list[ShownWin]:
        return [
            ShownWin(said, self.picture_of(part, said)) for part, said in self.of(PublicPart.WIN)
        ]

    def picture_of(self, part: PagePart, said: dict) -> str:
        if self.as_it_stands:
            return part.thing.picture_url if said["picture"] else ""
        args = [self.page.address, part.pk]
        return reverse("desk:public_picture", args=args) if part.picture else ""

    @property
    def has_voice(self) -> bool:
        """Whether the community is asked for its voice here."""
        return bool(self.of(PublicPart.VOICE))
