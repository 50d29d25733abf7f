"""The public page of a partnership: what each party released, exactly as it stood then.

A release keeps what was released, word by word. The public sees of each part the last version that
every party at the table has released and none has withdrawn; nothing is read from anywhere else.
"""

import secrets
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.text import NFCCharField, NFCTextField
from accounts.versions import Versioned
from partnerships.events import EventKind
from partnerships.models.agreement import canonical, fingerprint_of
from partnerships.models.goals import Goal, lines_of
from partnerships.models.parties import Party
from partnerships.models.partnership import Partnership
from partnerships.models.wins import Win
from partnerships.vocabulary import EngagementKind, How, PublicPart

WITHOUT_A_THING = (PublicPart.ABOUT, PublicPart.VOICE)  # the parts of which a page has one
GOAL_DAYS = ("starts_on", "due_on")
GOAL_VALUES = ("starting_value", "target")
GOAL_WORDS = ("what", "measure", "unit", "direction")
COUNTED_AS = ("measure", "unit", "direction")  # what a goal's numbers are numbers of


def new_address() -> str:
    """Return an address that nobody guesses (72 bits), short enough to be copied by hand."""
    return secrets.token_urlsafe(9)


class ReleaseRefused(Exception):
    """Nothing is released; the message says why, to the reader."""


class ChangedMeanwhile(ReleaseRefused):
    """Somebody has changed the part since the page was drawn."""


class PublicPageQuerySet(models.QuerySet):
    def seen(self):
        """Those that the public can open now: every party has released one version of what it is."""
        about = Release.objects.standing().filter(part=PublicPart.ABOUT)
        same = about.filter(
            page=OuterRef(OuterRef("page")),
            fingerprint=OuterRef(OuterRef("fingerprint")),
            party=OuterRef("pk"),
        )
        lacking = Party.objects.filter(partnership=OuterRef("page__partnership")).filter(
            ~Exists(same)
        )
        return self.filter(Exists(about.filter(~Exists(lacking), page=OuterRef("pk"))))

    def with_standing(self, **only):
        """With the releases that stand, of some part or of all: one query, however many pages."""
        rows = Release.objects.standing().filter(**only).order_by("pk")
        return self.prefetch_related(models.Prefetch("releases", rows, to_attr="standing"))


