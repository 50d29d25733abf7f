"""The agreement of a partnership: a draft to arrange it by, and versions that are frozen and signed.

A version is never edited: it holds its whole text, in both languages, and the hash of it. Which one
is in force follows from its signatures: the last that all parties it names have signed.
"""

import hashlib
import json
import uuid

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.text import NFCCharField, NFCTextField, language_of
from accounts.versions import Versioned
from partnerships.events import EventKind
from partnerships.models.history import Kept, Record
from partnerships.models.parties import Party
from partnerships.models.partnership import Partnership
from partnerships.uploads import CONTENT_TYPES

TEMPLATE = 2  # how a version that is drawn up now is set as a PDF


class Part(models.TextChoices):
    """The parts of an agreement, in their order."""

    PURPOSE = "purpose", _("What this agreement is about")
    PEOPLE = "people", _("People and their roles")
    QUESTIONS = "questions", _("What we have agreed")
    GOALS = "goals", _("What we want to reach")
    ENGAGEMENTS = "engagements", _("What we do together")
    ACTIVITIES = "activities", _("What we have planned")
    CONTRIBUTIONS = "contributions", _("What each side puts in")
    DURATION = "duration", _("How long it runs")
    RHYTHM = "rhythm", _("How and how often we talk")


class AgreementDraft(Versioned):
    """How the next version is arranged, and what no other page asks. All else is drawn from there."""

    partnership = models.OneToOneField(
        Partnership, models.PROTECT, related_name="agreement_draft", editable=False
    )
    rhythm = NFCTextField(_("how and how often you talk"), max_length=2000, blank=True)
    introductions = models.JSONField(default=dict, editable=False)  # by part
    left_out = models.JSONField(default=list, editable=False)  # parts

    class Meta:
        verbose_name = _("draft of an agreement")
        verbose_name_plural = _("drafts of agreements")

    def __str__(self):
        return str(self.partnership)

    @classmethod
    def of(cls, partnership: Partnership) -> "AgreementDraft":
        """The draft of a partnership; until somebody arranges something, an empty one."""
        drafts = cls.objects.filter(partnership=partnership)
        return drafts.first() or cls(partnership=partnership)


class AgreementRefused(Exception):
    """Nothing was done; the message says why, to the reader."""


class Way(models.TextChoices):
    """How somebody signed."""

    HERE = "here", _("in Alongside")
    PAPER = "paper", _("on paper")


