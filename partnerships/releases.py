"""Which parts of public pages some have released as they stand, and others not; for whoever is waited for.

Whether a release is of what a part says now, its own row tells: it brings along what the part says.
So these rows go into one query with others.
"""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, TextField
from django.db.models.functions import Cast, JSONObject

from accounts.joined import joined, parted
from partnerships.models import Engagement, Goal, PublicPage, Release, Win
from partnerships.models.agreement import canonical, fingerprint_of
from partnerships.models.public import GOAL_DAYS, GOAL_WORDS, about_said, goal_said, win_said
from partnerships.stages import Status
from partnerships.vocabulary import ForWhom, PublicPart

GOAL_FLAGS = tuple(f"for_{one.value}" for one in ForWhom)
WIN_WORDS = ("text", "on", "thanked", "picture", "picture_alt")


def standing_releases():
    """The releases of parts that are still there, in partnerships that go on."""
    is_there = Q(goal=None) | Q(goal__retired_in=None), Q(win=None) | Q(win__taken_back_at=None)
    return Release.objects.standing().filter(
        *is_there, party__left_on=None, page__partnership__status=Status.ACTIVE
    )


def released_by_others(mine):
    """Those of parts that one of `mine` has not released in the same words."""
    own = Release.objects.standing().filter(
        party=OuterRef("pk"), **{name: OuterRef(OuterRef(name)) for name in ("page", "part")}
    )
    own = own.filter(fingerprint=OuterRef(OuterRef("fingerprint")))
    same = Q(goal=OuterRef(OuterRef("goal"))) | Q(goal=None, win=OuterRef(OuterRef("win")))
    nothing = Q(goal=None, win=None)
    lacking = mine.filter(
        ~Exists(own.filter(same | nothing)), partnership=OuterRef("page__partnership")
    )
    partnerships = mine.order_by().values("partnership")
    return standing_releases().filter(Exists(lacking), page__partnership__in=partnerships)


def as_told():
    """What a release is of, and what that says now, as one text."""
    columns = {name: f"goal__{name}" for name in (*GOAL_WORDS, *GOAL_DAYS, *GOAL_FLAGS)}
    # As text: a number of JSON is no decimal.
    columns |= {name: Cast(f"goal__{name}", TextField()) for name in ("starting_value", "target")}
    columns |= {f"win_{name}": f"win__{name}" for name in WIN_WORDS}
    kinds = joined(Engagement.objects.all(), "partnership", "kind", of="page__partnership")
    told = JSONObject(
        part="part",
        goal="goal",
        win="win",
        fingerprint="fingerprint",
        about_en="page__about_en",
        about_vi="page__about_vi",
        kinds=kinds,
        **columns,
    )
    return Cast(told, TextField())


@dataclass
class Part:
    """One part as one release of it tells it."""

    told: dict

    @classmethod
    def read(cls, text: str) -> "Part":
        return cls(json.loads(text))

    @property
    def key(self) -> tuple:
        return self.told["part"], self.told["goal"] or self.told["win"]

    @property
    def is_as_it_stands(self) -> bool:
        return fingerprint_of(canonical(self.now)) == self.told["fingerprint"]

    @property
    def now(self) -> dict:
        """What it says now, as `PagePart.now` has it."""
        match self.told["part"]:
            case PublicPart.ABOUT:
                page = PublicPage(about_en=self.told["about_en"], about_vi=self.told["about_vi"])
                return about_said(page, parted(self.told["kinds"]))
            case PublicPart.GOALS:
                return goal_said(self.goal)
            case PublicPart.WIN:
                return win_said(self.win)
        return {}

    @property
    def goal(self) -> Goal:
        said = {name: self.told[name] for name in GOAL_WORDS}
        said |= {name: date.fromisoformat(self.told[name]) for name in GOAL_DAYS}
        said |= {name: Decimal(self.told[name]) for name in ("starting_value", "target")}
        return Goal(**said, **{name: bool(self.told[name]) for name in GOAL_FLAGS})

    @property
    def win(self) -> Win:
        said = {name: self.told[f"win_{name}"] for name in WIN_WORDS}
        return Win(**said | {"on": date.fromisoformat(said["on"])})
