"""The mails that come by themselves: once a week what waits for somebody, and what falls due today.

With what falls due today, somebody is reminded of a debrief two days before it closes.

Sending is asked for often (`manage.py send_reminders`, every hour); a `Round` per person and day
sees to it that each mail goes once. Days and hours are those of the person's district.
"""

import logging
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Subquery, prefetch_related_objects
from django.db.models.functions import Coalesce
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import checklists.waiting
from accounts import mails, unsubscribing
from accounts.models import Mail, Round, User
from accounts.outbox import Periodic
from accounts.templatetags.mails import in_plain_text
from accounts.templatetags.words import long_day
from checklists.models import Item
from desk.waiting import waiting_in
from evaluations.waiting_debriefs import about_to_close, reminded_of
from partnerships import waiting_steps
from partnerships.localdate import today_in
from partnerships.mails import note
from partnerships.models import Coordinator, District, Party, Person, Seat, Step
from partnerships.models.parties import party_names
from partnerships.vocabulary import Side
from partnerships.waiting import Scope, Waiting

MOST = 10  # lines of one kind in a digest; the rest is a click away

logger = logging.getLogger(__name__)


def send_what_is_due() -> tuple[int, int]:
    """Send the digests and reminders whose hour has come; return how many were sent, and how many failed."""
    told = [see_to(user, kind) for kind in WRITERS for user in users_at_their_hour(kind)]
    return told.count(True), told.count(None)


def see_to(user: User, kind: Periodic) -> bool | None:
    """Send one mail. A fault in it is logged and keeps nobody else from theirs."""
    try:
        return send_once(user, kind)
    except Exception:
        logger.exception("The mail for account %s could not be written.", user.pk)
        return None


@transaction.atomic
def send_once(user: User, kind: Periodic) -> bool:
    """Send what there is to tell a person who knows their `zone`, unless that was seen to today."""
    with translation.override(user.language), timezone.override(ZoneInfo(user.zone)):
        # Of two runs at the same time, one waits here until the other has finished.
        seen_to, is_new = Round.objects.get_or_create(user=user, kind=kind, on=timezone.localdate())
        if not is_new:
            return False
        seen_to.mail = WRITERS[kind](user)
    if seen_to.mail is None and kind == Periodic.REMINDER:
        seen_to.delete()  # something may get today's date later in the day
        return False
    seen_to.save(update_fields=["mail"])
    return seen_to.mail is not None


# Whose hour it is


def with_zone(users):
    """Let each know the time zone of their district: where they coordinate, sit or administer."""
    coordinated = Coordinator.objects.filter(user=OuterRef("pk")).order_by("pk")
    zone_of_person = Coalesce("school__district__timezone", "partner__district__timezone")
    people = Person.objects.filter(user=OuterRef("pk")).order_by("pk")
    return users.annotate(
        zone=Coalesce(
            Subquery(coordinated.values("school__district__timezone")[:1]),
            Subquery(people.annotate(zone=zone_of_person).values("zone")[:1]),
        )
    ).exclude(zone=None)


def users_at_their_hour(kind: Periodic):
    """Return whoever wants this mail, has not had it today, and whose hour has come."""
    wants = {unsubscribing.SWITCHES[kind]: True}
    users = with_zone(User.objects.filter(is_active=True, **wants))
    if kind == Periodic.REMINDER:
        due = [due_today(model).order_by().values("partnership") for model in (Item, Step)]
        closing = about_to_close().order_by().values("partnership")
        users = users.filter(has_a_hand_in(due[0].union(due[1], closing)))
    hour_has_come = Q()
    for zone in District.objects.order_by().values_list("timezone", flat=True).distinct():
        now = timezone.localtime(timezone=ZoneInfo(zone))
        hour_has_come |= Q(
            ~Exists(Round.objects.filter(had_by_now(kind), user=OuterRef("pk"), on=now.date())),
            zone=zone,
            mail_hour__lte=now.hour,
            **({"digest_day": now.weekday()} if kind == Periodic.DIGEST else {}),
        )
    return list(users.filter(hour_has_come).order_by("pk")) if hour_has_come else []


def had_by_now(kind: Periodic) -> Q:
    """What stands for a mail had today; a digest tells what a reminder would."""
    had = Q(kind=kind)
    return had if kind == Periodic.DIGEST else had | Q(kind=Periodic.DIGEST, mail__isnull=False)


def has_a_hand_in(partnerships) -> Q:
    seats = Seat.objects.current().filter(party__partnership__in=partnerships)
    parties = Party.objects.filter(partnership__in=partnerships)
    schools = Coordinator.objects.filter(school__in=parties.order_by().values("school"))
    return Q(pk__in=seats.order_by().values("person__user")) | Q(
        pk__in=schools.order_by().values("user")
    )


