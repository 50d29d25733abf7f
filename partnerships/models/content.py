"""What the guide says at each stage, in both languages. A district may have words of its own."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.text import NFCCharField, NFCTextField
from partnerships.models.places import District
from partnerships.stages import Stage


class ContentQuerySet(models.QuerySet):
    """Rows of the product's own content, common to all, and districts' own versions of them."""

    def for_district(self, district_id: int):
        """Return the district's own rows where it has some, else the common ones."""
        mine = self.place_taken(district_id).filter(key=models.OuterRef("key"))
        return self.filter(Q(district=district_id) | Q(district=None) & ~models.Exists(mine))

    def place_taken(self, district_id: int):
        """The district's own rows that stand in the place of common ones."""
        return type(self)(self.model, using=self.db).filter(district=district_id)

    def visible_to(self, user):
        """Everybody's common content, and one's own districts'."""
        if user.is_superuser:
            return self
        return self.filter(Q(district=None) | Q(district__in=user.districts.values("pk")))


class Content(models.Model):
    """A piece of content: the common one, or a district's own in its place."""

    district = models.ForeignKey(
        District,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("district"),
    )
    key = models.SlugField(_("key"), max_length=60, editable=False)

    objects = ContentQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["key", "district"], name="%(class)s_one_per_district"),
            models.UniqueConstraint(
                fields=["key"], condition=Q(district=None), name="%(class)s_one_in_common"
            ),
        ]


class Seeded(models.Model):
    """A row that came from the fixtures. `seeded` holds what they last said, so that they can
    say it anew without undoing what an admin has changed since."""

    seeded = models.JSONField(default=dict, editable=False)

    class Meta:
        abstract = True

    def sow(self, **values):
        """Take over what the fixtures say, but for what somebody has changed since they last did."""
        for name, value in values.items():
            if self.pk is None or getattr(self, name) == self.seeded.get(name):
                setattr(self, name, value)
        if self.seeded != values:
            self.seeded = values
            self.save()


def copy_of(row: models.Model, **changes) -> models.Model:
    """Return a saved copy of a row, in all languages; `seed` leaves it alone."""
    kept = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key and field.name != "seeded"
    }
    return type(row).objects.create(**{**kept, **changes})


def district_has_own(content: Content, district: District) -> bool:
    return type(content).objects.filter(key=content.key, district=district).exists()


class StageGuideQuerySet(ContentQuerySet):
    def read(self, stage: Stage, district_id: int) -> "StageGuide":
        """Return what a district reads at a stage, with its lines at hand: one query."""
        guides = self.for_district(district_id).filter(key=stage)
        lines = list(GuideLine.objects.filter(guide__in=guides).select_related("guide"))
        guide = lines[0].guide if lines else guides.get()
        guide.lines_at_hand = lines
        return guide

    def principles(self, keys, district_id: int) -> dict[str, "GuideLine"]:
        """Return principles by their keys, as a district reads them, each with its guide: one query."""
        lines = GuideLine.objects.filter(
            guide__in=self.for_district(district_id),
            kind=LineKind.PRINCIPLE,
            key__in=keys,
            retired=False,
        )
        return {line.key: line for line in lines.select_related("guide")}


class StageGuide(Content, Seeded):
    purpose = NFCTextField(_("purpose"), max_length=2000)

    objects = StageGuideQuerySet.as_manager()

    class Meta(Content.Meta):
        verbose_name = _("stage text")
        verbose_name_plural = _("stage texts")
        ordering = ["pk"]

    def __str__(self):
        return str(Stage(self.key).label) if self.key else ""

    @property
    def signs(self) -> list["GuideLine"]:
        """By which one knows that the stage is done."""
        return self.lines_of(LineKind.SIGN)

    @property
    def principles(self) -> list["GuideLine"]:
        return self.lines_of(LineKind.PRINCIPLE)

    @property
    def readings(self) -> list["GuideLine"]:
        return self.lines_of(LineKind.READING)

    def copy_for(self, district: District) -> "StageGuide | None":
        """Return a copy for the district to change, or None if it has one."""
        if district_has_own(self, district):
            return None
        own = copy_of(self, district_id=district.pk)
        for line in self.lines.all():
            copy_of(line, guide_id=own.pk)
        return own

    @cached_property
    def lines_at_hand(self) -> list["GuideLine"]:
        return list(self.lines.all())

    def lines_of(self, kind: "LineKind") -> list["GuideLine"]:
        return [line for line in self.lines_at_hand if line.kind == kind and not line.retired]


def own_key() -> str:
    """Return a key for a row that did not come from the fixtures."""
    return f"own-{uuid.uuid4().hex[:12]}"


class LineKind(models.TextChoices):
    SIGN = "sign", _("“ready when” sign")
    PRINCIPLE = "principle", _("principle")
    READING = "reading", _("further reading")


class GuideLine(Seeded):
    """A line of a stage's guide. It is retired, never deleted, so that `seed` does not bring it back."""

    guide = models.ForeignKey(
        StageGuide, models.CASCADE, related_name="lines", verbose_name=_("stage text")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=LineKind)
    key = models.SlugField(max_length=60, editable=False, default=own_key)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    title = NFCCharField(_("title"), max_length=200, blank=True)
    text = NFCTextField(_("text"), max_length=1000, blank=True)
    author = NFCCharField(_("by"), max_length=200, blank=True)
    url = models.URLField(_("address"), blank=True)
    retired = models.BooleanField(_("no longer shown"), default=False)

    class Meta:
        verbose_name = _("line of a stage text")
        verbose_name_plural = _("lines of a stage text")
        ordering = ["kind", "position", "pk"]

    def __str__(self):
        return self.title or self.text
