"""The items of a partnership. Each cycle has a complete set of its own, so that earlier cycles
stay as they were."""

from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from accounts.text import NFCCharField, NFCTextField
from accounts.versions import Versioned
from checklists.models.templates import Checklist, Condition, TemplateItem
from checklists.progress import Progress
from partnerships.due import SETTLING, Due, due_soon, past_due
from partnerships.events import EventKind
from partnerships.models import Partnership, Seat
from partnerships.stages import Stage, Status
from partnerships.vocabulary import Side

ROOM = 100  # positions under one heading; items of one's own come after all of them
OWN = 10_000

WELCOME = gettext_noop("Establish the relationship with %(new)s, who takes over from %(old)s.")
FIND_SUCCESSOR = gettext_noop("Find somebody to take over from %(old)s, and get to know them.")


class State(models.TextChoices):
    OPEN = "open", _("Open")
    DONE = "done", _("Done")
    NOT_RELEVANT = "not-relevant", _("Not relevant")


IS_OPEN = Q(state=State.OPEN)


def counts() -> dict[str, Count]:
    """What a `Progress` is made of, counted by the database."""
    return {
        "done": Count("pk", filter=Q(state=State.DONE)),
        "open": Count("pk", filter=IS_OPEN),
        "late": Count("pk", filter=IS_OPEN & past_due()),
    }


def in_both_languages(message: str, **words) -> dict[str, str]:
    texts = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            texts[language] = gettext(message) % words
    return texts


class ItemQuerySet(models.QuerySet):
    def of_current_cycle(self):
        return self.filter(cycle=F("partnership__cycle"))

    def counting(self):
        """Without what counts only when a partnership is ending, unless it has ended in that cycle."""
        ended = Q(partnership__status=Status.ENDED, cycle=F("partnership__cycle"))
        return self.filter(Q(only_when="") | ended)

    def of_partnerships(self, partnerships):
        """The items of partnerships at hand.

        Asked for by way of their own table, since PostgreSQL would else read all of it to join it.
        """
        ids = [partnership.pk for partnership in partnerships]
        return self.filter(partnership__in=Partnership.objects.order_by().filter(pk__in=ids))

    def open_now(self):
        """Open in the cycle that the partnership is in."""
        return self.of_current_cycle().counting().filter(state=State.OPEN)

    def running(self):
        """Open now, in partnerships that are neither paused nor ended."""
        return self.open_now().filter(partnership__status=Status.ACTIVE)

    def open_between(self, here: Stage, there: Stage):
        """Open in the stages that a move from here to there leaves: this one, and any skipped."""
        passed = list(Stage)[here.number : max(here.number + 1, there.number)]
        return self.open_now().filter(stage__in=passed)

    def late(self):
        return self.filter(IS_OPEN, past_due())

    def due_soon(self):
        return self.filter(IS_OPEN, due_soon())

    def for_seats(self, seats):
        """What falls to these seats: their own items, and unowned ones of their sides."""
        sides = {seat.party.side for seat in seats}
        return self.filter(Q(owner__in=seats) | Q(owner=None, side__in=[*sides, Side.BOTH]))

    def with_words(self):
        """With what a line of a checklist says; for its people, see `ItemManager.lines`."""
        return self.select_related("template_item__heading", "settled_by")

    def progress_by(self, *fields) -> dict:
        """Return the progress per value of a field (or of several), in one query."""
        counted = self.counting().order_by().values_list(*fields).annotate(**counts())
        wide = len(fields) > 1
        return {(tuple(row[:-3]) if wide else row[0]): Progress(*row[-3:]) for row in counted}

    def counted_here(self) -> Subquery:
        """What `ItemManager.progress_of` reads: of the present cycle of a row of a query over partnerships."""
        here = self.filter(partnership=OuterRef("pk")).of_current_cycle().counting().order_by()
        counted = here.values("partnership").annotate(counts=JSONObject(**counts()))
        return Subquery(counted.values("counts"))