# What is told


def digest(user: User) -> Mail | None:
    """Send what waits for somebody, as their Today has it; nothing where nothing waits."""
    scope = Scope.of_person(user, as_operator=False)
    found, there_is_more = waiting_in(scope, MOST)
    count = len(found)
    subject = ngettext("%(count)s thing waits for you", "%(count)s things wait for you", count)
    if there_is_more:
        subject = _("More than %(count)s things wait for you")
    return send(user, Periodic.DIGEST, found, subject % {"count": count}, there_is_more)


def reminder(user: User) -> Mail | None:
    """Send what falls due today and is theirs to see to, and the debriefs that they have yet to answer."""
    scope = Scope.of_person(user, as_operator=False)
    found = [checklists.waiting.waiting(item, scope) for item in items_reminded_of(user)]
    found += [waiting_steps.waiting(step, scope) for step in steps_reminded_of(user)]
    asked = reminded_of(user)
    subject = _("Due today: %(count)s things") % {"count": len(found)}
    if len(found) == 1:
        subject = _("Due today: %(title)s") % {"title": in_plain_text(found[0].title)}
    if not found and asked:
        subject = _("A debrief waits for your answers until %(day)s") % {
            "day": long_day(asked[0].on)
        }
    return send(user, Periodic.REMINDER, found, subject, asked=asked)


# In this order: who has had a digest today needs no reminder.
WRITERS = {Periodic.DIGEST: digest, Periodic.REMINDER: reminder}


def send(
    user, kind, found: list[Waiting], subject, there_is_more=False, *, asked: list[Waiting] = ()
) -> Mail | None:
    everything = [*found, *asked]
    if not everything:
        return None
    prefetch_related_objects([one.partnership for one in everything], party_names())
    off = unsubscribing.turn_off_link(user, kind)
    context = {
        "user": user,
        "waiting": found,
        "asked": asked,
        "there_is_more": there_is_more,
        "site": settings.SITE_URL,
        "off": off,
    }
    mail = mails.send(
        kind.value,
        user.email,
        subject=subject,
        template=f"desk/mail/{kind.value}",
        context=context,
        user=user,
        headers=unsubscribing.headers(off),
    )
    note_seats(mail, user, {one.partnership.pk: one.partnership for one in everything})
    return mail


def note_seats(mail: Mail, user: User, partnerships: dict):
    """Keep in which seats somebody was written to, so that others there learn if it does not arrive."""
    for seat in Scope.of_person(user).seats:
        if seat.party.partnership_id in partnerships:
            note(mail, partnerships[seat.party.partnership_id], seat)


def due_today(model: type[Item] | type[Step]):
    """What falls due today, by the clock of its district, where nothing is paused or ended."""
    return model.objects.running().filter(due_on=today_in("partnership__district__timezone"))


def items_reminded_of(user: User):
    """Return what falls due today and is somebody's own, or has no owner and is for their side to see to.

    For a side without an owner its contact persons see to it. Whoever looks after the partnership
    for the school is reminded of everything in it.
    """
    seats = Seat.objects.current().filter(person__user=user).select_related("party")
    theirs = Q(owner__in=[seat.pk for seat in seats]) | looked_after_by(user)
    for side in (Side.SCHOOL, Side.PARTNER):
        contact = [s.party.partnership_id for s in seats if s.contact and s.party.side == side]
        theirs |= Q(owner=None, side__in=[side, Side.BOTH], partnership__in=contact)
    items = due_today(Item).filter(theirs).order_by("partnership", "pk")
    return items.select_related("template_item", "owner__person", "partnership__district")


def steps_reminded_of(user: User):
    """The same of steps: one that nobody does yet is for the contact persons of every party."""
    seats = Seat.objects.current().filter(person__user=user).select_related("party")
    tables = [seat.party.partnership_id for seat in seats if seat.contact]
    theirs = Q(owner__in=[seat.pk for seat in seats]) | Q(owner=None, partnership__in=tables)
    steps = due_today(Step).filter(theirs | looked_after_by(user)).order_by("partnership", "pk")
    return steps.select_related("owner__person", "partnership__district")


def looked_after_by(user: User) -> Q:
    """As `Partnership.looked_after_by`: the coordinator in charge, else all of the school's."""
    in_charge = Coordinator.objects.filter(
        user=OuterRef("partnership__coordinator"),
        user__is_active=True,
        school__parties__partnership=OuterRef("partnership"),
    )
    return Q(partnership__in=Party.objects.of_schools(user.school_ids)) & (
        Q(partnership__coordinator=user) | ~Q(Exists(in_charge))
    )