def canonical(content: dict) -> str:
    """Return the one way to write a text down, of which the hash is taken."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def has_moved_on(number: int, seen: int) -> bool:
    """Whether there is another last version than the one that somebody saw."""
    return number != seen


def lacking_signatures():
    """The parties of a version that have not signed it, for a subquery."""
    signed = Signature.objects.filter(agreement=OuterRef("agreement"), party=OuterRef("party"))
    parties = Agreement.parties.through.objects.filter(agreement=OuterRef("pk"))
    return parties.filter(~Exists(signed))


def signatures_waited_for():
    """A row (`agreement`, `party`) for every signature that is waited for, in all partnerships."""
    signed = Signature.objects.filter(agreement=OuterRef("agreement"), party=OuterRef("party"))
    places = Agreement.parties.through.objects.filter(agreement__in=Agreement.objects.not_past())
    return places.filter(~Exists(signed)).select_related("agreement", "party")


class AgreementQuerySet(Kept):
    def with_signatures(self):
        """With all that says where each stands: three queries, however many rows."""
        return self.select_related("by", "withdrawal__by").prefetch_related(
            models.Prefetch("parties", Party.ever.select_related("school", "partner")),
            models.Prefetch("signatures", Signature.objects.select_related("by")),
        )

    def to_sign(self):
        """Those that can be signed: the ones not past that somebody has yet to sign."""
        return self.not_past().filter(Exists(lacking_signatures()))

    def not_past(self):
        """The last version of each partnership, if not withdrawn; it may be signed by all.

        Where somebody has left the table without signing, another version is to be drawn up.
        """
        later = Agreement.objects.filter(
            partnership=OuterRef("partnership"), number__gt=OuterRef("number")
        )
        gone = lacking_signatures().exclude(party__left_on=None)
        return self.filter(~Exists(later), ~Exists(gone), withdrawal=None)

    def in_force(self) -> "Agreement | None":
        """For one partnership at a time: the last version that all it names have signed."""
        return self.filter(~Exists(lacking_signatures())).last()

    def unsigned_by(self, party: Party):
        """Those that wait for the signature of a party: at most one."""
        signed = Signature.objects.filter(agreement=OuterRef("pk"), party=party)
        return self.to_sign().filter(~Exists(signed), parties=party)

    @transaction.atomic
    def draw_up(self, partnership: Partnership, body: dict, *, by, seen: int) -> "Agreement":
        """Freeze a text as the next version; it takes the place of version `seen` (0: there was none).

        What says the same as the last version makes no new one. Raises AgreementRefused.
        """
        Partnership.objects.select_for_update(no_key=True).get(pk=partnership.pk)
        latest = self.filter(partnership=partnership).with_signatures().last()
        if latest and latest.is_still(body):
            return latest
        number = latest.number if latest else 0
        if has_moved_on(number, seen):
            raise AgreementRefused(
                _("Somebody drew up another version meanwhile. Read it before you go on.")
            )
        today = partnership.district.today()
        text = canonical({**body, "number": number + 1, "drawn_up_on": today.isoformat()})
        agreement = self.create(
            partnership=partnership,
            cycle=partnership.cycle,
            number=number + 1,
            text=text,
            fingerprint=fingerprint_of(text),
            template=TEMPLATE,
            by=by,
            at=timezone.now(),
        )
        agreement.parties.set(partnership.parties.all())
        partnership.record(EventKind.AGREEMENT_DRAWN_UP, by=by, number=str(agreement.number))
        return agreement


class Agreement(Record):
    """One version, frozen."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="agreements")
    cycle = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    text = models.TextField()  # the canonical JSON, both languages in it; see desk.agreement
    fingerprint = models.CharField(max_length=64)  # its SHA-256
    template = models.PositiveSmallIntegerField(default=TEMPLATE)
    parties = models.ManyToManyField(Party, related_name="agreements")  # who is to sign
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=pgettext_lazy("who did it", "by"),
    )
    at = models.DateTimeField(default=timezone.now)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of an agreement")
        verbose_name_plural = _("versions of agreements")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "number"], name="one_agreement_per_number"
            )
        ]

    def __str__(self):
        return f"{self.partnership}, {self.number}"

    def get_absolute_url(self):
        return reverse("desk:agreement_version", args=[self.partnership_id, self.number])

    # Questions

    @cached_property
    def content(self) -> dict:
        return json.loads(self.text)

    def is_still(self, body: dict) -> bool:
        """Whether a text is the same, so that no new version is needed.

        Number and day aside, and what a new release may do better: the product's own phrases, and
        the format in which a text is kept.
        """
        said = {key: body[key] for key in body if key not in {"words", "format"}}
        mine = {key: self.content[key] for key in self.content if key in said}
        return not self.is_withdrawn and canonical(mine) == canonical(said)

    @property
    def is_genuine(self) -> bool:
        """The text is the one of which the hash was taken."""
        return fingerprint_of(self.text) == self.fingerprint

    def is_this_text(self, fingerprint: str) -> bool:
        """Whether a form was drawn for exactly this text."""
        return fingerprint == self.fingerprint

    @property
    def is_withdrawn(self) -> bool:
        return hasattr(self, "withdrawal")

    @property
    def signatures_by_party(self) -> list[tuple[Party, "Signature | None"]]:
        """Everybody who is to sign, in their order, and the signature where there is one."""
        signed = {signature.party_id: signature for signature in self.signatures.all()}
        everybody = self.parties(manager="ever").all()  # also who has left since
        return [(party, signed.get(party.pk)) for party in everybody]

    @property
    def lacking(self) -> list[Party]:
        """The parties that have not signed it."""
        return [party for party, signature in self.signatures_by_party if signature is None]

    @property
    def gone_unsigned(self) -> Party | None:
        """A party that it names and that has left the table without signing."""
        return next((party for party in self.lacking if party.left_on), None)

    @property
    def is_signed_by_all(self) -> bool:
        return not self.lacking

    @property
    def is_signed_by_some(self) -> bool:
        return bool(self.signatures.all())

    @property
    def signed_by_all_at(self):
        """When the last of the parties had signed."""
        return max(signature.at for signature in self.signatures.all())

    def words_on(self, question: str) -> str:
        """What it says on one of the ten questions, as it was written; empty if nothing."""
        for part in self.content["parts"]:
            for entry in part.get("entries", []):
                if part["key"] == Part.QUESTIONS and entry["key"] == question:
                    return entry["text"]["own"]
        return ""

    # Actions

    @transaction.atomic
    def sign(self, party: Party, *, by, fingerprint: str, **said) -> "Signature":
        """Sign exactly this text for a party; a party that has signed signs nothing more.

        `said` holds name, language and authority, or for paper: way, name, signed_on and scan.
        Raises AgreementRefused where this is not what can be signed now.
        """
        self.lock()
        signature = self.signatures.filter(party=party).first()
        if signature:
            return signature
        if not self.is_this_text(fingerprint) or not self.is_to_sign:
            raise AgreementRefused(self.why_not_to_sign)
        if not self.is_genuine or party not in self.parties.all():
            raise AgreementRefused(_("The text is not the one that was drawn up, or not for you."))
        signature = self.signatures.create(
            party=party, by=by, at=timezone.now(), fingerprint=self.fingerprint, **said
        )
        kind = EventKind.AGREEMENT_SIGNED
        if signature.is_on_paper:
            kind = EventKind.AGREEMENT_SIGNED_ON_PAPER
        about = {"number": str(self.number), "party": party.label, "name": signature.name}
        self.partnership.record(kind, by=by, **about)
        if not self.is_to_sign:
            self.partnership.record(EventKind.AGREEMENT_IN_FORCE, by=by, number=str(self.number))
        return signature

    @transaction.atomic
    def withdraw(self, *, by) -> "Withdrawal":
        """Take back a version that nobody has signed. Raises AgreementRefused."""
        self.lock()
        if earlier := Withdrawal.objects.filter(agreement=self).first():
            return earlier
        if not self.is_to_sign or self.signatures.exists():
            raise AgreementRefused(
                _("Only a version that waits for its first signature can be taken back.")
            )
        withdrawal = Withdrawal.objects.create(agreement=self, by=by, at=timezone.now())
        self.partnership.record(EventKind.AGREEMENT_WITHDRAWN, by=by, number=str(self.number))
        return withdrawal

    def lock(self):
        """Whatever is done to the versions of one partnership is done one after the other."""
        Partnership.objects.select_for_update(no_key=True).get(pk=self.partnership_id)

    @property
    def is_to_sign(self) -> bool:
        return type(self).objects.filter(pk=self.pk).to_sign().exists()

    @property
    def why_not_to_sign(self) -> str:
        latest = type(self).objects.filter(partnership=self.partnership_id).last()
        if latest.number > self.number:
            return _(
                "Version %(old)s is no longer to be signed: version %(new)s came after it."
            ) % {
                "old": self.number,
                "new": latest.number,
            }
        if gone := self.gone_unsigned:
            return _(
                "%(party)s has left the table. Draw up a new version for those who are there."
            ) % {"party": gone.name}
        return _("This version cannot be signed any more. Look at where it stands now.")


