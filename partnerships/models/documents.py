"""Documents of a partnership: files that one side has put there, for itself or shared, every version kept.

What is not shared is its party's alone, and with it every line of the timeline that tells of it.
"""

import uuid

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.text import NFCCharField, NFCTextField
from accounts.versions import Versioned
from partnerships.events import EventKind
from partnerships.models.history import Record
from partnerships.models.parties import Party
from partnerships.models.partnership import Partnership
from partnerships.uploads import CONTENT_TYPES, DOCUMENT_ENDINGS, ending_of

KINDS = {
    "pdf": "PDF",
    "docx": "Word",
    "xlsx": "Excel",
    "pptx": "PowerPoint",
    "odt": "OpenDocument",
    "png": _("Picture"),
    "jpg": _("Picture"),
}


class DocumentQuerySet(models.QuerySet):
    def open_to(self, parties):
        """What all sides share, and what these parties keep to themselves."""
        return self.filter(models.Q(shared=True) | models.Q(party__in=parties))

    def with_versions(self):
        """With all that the page of one tells."""
        versions = DocumentVersion.objects.select_related("by")
        return self.select_related("party__school", "party__partner").prefetch_related(
            models.Prefetch("versions", versions)
        )

    def listed(self) -> list["Document"]:
        """Each with its newest version at hand, that put there last first: one query."""
        later = DocumentVersion.objects.filter(
            document=models.OuterRef("document"), number__gt=models.OuterRef("number")
        )
        newest = DocumentVersion.objects.filter(
            ~models.Exists(later), document__in=self.order_by().values("pk")
        )
        found = newest.select_related("by", "document__party__school", "document__party__partner")
        documents = []
        for version in found.order_by("-at", "-pk"):
            version.document.latest = version
            documents.append(version.document)
        return documents


class Document(Versioned):
    """What a party has put there. Its versions are its content; it is set aside, never deleted."""

    partnership = models.ForeignKey(
        Partnership, models.PROTECT, related_name="documents", editable=False
    )
    party = models.ForeignKey(Party, models.PROTECT, related_name="documents", editable=False)
    cycle = models.PositiveSmallIntegerField(default=1, editable=False)
    title = NFCCharField(_("title"), max_length=150)
    note = NFCTextField(_("note"), max_length=2000, blank=True)
    shared = models.BooleanField(default=False, editable=False)
    set_aside_at = models.DateTimeField(null=True, editable=False)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["pk"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("partnerships:document", args=[self.partnership_id, self.pk])

    # Questions

    @cached_property
    def latest(self) -> "DocumentVersion":
        """The newest version; they come newest first."""
        return self.versions.all()[0]

    @property
    def is_set_aside(self) -> bool:
        return self.set_aside_at is not None

    # Actions

    @classmethod
    @transaction.atomic
    def put(cls, party: Party, *, title: str, file, by, shared=False, note="") -> "Document":
        """Put a file, checked already, into the partnership for a party. Without a title it bears its name."""
        partnership = party.partnership
        document = cls.objects.create(
            partnership=partnership,
            party=party,
            cycle=partnership.cycle,
            title=title or file.name.rsplit(".", 1)[0],
            note=note,
            shared=shared,
        )
        document.write_version(1, file, by=by)
        document.record(EventKind.DOCUMENT_ADDED, by=by)
        return document

    @transaction.atomic
    def add_version(self, file, *, by, changed="") -> "DocumentVersion":
        """Put another file in its place. The earlier ones stay."""
        self.lock()
        version = self.write_version(self.latest.number + 1, file, by=by, changed=changed)
        self.record(EventKind.DOCUMENT_VERSION_ADDED, by=by, number=str(version.number))
        return version

    def write_version(self, number, file, *, by, changed="") -> "DocumentVersion":
        ending = DOCUMENT_ENDINGS[ending_of(file.name)]
        return self.versions.create(
            number=number,
            file=file,
            name=file.name,
            content_type=CONTENT_TYPES[ending],
            size=file.size,
            changed=changed,
            by=by,
            at=timezone.now(),
        )

    @transaction.atomic
    def share(self, *, by):
        self.lock()
        if not self.shared:
            self.keep(EventKind.DOCUMENT_SHARED, by=by, shared=True)

    @transaction.atomic
    def unshare(self, *, by):
        """Keep it to its party again; what the timeline told of it is its party's again too."""
        self.lock()
        if self.shared:
            self.keep(EventKind.DOCUMENT_UNSHARED, by=by, shared=False)

    @transaction.atomic
    def set_aside(self, *, by):
        self.lock()
        if not self.is_set_aside:
            self.keep(EventKind.DOCUMENT_SET_ASIDE, by=by, set_aside_at=timezone.now())

    @transaction.atomic
    def bring_back(self, *, by):
        self.lock()
        if self.is_set_aside:
            self.keep(EventKind.DOCUMENT_BROUGHT_BACK, by=by, set_aside_at=None)

    def lock(self):
        """Decide on the row as it is now."""
        locked = Document.objects.select_for_update().get(pk=self.pk)
        self.shared, self.set_aside_at, self.title = (
            locked.shared,
            locked.set_aside_at,
            locked.title,
        )
        self._prefetched_objects_cache = {}
        self.__dict__.pop("latest", None)

    def keep(self, kind: EventKind, *, by, **changes):
        for name, value in changes.items():
            setattr(self, name, value)
        self.save(update_fields=list(changes))
        self.record(kind, by=by)

    def record(self, kind: EventKind, *, by, **about):
        self.partnership.record(
            kind,
            by=by,
            only_for=None if self.shared else self.party,
            of_document=self,
            document=self.title,
            **about,
        )


def place_of_file(version: "DocumentVersion", name: str) -> str:
    """Return a name that nobody can guess; of the one it came with, only the ending stays."""
    return f"documents/{uuid.uuid4().hex}.{DOCUMENT_ENDINGS[ending_of(name)]}"


class DocumentVersion(Record):
    """A file, as it came. Never changed, never deleted."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    file = models.FileField(upload_to=place_of_file)
    name = NFCCharField(max_length=200)  # as it was called, and as it is handed out
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    changed = NFCTextField(_("what is new"), max_length=500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=pgettext_lazy("who did it", "by"),
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("version of a document")
        verbose_name_plural = _("versions of documents")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "number"], name="one_version_of_a_document_per_number"
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse(
            "partnerships:document_file",
            args=[self.document.partnership_id, self.document_id, self.number],
        )

    @property
    def kind(self) -> str:
        """What it is, as people call it."""
        return KINDS[DOCUMENT_ENDINGS[ending_of(self.name)]]