class ItemManager(models.Manager.from_queryset(ItemQuerySet)):
    """Also reached as `partnership.items`, which makes items, and as `seat.owned_items`."""

    def progress_of(self, counts: dict | None) -> Progress | None:
        """Return the progress that `counted_here` has found; None if there are no items."""
        return Progress(**counts) if counts else None

    def lines(self, **conditions) -> list["Item"]:
        """Return items with all that their lines show; the people are those of the partnership at hand."""
        seats = self.instance.seats_by_key
        items = list(self.with_words().filter(**conditions))
        for item in items:
            item.owner, item.about = seats.get(item.owner_id), seats.get(item.about_id)
        return items

    def make(self):
        """Make the items of a partnership that starts, from its district's checklist."""
        self.bulk_create(Item.of(template, self.instance) for template in templates(self.instance))

    def renew(self):
        """Make the items of a new cycle: what repeats opens anew, the rest is carried over as it stands."""
        before = self.filter(cycle=self.instance.cycle - 1).select_related("template_item")
        # By key, since the district may have made its own copy of the checklist in between.
        earlier = {item.template_item.key: item for item in before if not item.is_own}
        made = []
        for template in templates(self.instance):
            item = Item.of(template, self.instance)
            if not template.repeats and not template.only_when and template.key in earlier:
                item.carry_over(earlier[template.key])
            made.append(item)
        made.extend(own.anew() for own in before.filter(template_item=None, state=State.OPEN))
        self.bulk_create(made)

    @transaction.atomic
    def add_own(self, *, by, **fields) -> "Item":
        """Add an item of one's own, behind those of the checklist."""
        last = self.filter(cycle=self.instance.cycle).aggregate(last=Max("position"))["last"] or 0
        item = self.create(cycle=self.instance.cycle, position=max(last, OWN) + 1, **fields)
        item.tell(EventKind.ITEM_ADDED, by=by)
        return item

    def welcome(self, seat: Seat, *, by) -> "Item":
        """Open an item for the person who takes over a seat, or to find one (see domain.md)."""
        old, new = seat.person.name, seat.successor and seat.successor.person.name
        texts = in_both_languages(WELCOME if new else FIND_SUCCESSOR, old=old, new=new)
        return self.add_own(
            by=by,
            wording_en=texts["en"],
            wording_vi=texts["vi"],
            stage=self.instance.stage,
            side=Side.BOTH,
            about=seat,
        )

    def open_ending(self, *, by, not_relevant_because: str):
        """Open the debrief of an ending partnership, or keep why there will be none."""
        for item in self.of_current_cycle().filter(only_when=Condition.ENDING):
            if not_relevant_because:
                item.set_not_relevant(not_relevant_because, by=by)
            elif item.state != State.OPEN:
                item.reopen(by=by)

    def hand_over(self, successor: Seat | None):
        """Give what is open, or will be when the partnership ends, to the successor, or to nobody yet."""
        theirs = self.of_current_cycle().filter(state=State.OPEN)
        theirs.update(owner=successor, version=F("version") + 1)


def templates(partnership: Partnership):
    checklist = Checklist.objects.for_district(partnership.district_id).get()
    return TemplateItem.objects.filter(heading__checklist=checklist, retired=False).select_related(
        "heading"
    )