class PublicPage(Versioned):
    """What a partnership tells the public of itself. Without a release of the first part there is no page."""

    partnership = models.OneToOneField(
        Partnership, models.PROTECT, related_name="public_page", editable=False
    )
    address = models.CharField(max_length=20, unique=True, default=new_address, editable=False)
    about_en = NFCTextField(_("what it is, in English"), max_length=2000, blank=True)
    about_vi = NFCTextField(_("what it is, in Vietnamese"), max_length=2000, blank=True)
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PublicPageQuerySet.as_manager()

    class Meta:
        verbose_name = _("public page")
        verbose_name_plural = _("public pages")
        constraints = [
            models.CheckConstraint(
                condition=~Q(about_en="") | ~Q(about_vi=""), name="public_page_says_what_it_is"
            )
        ]

    def __str__(self):
        return str(self.partnership)

    def get_absolute_url(self):
        return reverse("desk:public_page", args=[self.address])

    # Questions

    @classmethod
    def of(cls, partnership: Partnership) -> "PublicPage | None":
        """The page of a partnership, if there is one; of one fetched `with_sides` without a query."""
        return getattr(partnership, "public_page", None)

    @cached_property
    def table(self) -> set[int]:
        return {party.pk for party in self.partnership.parties.all()}

    @cached_property
    def standing(self) -> list["Release"]:
        """The releases that have not been withdrawn or replaced, the earliest first: one query."""
        rows = self.releases.standing().select_related("win", "goal", "by").order_by("pk")
        return list(rows)

    @property
    def released_parts(self) -> list["PagePart"]:
        """The parts that somebody has released; what the public sees is among them."""
        things = {(one.part, one.goal or one.win) for one in self.standing}
        parts = [PagePart(self, PublicPart(part), thing) for part, thing in things]
        return sorted(parts, key=lambda part: part.place)

    @property
    def parts(self) -> list["PagePart"]:
        """All that can be released now, and what is still released of what is gone since."""
        goals = self.partnership.goals.open()
        wins = self.partnership.wins.current()
        parts = [PagePart(self, kind) for kind in WITHOUT_A_THING]
        parts += [PagePart(self, PublicPart.GOALS, goal) for goal in goals]
        parts += [PagePart(self, PublicPart.WIN, win) for win in wins]
        known = {part.key for part in parts}
        parts += [part for part in self.released_parts if part.key not in known]
        return sorted(parts, key=lambda part: part.place)

    @property
    def seen_parts(self) -> list["PagePart"]:
        """What the public sees; nothing at all while it may not see what it is."""
        seen = [part for part in self.released_parts if part.seen is not None]
        return seen if any(part.kind == PublicPart.ABOUT for part in seen) else []

    def part(self, key: str) -> "PagePart | None":
        """The part with this key as it stands; None if there is no such part."""
        name, _dash, number = key.partition("-")
        if name not in PublicPart or bool(number) != (name in {PublicPart.GOALS, PublicPart.WIN}):
            return None
        kind = PublicPart(name)
        if not number:
            return PagePart(self, kind)
        things = self.partnership.goals if kind == PublicPart.GOALS else self.partnership.wins
        thing = things.filter(pk=number).first() if number.isdecimal() else None
        return PagePart(self, kind, thing) if thing else None

    # Actions

    @transaction.atomic
    def release(self, part: "PagePart", party: Party, *, fingerprint: str, by, **said) -> "Release":
        """Let the public see a part exactly as `fingerprint` says it stands, for one party.

        `said` may hold `how` and `speaker`, where somebody else enters it for them. Raises ReleaseRefused.
        """
        part = self.locked(part)
        if part.now is None:
            raise ReleaseRefused(_("It is not there any more, so there is nothing to release."))
        if part.fingerprint != fingerprint:
            raise ChangedMeanwhile(
                _(
                    "Somebody changed it after you opened the page. Read it once more, then release it."
                )
            )
        if earlier := part.released_by(party):
            return earlier
        release = self.releases.create(
            **part.names, said=part.now, party=party, by=by, at=timezone.now(), **said
        )
        self.look_anew()
        if part.is_seen_as_it_stands:
            older = self.releases.standing().filter(**part.names)
            older.exclude(fingerprint=fingerprint).update(replaced_at=timezone.now())
            self.look_anew()
        self.tell(EventKind.PUBLIC_RELEASED, part, party, by=by)
        return release

    @transaction.atomic
    def withdraw(self, part: "PagePart", party: Party, *, by) -> bool:
        """Take a part out of the public's sight at once, every version of it; say whether anything changed."""
        part = self.locked(part)
        theirs = self.releases.standing().filter(**part.names, party=party)
        ended = theirs.update(withdrawn_at=timezone.now(), withdrawn_by=by)
        self.look_anew()
        if ended:
            self.tell(EventKind.PUBLIC_WITHDRAWN, part, party, by=by)
        return bool(ended)

    def let_go(self, party: Party, *, by):
        """Before a party leaves the table: see to it that nothing becomes public by its leaving.

        Its own releases end with it; those of the others stay for what the public sees already.
        """
        PublicPage.objects.select_for_update().get(pk=self.pk)
        self.look_anew()
        seen = [
            (part, fingerprint_of(canonical(part.seen)))
            for part in self.released_parts
            if part.seen is not None
        ]
        stays = Q(pk__in=[])
        for part, fingerprint in seen:
            stays |= Q(**part.names, fingerprint=fingerprint)
        ends = self.releases.standing().filter(Q(party=party) | ~stays)
        ends.update(withdrawn_at=timezone.now(), withdrawn_by=by)
        self.look_anew()

    def locked(self, part: "PagePart") -> "PagePart":
        """The same part, read anew: two people may press a button at once."""
        self.refresh_from_db(from_queryset=PublicPage.objects.select_for_update())
        self.look_anew()
        if part.thing:
            rows = type(part.thing)._base_manager.select_for_update()
            return PagePart(self, part.kind, rows.get(pk=part.thing.pk))
        return PagePart(self, part.kind)

    def look_anew(self):
        """Forget what was read of the releases."""
        self.__dict__.pop("standing", None)

    def tell(self, kind: EventKind, part: "PagePart", party: Party, *, by):
        self.partnership.record(kind, by=by, party=party.label, part=part.kind)


class ReleaseQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(withdrawn_at=None, replaced_at=None)


class Release(models.Model):
    """A party lets the public see one part exactly as it stood (`said`), until it withdraws.

    Once every party has released a newer version, the older ones are replaced.
    """

    page = models.ForeignKey(PublicPage, models.PROTECT, related_name="releases")
    part = models.CharField(max_length=10, choices=PublicPart)
    goal = models.ForeignKey(Goal, models.PROTECT, null=True, related_name="releases")
    win = models.ForeignKey(Win, models.PROTECT, null=True, related_name="releases")
    said = models.JSONField(default=dict)
    fingerprint = models.CharField(max_length=64, editable=False)  # the SHA-256 of `said`
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    how = models.CharField(max_length=10, choices=How, default=How.HERE)
    speaker = NFCCharField(max_length=120, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    replaced_at = models.DateTimeField(null=True)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(part=PublicPart.WIN, win__isnull=False)
                | (~Q(part=PublicPart.WIN) & Q(win=None)),
                name="release_of_a_win_names_it",
            ),
            models.CheckConstraint(
                condition=Q(part=PublicPart.GOALS, goal__isnull=False)
                | (~Q(part=PublicPart.GOALS) & Q(goal=None)),
                name="release_of_a_goal_names_it",
            ),
            models.UniqueConstraint(
                "page",
                "party",
                "fingerprint",
                "part",
                Coalesce("goal", 0),
                Coalesce("win", 0),
                condition=Q(withdrawn_at=None, replaced_at=None),
                name="one_standing_release_per_version",
            ),
        ]

    def __str__(self):
        return f"{self.party}: {self.get_part_display()}"

    def save(self, *args, **kwargs):
        self.fingerprint = fingerprint_of(canonical(self.said))
        super().save(*args, **kwargs)

    @property
    def was_entered_for(self) -> bool:
        return self.how != How.HERE

    @property
    def day(self) -> date:
        return timezone.localdate(self.at)


