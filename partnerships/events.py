"""The kinds of events on a timeline, and how each is told."""

from datetime import date

from django.db.models import TextChoices
from django.utils.html import format_html
from django.utils.translation import get_language, gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from accounts.templatetags.words import day, own_words
from partnerships.stages import Stage
from partnerships.vocabulary import Level


class EventGroup(TextChoices):
    MOVES = "moves", _("Stages and moves")
    CHECKLIST = "checklist", _("Checklist")
    PEOPLE = "people", _("People")
    QUESTIONS = "questions", _("Questions for both sides")
    AGREEMENT = "agreement", _("Agreement")
    BASICS = "basics", _("Basics and worksheets")


class EventKind(TextChoices):
    STARTED = "started", _("Started")
    MOVED = "moved", _("Moved on")
    SKIPPED = "skipped", _("Moved ahead")
    MOVED_BACK = "moved_back", _("Moved back")
    RECOMMITTED = "recommitted", _("Recommitted")
    PAUSED = "paused", _("Paused")
    RESUMED = "resumed", _("Resumed")
    ENDED = "ended", _("Ended")
    REOPENED = "reopened", _("Reopened")
    ITEM_DONE = "item_done", _("Item done")
    ITEM_OPENED = "item_opened", _("Item opened again")
    ITEM_NOT_RELEVANT = "item_not_relevant", _("Item not relevant")
    ITEM_ADDED = "item_added", _("Item added")
    ITEM_CHANGED = "item_changed", _("Item changed")
    PARTY_JOINED = "party_joined", _("Joined the table")
    PARTY_LEFT = "party_left", _("Left the table")
    SEAT_TAKEN = "seat_taken", _("Person joined")
    SEAT_CHANGED = "seat_changed", _("Roles changed")
    PERSON_LEFT = "person_left", _("Person left")
    INVITED = "invited", _("Person invited")
    INVITATION_ACCEPTED = "invitation_accepted", _("Invitation accepted")
    INVITATION_REVOKED = "invitation_revoked", _("Invitation taken back")
    BASICS_CHANGED = "basics_changed", _("Basics changed")
    LEVELS_SET = "levels_set", _("Relationship level")
    WORKSHEET_WRITTEN = "worksheet_written", _("Worksheet")
    REASSIGNED = "reassigned", _("Reassigned")
    ANSWER_GIVEN = "answer_given", _("Answer given")
    ANSWER_CHANGED = "answer_changed", _("Answer changed")
    WORDING_PROPOSED = "wording_proposed", _("Wording proposed")
    AGREED = "agreed", _("Agreed")
    ANSWERS_ASKED_FOR = "answers_asked_for", _("Reminder sent")
    TRANSLATION_PROPOSED = "translation_proposed", _("Translation proposed")
    TRANSLATION_AGREED = "translation_agreed", _("Translation agreed")
    AGREEMENT_DRAWN_UP = "agreement_drawn_up", _("Agreement drawn up")
    AGREEMENT_SIGNED = "agreement_signed", _("Agreement signed")
    AGREEMENT_SIGNED_ON_PAPER = "agreement_signed_on_paper", _("Agreement signed on paper")
    AGREEMENT_IN_FORCE = "agreement_in_force", _("Agreement in force")
    AGREEMENT_WITHDRAWN = "agreement_withdrawn", _("Agreement taken back")


GROUPS = {
    EventGroup.MOVES: [
        EventKind.STARTED,
        EventKind.MOVED,
        EventKind.SKIPPED,
        EventKind.MOVED_BACK,
        EventKind.RECOMMITTED,
        EventKind.PAUSED,
        EventKind.RESUMED,
        EventKind.ENDED,
        EventKind.REOPENED,
    ],
    EventGroup.CHECKLIST: [
        EventKind.ITEM_DONE,
        EventKind.ITEM_OPENED,
        EventKind.ITEM_NOT_RELEVANT,
        EventKind.ITEM_ADDED,
        EventKind.ITEM_CHANGED,
    ],
    EventGroup.PEOPLE: [
        EventKind.PARTY_JOINED,
        EventKind.PARTY_LEFT,
        EventKind.SEAT_TAKEN,
        EventKind.SEAT_CHANGED,
        EventKind.PERSON_LEFT,
        EventKind.INVITED,
        EventKind.INVITATION_ACCEPTED,
        EventKind.INVITATION_REVOKED,
    ],
    EventGroup.QUESTIONS: [
        EventKind.ANSWER_GIVEN,
        EventKind.ANSWER_CHANGED,
        EventKind.WORDING_PROPOSED,
        EventKind.AGREED,
        EventKind.ANSWERS_ASKED_FOR,
        EventKind.TRANSLATION_PROPOSED,
        EventKind.TRANSLATION_AGREED,
    ],
    EventGroup.AGREEMENT: [
        EventKind.AGREEMENT_DRAWN_UP,
        EventKind.AGREEMENT_SIGNED,
        EventKind.AGREEMENT_SIGNED_ON_PAPER,
        EventKind.AGREEMENT_IN_FORCE,
        EventKind.AGREEMENT_WITHDRAWN,
    ],
    EventGroup.BASICS: [
        EventKind.BASICS_CHANGED,
        EventKind.LEVELS_SET,
        EventKind.WORKSHEET_WRITTEN,
        EventKind.REASSIGNED,
    ],
}

