"""Where somebody is signed in: one row per session, with the browser it belongs to."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

SEEN = "seen_at"  # in the session, so that not every page writes to the database
SEEN_ANEW_AFTER = 60 * 60  # seconds


def running(user):
    """The sessions with which somebody is signed in now, the one last used first."""
    live = Session.objects.filter(expire_date__gt=timezone.now())
    found = UserSession.objects.filter(user=user, session_key__in=live.values("session_key"))
    return found.order_by("-last_seen_at", "-pk")


def end_all_but(session_key: str | None, user):
    for session in UserSession.objects.filter(user=user).exclude(session_key=session_key or ""):
        session.end()


def begin(request):
    request.session[SEEN] = timezone.now().timestamp()


def see(request):
    """Note, once an hour, that a session is in use."""
    now, seen_at = timezone.now(), request.session.get(SEEN)
    if seen_at and now.timestamp() - seen_at > SEEN_ANEW_AFTER:
        begin(request)
        mine = UserSession.objects.filter(session_key=request.session.session_key)
        mine.update(last_seen_at=now)