@dataclass
class PagePart:
    """One part of a page: what it says now, who has released it, and what the public sees of it."""

    page: PublicPage
    kind: PublicPart
    thing: Goal | Win | None = None

    @property
    def key(self) -> str:
        return f"{self.kind}-{self.thing.pk}" if self.thing else str(self.kind)

    @property
    def place(self) -> tuple:
        """Where it stands on the page: goals by their day, the newest win first."""
        number = list(PublicPart).index(self.kind)
        if self.kind == PublicPart.GOALS:
            return number, self.thing.due_on.toordinal(), self.thing.pk
        if self.kind == PublicPart.WIN:
            return number, -self.thing.on.toordinal(), -self.thing.pk
        return number, 0, 0

    @property
    def names(self) -> dict:
        """The columns of a release that say which part it is of."""
        return {
            "part": self.kind,
            "goal": self.thing if self.kind == PublicPart.GOALS else None,
            "win": self.thing if self.kind == PublicPart.WIN else None,
        }

    @property
    def is_open(self) -> bool:
        """Whether it is still there: a retired goal and a win taken back are not."""
        if self.kind == PublicPart.GOALS:
            return self.thing.is_open
        return self.kind != PublicPart.WIN or not self.thing.is_taken_back

    @cached_property
    def now(self) -> dict | None:
        """What it says now, as a release would keep it; None if it is not there any more."""
        if not self.is_open:
            return None
        match self.kind:
            case PublicPart.ABOUT:
                kinds = self.page.partnership.engagements.values_list("kind", flat=True)
                return about_said(self.page, kinds)
            case PublicPart.GOALS:
                return goal_said(self.thing)
            case PublicPart.WIN:
                return win_said(self.thing)
        return {}

    @property
    def fingerprint(self) -> str:
        return fingerprint_of(canonical(self.now))

    @property
    def releases(self) -> list[Release]:
        return [one for one in self.page.standing if PagePart.of(one) == (self.kind, self.pk)]

    @staticmethod
    def of(release: Release) -> tuple:
        return release.part, release.goal_id or release.win_id

    @property
    def pk(self) -> int | None:
        return self.thing.pk if self.thing else None

    def released_by(self, party: Party) -> Release | None:
        """The release by which a party shows it exactly as it stands."""
        return self.last_of(party, [self.fingerprint])

    def last_of(self, party: Party, fingerprints=None) -> Release | None:
        """The last release of a party that stands, of whatever version."""
        theirs = [
            one
            for one in self.releases
            if one.party_id == party.pk
            and (fingerprints is None or one.fingerprint in fingerprints)
        ]
        return theirs[-1] if theirs else None

    @property
    def seen(self) -> dict | None:
        """What the public sees: the last version that every party at the table has released."""
        if not self.is_open:
            return None
        by = {}
        for release in self.releases:
            by.setdefault(release.fingerprint, set()).add(release.party_id)
        for release in reversed(self.releases):
            if self.page.table <= by[release.fingerprint] and self.still_holds(release.said):
                return release.said
        return None

    def still_holds(self, said: dict) -> bool:
        """Numbers follow by themselves, so they must still be numbers of what was released."""
        if self.kind != PublicPart.GOALS:
            return True
        return all(said[name] == getattr(self.thing, name) for name in COUNTED_AS)

    @property
    def lacking(self) -> list[Party]:
        """Whom it waits for: nobody, while none has released it as it stands."""
        parties = list(self.page.partnership.parties.all())
        lacking = [party for party in parties if not self.released_by(party)]
        return lacking if len(lacking) < len(parties) else []

    @property
    def is_seen_as_it_stands(self) -> bool:
        return self.seen is not None and self.seen == self.now

    @property
    def is_seen_as_it_was(self) -> bool:
        """The public sees an earlier version, until all have released what it says now."""
        return self.seen is not None and self.seen != self.now

    @property
    def picture(self) -> str:
        """The picture that the public sees: the one released, as long as the win still has it."""
        name = (self.seen or {}).get("picture", "")
        return name if self.kind == PublicPart.WIN and name == self.thing.picture.name else ""


def about_said(page: PublicPage, kinds) -> dict:
    return {"en": page.about_en, "vi": page.about_vi, "kinds": sorted(kinds)}


def win_said(win: Win) -> dict:
    return {
        "text": win.text,
        "on": win.on.isoformat(),
        "thanked": win.thanked,
        "picture": win.picture.name or "",
        "picture_alt": win.picture_alt if win.picture else "",
    }


def goal_said(goal: Goal) -> dict:
    said = {name: getattr(goal, name) for name in GOAL_WORDS}
    said |= {name: getattr(goal, name).isoformat() for name in GOAL_DAYS}
    said |= {name: f"{getattr(goal, name).normalize():f}" for name in GOAL_VALUES}
    return said | {"for_whom": [one.value for one in goal.for_whom]}


def goal_as_said(goal: Goal, said: dict, partnership: Partnership) -> Goal:
    """The goal as it was released, with the numbers that stand now; not to be saved."""
    words = {name: said[name] for name in GOAL_WORDS}
    days = {name: date.fromisoformat(said[name]) for name in GOAL_DAYS}
    values = {name: Decimal(said[name]) for name in GOAL_VALUES}
    for_whom = {f"for_{one}": True for one in said["for_whom"]}
    shown = Goal(pk=goal.pk, partnership=partnership, **words, **days, **values, **for_whom)
    shown.lines = lines_of(goal.measurements.all())
    return shown


def kinds_said(said: dict) -> list[EngagementKind]:
    return [kind for kind in EngagementKind if kind in said["kinds"]]