# What a partner contact may not read: what the school side keeps to itself.
SCHOOL_SIDE_ONLY = [EventKind.WORKSHEET_WRITTEN]

SENTENCES = {
    EventKind.STARTED: gettext_noop("{by} started the partnership."),
    EventKind.MOVED: gettext_noop("{by} moved the partnership on to “{stage}”."),
    EventKind.SKIPPED: gettext_noop("{by} moved the partnership ahead to “{stage}”."),
    EventKind.MOVED_BACK: gettext_noop("{by} moved the partnership back to “{stage}”."),
    EventKind.RECOMMITTED: gettext_noop(
        "{by} recorded the recommitment: cycle {cycle} begins at “{stage}”."
    ),
    EventKind.PAUSED: gettext_noop("{by} paused the partnership."),
    EventKind.RESUMED: gettext_noop("{by} took the partnership up again after a pause."),
    EventKind.ENDED: gettext_noop("{by} ended the partnership."),
    EventKind.REOPENED: gettext_noop("{by} reopened the partnership."),
    EventKind.ITEM_DONE: gettext_noop("{by} ticked “{item}”"),
    EventKind.ITEM_OPENED: gettext_noop("{by} opened again “{item}”"),
    EventKind.ITEM_NOT_RELEVANT: gettext_noop("{by} marked as not relevant “{item}”"),
    EventKind.ITEM_ADDED: gettext_noop("{by} added to the checklist “{item}”"),
    EventKind.ITEM_CHANGED: gettext_noop("{by} changed the details of “{item}”"),
    EventKind.PARTY_JOINED: gettext_noop("{by} brought {party} to the table."),
    EventKind.PARTY_LEFT: gettext_noop("{by} noted that {party} has left the table."),
    EventKind.SEAT_TAKEN: gettext_noop("{by} added {person} for {party}."),
    EventKind.SEAT_CHANGED: gettext_noop("{by} changed the roles of {person}."),
    EventKind.PERSON_LEFT: gettext_noop("{by} noted that {person} leaves on {on}."),
    EventKind.INVITED: gettext_noop("{by} invited {person}."),
    EventKind.INVITATION_ACCEPTED: gettext_noop("{by} accepted the invitation."),
    EventKind.INVITATION_REVOKED: gettext_noop("{by} took back the invitation of {person}."),
    EventKind.BASICS_CHANGED: gettext_noop("{by} changed the basics of the partnership."),
    EventKind.LEVELS_SET: gettext_noop(
        "{by} noted for {party}: relationship level now “{now}”, wanted “{wanted}”."
    ),
    EventKind.WORKSHEET_WRITTEN: gettext_noop("{by} wrote on the worksheet “{worksheet}”"),
    EventKind.ANSWER_GIVEN: gettext_noop("{by} gave the answer of {party} to “{question}”"),
    EventKind.ANSWER_CHANGED: gettext_noop("{by} changed the answer of {party} to “{question}”"),
    EventKind.WORDING_PROPOSED: gettext_noop(
        "{by} proposed for {party} what to agree on “{question}”"
    ),
    EventKind.AGREED: gettext_noop("All sides have agreed on “{question}”"),
    EventKind.ANSWERS_ASKED_FOR: gettext_noop("{by} reminded {party} of “{set}”"),
    EventKind.TRANSLATION_PROPOSED: gettext_noop(
        "{by} proposed for {party} a translation of what is agreed on “{question}”"
    ),
    EventKind.TRANSLATION_AGREED: gettext_noop(
        "All sides have agreed on the translation for “{question}”"
    ),
    EventKind.AGREEMENT_DRAWN_UP: gettext_noop("{by} drew up version {number} of the agreement."),
    EventKind.AGREEMENT_SIGNED: gettext_noop(
        "{by} signed version {number} of the agreement for {party}."
    ),
    EventKind.AGREEMENT_SIGNED_ON_PAPER: gettext_noop(
        "{by} entered that {name} signed version {number} of the agreement on paper, for {party}."
    ),
    EventKind.AGREEMENT_IN_FORCE: gettext_noop(
        "All sides have signed: version {number} of the agreement is in force."
    ),
    EventKind.AGREEMENT_WITHDRAWN: gettext_noop(
        "{by} took back version {number} of the agreement, which nobody had signed."
    ),
    EventKind.REASSIGNED: gettext_noop("{by} put the partnership into the hands of {coordinator}."),
}


def as_words(name: str, value):
    """Return what an event holds in the words of the reader's language."""
    if isinstance(value, dict):  # kept in both languages, if it is the product's own content
        if all(value.values()):
            return value[get_language()]
        return own_words(next(filter(None, value.values()), ""))
    if name == "stage":
        return Stage(value).label
    if name in {"now", "wanted"}:
        return Level(value).label if value else gettext("not said")
    if name == "on":
        return day(date.fromisoformat(value))
    return own_words(value)


def sentence(kind: EventKind, *, by: str, about: dict):
    """Tell an event as one sentence of HTML, in the reader's language."""
    words = {name: as_words(name, value) for name, value in about.items()}
    told = format_html(gettext(SENTENCES[kind]), by=own_words(by), **words)
    if kind == EventKind.PERSON_LEFT and about.get("successor"):
        told = format_html("{} {}", told, format_html(gettext("{successor} takes over."), **words))
    return told
