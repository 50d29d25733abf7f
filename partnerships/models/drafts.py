from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partnerships.models.partnership import Partnership


class PartnershipDraft(models.Model):
    """A partnership being started, question by question. Kept until it is one."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="partnership_drafts"
    )
    answers = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    partnership = models.OneToOneField(Partnership, models.PROTECT, null=True, editable=False)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("partnership being started")
        verbose_name_plural = _("partnerships being started")
        ordering = ["-changed_at"]

    def __str__(self):
        return f"{self.by}, {self.changed_at:%Y-%m-%d}"

    def get_absolute_url(self):
        return reverse("partnerships:draft", args=[self.pk])

    def keep(self, step: str, answers: dict):
        """Keep what was answered on one page; rows by their key."""
        kept = {name: getattr(value, "pk", value) for name, value in answers.items()}
        seen = [*self.answers.get("seen", []), step]
        self.answers = {**self.answers, **kept, "seen": sorted(set(seen))}
        self.save()
