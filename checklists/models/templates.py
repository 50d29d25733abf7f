"""The district's checklist (or the common one), from which partnerships' items are made."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.text import NFCCharField
from partnerships.models import District
from partnerships.models.content import Content, Seeded, copy_of, district_has_own, own_key
from partnerships.stages import Stage
from partnerships.vocabulary import Side


class Condition(models.TextChoices):
    ALWAYS = "", _("always")
    ENDING = "ending", _("when the partnership is ending")


class Checklist(Content):
    """Five headings with their items. After “Comprehensive checklist for partnering”."""

    class Meta(Content.Meta):
        verbose_name = _("checklist")
        verbose_name_plural = _("checklists")
        ordering = ["pk"]

    def __str__(self):
        return str(self.district or _("Common checklist"))

    def copy_for(self, district: District) -> "Checklist | None":
        """Return a copy for the district to change, or None if it has one."""
        if district_has_own(self, district):
            return None
        own = copy_of(self, district_id=district.pk)
        for heading in self.headings.all():
            own_heading = copy_of(heading, checklist_id=own.pk)
            for item in heading.items.all():
                copy_of(item, heading_id=own_heading.pk)
        return own


class Heading(Seeded):
    checklist = models.ForeignKey(
        Checklist, models.CASCADE, related_name="headings", verbose_name=_("checklist")
    )
    key = models.SlugField(max_length=60, editable=False, default=own_key)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    title = NFCCharField(_("title"), max_length=120)

    class Meta:
        verbose_name = _("heading")
        verbose_name_plural = _("headings, with their items")
        ordering = ["position", "pk"]

    def __str__(self):
        return self.title


class TemplateItem(Seeded):
    """A line of a checklist. Changed wording shows everywhere at once; the rest counts from the
    next partnership or cycle on."""

    heading = models.ForeignKey(
        Heading, models.CASCADE, related_name="items", verbose_name=_("heading")
    )
    key = models.SlugField(max_length=80, editable=False, default=own_key)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    wording = NFCCharField(_("wording"), max_length=300)
    stage = models.CharField(
        _("stage"), max_length=10, choices=Stage, help_text=_("Whose page shows the item.")
    )
    side = models.CharField(
        _("side"), max_length=10, choices=Side, default=Side.BOTH, help_text=_("Who it falls to.")
    )
    repeats = models.BooleanField(
        _("repeats"), default=False, help_text=_("Opened anew in each new cycle.")
    )
    only_when = models.CharField(
        _("only"), max_length=10, choices=Condition, default=Condition.ALWAYS, blank=True
    )
    retired = models.BooleanField(
        _("retired"), default=False, help_text=_("Not in new partnerships and cycles any more.")
    )

    class Meta:
        verbose_name = _("item of the checklist")
        verbose_name_plural = _("items of the checklist")
        ordering = ["heading__position", "position", "pk"]

    def __str__(self):
        return self.wording