class Withdrawal(Record):
    """A version was taken back before anybody signed it."""

    agreement = models.OneToOneField(Agreement, models.PROTECT, related_name="withdrawal")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=pgettext_lazy("who did it", "by"),
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("withdrawal of an agreement")
        verbose_name_plural = _("withdrawals of agreements")
        ordering = ["pk"]

    def __str__(self):
        return str(self.agreement)


def place_of_scan(signature: "Signature", name: str) -> str:
    """Return a name that nobody can guess; of the one it came with, only the ending stays."""
    return f"agreements/{uuid.uuid4().hex}.{name.rsplit('.', 1)[-1]}"


class Signature(Record):
    """A party's signature under exactly one version."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="signatures")
    party = models.ForeignKey(Party, models.PROTECT, related_name="signatures")
    name = NFCCharField(_("name"), max_length=120)  # of who signed
    way = models.CharField(max_length=10, choices=Way, default=Way.HERE)
    authority = models.BooleanField(default=False)  # said: I may sign for this party
    language = models.CharField(max_length=2, choices=settings.LANGUAGES, blank=True)
    fingerprint = models.CharField(max_length=64)  # of the text that was signed
    signed_on = models.DateField(null=True)  # on paper; else `at` says it
    scan = models.FileField(upload_to=place_of_scan, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=pgettext_lazy("who did it", "by"),
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "party"], name="one_signature_per_party"),
            models.CheckConstraint(
                condition=models.Q(way="here", authority=True, signed_on=None, scan="")
                & ~models.Q(language="")
                | models.Q(way="paper", signed_on__isnull=False) & ~models.Q(scan=""),
                name="signed_here_with_authority_or_on_paper_with_scan",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_on_paper(self) -> bool:
        return self.way == Way.PAPER

    @property
    def as_text(self) -> dict:
        """The name as the texts of agreements hold names."""
        return {"name": self.name, "lang": language_of(self.name)}

    @property
    def ending(self) -> str:
        """Of the scan's file: pdf, png or jpg."""
        return self.scan.name.rsplit(".", 1)[-1]

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES[self.ending]


