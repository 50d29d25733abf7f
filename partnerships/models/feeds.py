"""The secret addresses under which calendar programs read somebody's dates."""

import hashlib
import secrets
from datetime import timedelta

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.sealing import lock_for, seal, unseal
from partnerships.models.partnership import Partnership

PURPOSE = "calendar feed"
NOTED_EVERY = timedelta(hours=1)  # programs come often; to the hour is enough


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class FeedQuerySet(models.QuerySet):
    def found_by(self, token: str) -> "Feed | None":
        """Return the feed with this address, if its owner may still sign in."""
        feeds = self.select_related("user").filter(token_hash=hash_of(token), user__is_active=True)
        return feeds.first()

    def make(self, *, user, partnership=None) -> "Feed":
        """Make an address. Where there is one already, it stops at once, and the new one counts."""
        token = secrets.token_urlsafe(32)
        made = {
            "token_hash": hash_of(token),
            "sealed": seal(token, PURPOSE),
            "made_at": timezone.now(),
            "read_at": None,
        }
        feed, _made = self.update_or_create(user=user, partnership=partnership, defaults=made)
        return feed

    def seal_anew(self) -> int:
        """Seal with the present SECRET_KEY, so that earlier ones can be forgotten."""
        rotate = lock_for(PURPOSE).rotate
        feeds = list(self.select_for_update())
        for feed in feeds:
            feed.sealed = rotate(feed.sealed).decode()
            feed.save(update_fields=["sealed"])
        return len(feeds)


class Feed(models.Model):
    """An address for one person's calendar program: of one partnership, or of all they work in.

    Found by a hash. The address itself is kept sealed, for its owner to copy again. What it shows
    is asked anew at each reading.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="feeds")
    partnership = models.ForeignKey(
        Partnership, models.CASCADE, null=True, related_name="feeds"
    )  # none: all of theirs
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    sealed = models.TextField(editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    read_at = models.DateTimeField(null=True, editable=False)

    objects = FeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(partnership=None), name="one_feed_of_all_per_user"
            ),
            models.UniqueConstraint(
                fields=["user", "partnership"], name="one_feed_per_user_and_partnership"
            ),
        ]

    def __str__(self):
        return f"{self.user}, {self.partnership or 'all'}"

    @property
    def path(self) -> str:
        """Where it is read; empty where its seal does not open any more, and only a new one helps."""
        try:
            token = unseal(self.sealed, PURPOSE)
        except InvalidToken:
            return ""
        return reverse("desk:feed", args=[token])

    def partnerships(self):
        """What it may show now; the door is asked at each reading."""
        visible = Partnership.objects.visible_to(self.user)
        if self.partnership_id:
            return visible.filter(pk=self.partnership_id)
        return visible.worked_in_by(self.user)

    def note_reading(self):
        """Keep when it was last read, so that its owner sees whether it is in use."""
        now = timezone.now()
        if self.read_at is None or self.read_at < now - NOTED_EVERY:
            Feed.objects.filter(pk=self.pk).update(read_at=now)