class Item(Due, Versioned):
    """A line of a partnership's checklist, in one cycle."""

    partnership = models.ForeignKey(
        Partnership, models.PROTECT, related_name="items", verbose_name=_("partnership")
    )
    cycle = models.PositiveSmallIntegerField(_("cycle"))
    template_item = models.ForeignKey(
        TemplateItem, models.PROTECT, null=True, related_name="items", editable=False
    )
    wording = NFCCharField(_("what is to be done"), max_length=300, blank=True)
    stage = models.CharField(_("stage"), max_length=10, choices=Stage)
    position = models.PositiveIntegerField(default=OWN)
    side = models.CharField(_("side it falls to"), max_length=10, choices=Side, default=Side.BOTH)
    only_when = models.CharField(max_length=10, choices=Condition, blank=True, editable=False)
    owner = models.ForeignKey(
        Seat,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="owned_items",
        verbose_name=_("who does it"),
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    note = NFCTextField(_("note"), max_length=2000, blank=True)
    evidence_url = models.URLField(
        _("link to the result"), max_length=500, blank=True, help_text=_("A page or a document.")
    )
    state = models.CharField(
        _("state"), max_length=15, choices=State, default=State.OPEN, editable=False
    )
    reason = NFCTextField(_("why it is not relevant"), max_length=500, blank=True)
    settled_at = models.DateTimeField(null=True, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="settled_items",
    )
    about = models.ForeignKey(
        Seat, models.SET_NULL, null=True, editable=False, related_name="items_about"
    )

    origin = models.CharField(max_length=200, blank=True, editable=False)  # the page it came from

    objects = ItemManager()

    class Meta:
        verbose_name = _("item")
        verbose_name_plural = _("items")
        ordering = ["position", "pk"]
        indexes = [
            models.Index(fields=["partnership", "cycle", "position"]),
            models.Index(
                fields=["due_on"], condition=Q(state="open"), name="open_items_by_due_date"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "cycle", "template_item"], name="one_item_per_line_and_cycle"
            ),
            models.CheckConstraint(
                condition=~Q(state="not-relevant") | ~Q(reason=""),
                name="not_relevant_for_a_reason",
            ),
        ]

    def __str__(self):
        return self.text

    def get_absolute_url(self):
        return reverse("checklists:item", args=[self.partnership_id, self.pk])

    @classmethod
    def of(cls, template: TemplateItem, partnership: Partnership) -> "Item":
        """Return an open item, not saved yet, as the checklist has it now."""
        return cls(
            partnership=partnership,
            cycle=partnership.cycle,
            template_item=template,
            stage=template.stage,
            position=template.heading.position * ROOM + template.position,
            side=template.side,
            only_when=template.only_when,
        )

    def carry_over(self, earlier: "Item"):
        """Take over how the same line stood in the cycle before, without saving."""
        for name in ("side", "owner", "due_on", "note", "evidence_url", "about", *SETTLING):
            setattr(self, name, getattr(earlier, name))

    def anew(self) -> "Item":
        """Return an item of one's own for the next cycle, as it stands, not saved yet."""
        kept = ("wording_en", "wording_vi", "stage", "position", "origin")
        item = Item(
            partnership=self.partnership,
            cycle=self.cycle + 1,
            **{name: getattr(self, name) for name in kept},
        )
        item.carry_over(self)
        return item

    # Questions

    @property
    def is_own(self) -> bool:
        """Added by the people themselves, not from the checklist."""
        return self.template_item_id is None

    @property
    def text(self) -> str:
        return self.wording if self.is_own else self.template_item.wording

    @property
    def texts(self) -> dict[str, str]:
        """The wording in both languages, for the timeline."""
        source = self if self.is_own else self.template_item
        return {"en": source.wording_en or "", "vi": source.wording_vi or ""}

    @property
    def heading(self) -> str:
        return gettext("Items of your own") if self.is_own else self.template_item.heading.title

    @property
    def is_open(self) -> bool:
        return self.state == State.OPEN

    @property
    def is_done(self) -> bool:
        return self.state == State.DONE

    @property
    def is_not_relevant(self) -> bool:
        return self.state == State.NOT_RELEVANT

    @property
    def is_set_aside(self) -> bool:
        """Neither open nor done, for a reason."""
        return self.is_not_relevant

    @property
    def is_waiting_for_the_end(self) -> bool:
        """Counts only when the partnership is ending, which in this cycle it is not."""
        ended = self.partnership.has_ended and self.is_of_current_cycle
        return bool(self.only_when) and not ended

    @property
    def is_of_current_cycle(self) -> bool:
        return self.cycle == self.partnership.cycle

    def falls_to(self, seat: Seat) -> bool:
        return self.owner_id == seat.pk or self.side in {Side.BOTH, seat.party.side}

    def can_be_worked_on_by(self, user) -> bool:
        """Coordinators work on every item; others on what is theirs or falls to their side.

        Earlier cycles are history, and an ended partnership is read-only, its debrief aside.
        """
        partnership = self.partnership
        if not self.is_of_current_cycle or self.is_waiting_for_the_end:
            return False
        if partnership.has_ended and not self.only_when:
            return False
        return partnership.can_be_managed_by(user) or any(
            self.falls_to(seat) for seat in partnership.seats_of(user)
        )

    # Actions

    @transaction.atomic
    def tick(self, *, by):
        self.settle(State.DONE, by=by)
        self.tell(EventKind.ITEM_DONE, by=by)

    @transaction.atomic
    def set_not_relevant(self, reason: str, *, by):
        self.settle(State.NOT_RELEVANT, by=by, reason=reason)
        self.tell(EventKind.ITEM_NOT_RELEVANT, by=by, reason=reason)

    @transaction.atomic
    def reopen(self, *, by):
        self.settle(State.OPEN, by=None)
        self.tell(EventKind.ITEM_OPENED, by=by)

    def tell(self, kind: EventKind, *, by, **about):
        self.partnership.record(kind, by=by, item=self.texts, **about)