class State(models.TextChoices):
    """Where a version stands."""

    TO_SIGN = "to-sign", _("to be signed")
    IN_FORCE = "in-force", _("in force")
    REPLACED = "replaced", _("replaced")
    NOT_SIGNED = "not-signed", _("not signed by all")
    WITHDRAWN = "withdrawn", _("taken back")


class Folder:
    """All versions of one partnership's agreement, and where each stands."""

    def __init__(self, partnership: Partnership):
        self.partnership = partnership
        found = partnership.agreements.with_signatures()
        self.versions = list(found.order_by("-number"))
        for version in self.versions:
            version.state = self.state_of(version)

    def find(self, number: int) -> Agreement | None:
        return next((one for one in self.versions if one.number == number), None)

    @property
    def latest(self) -> Agreement | None:
        return self.versions[0] if self.versions else None

    @property
    def latest_number(self) -> int:
        return self.latest.number if self.latest else 0

    @property
    def in_force(self) -> Agreement | None:
        """The last that was signed by all it names, whatever has been drawn up since."""
        return next((one for one in self.versions if one.is_signed_by_all), None)

    @property
    def to_sign(self) -> Agreement | None:
        latest = self.latest
        if latest is None or latest.is_withdrawn or latest.is_signed_by_all:
            return None
        return None if latest.gone_unsigned else latest

    @property
    def earlier(self) -> list[Agreement]:
        """The versions that are neither in force nor to be signed."""
        return [one for one in self.versions if one not in (self.in_force, self.to_sign)]

    def state_of(self, version: Agreement) -> str:
        if version == self.in_force:
            return State.IN_FORCE
        if version == self.to_sign:
            return State.TO_SIGN
        if version.is_withdrawn:
            return State.WITHDRAWN
        return State.REPLACED if version.is_signed_by_all else State.NOT_SIGNED
