"""The kinds of events on a timeline, and how each is told."""

from datetime import date

from django.db.models import TextChoices
from django.utils.html import format_html
from django.utils.translation import get_language, gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from accounts.templatetags.words import dated, own_words
from partnerships.numbers import number
from partnerships.stages import Stage
from partnerships.vocabulary import Audience, ContactKind, ContactRhythm, Level, PublicPart


class EventGroup(TextChoices):
    MOVES = "moves", _("Stages and moves")
    CHECKLIST = "checklist", _("Checklist")
    PEOPLE = "people", _("People")
    QUESTIONS = "questions", _("Questions for both sides")
    AGREEMENT = "agreement", _("Agreement")
    WORK = "work", _("Goals, activities and steps")
    GIVING = "giving", _("Give and take")
    CONTACT = "contact", _("Contact")
    DOCUMENTS = "documents", _("Documents")
    DEBRIEFS = "debriefs", _("Debriefs")
    WINS = "wins", _("Small wins and the public")
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
    GOAL_SET = "goal_set", _("Goal set")
    GOAL_CHANGED = "goal_changed", _("Goal changed")
    GOAL_MEASURED = "goal_measured", _("Goal measured")
    MEASUREMENT_CORRECTED = "measurement_corrected", _("Measurement corrected")
    MEASUREMENT_TAKEN_BACK = "measurement_taken_back", _("Measurement taken back")
    GOAL_CARRIED_OVER = "goal_carried_over", _("Goal carried over")
    GOAL_RETIRED = "goal_retired", _("Goal retired")
    GOAL_TAKEN_UP_AGAIN = "goal_taken_up_again", _("Goal taken up again")
    ACTIVITY_PLANNED = "activity_planned", _("Activity planned")
    ACTIVITY_CHANGED = "activity_changed", _("Activity changed")
    ACTIVITY_CALLED_OFF = "activity_called_off", _("Activity called off")
    ACTIVITY_PLANNED_AGAIN = "activity_planned_again", _("Activity planned again")
    ACTIVITY_HELD = "activity_held", _("Activity took place")
    ACTIVITY_NOT_HELD = "activity_not_held", _("Activity did not take place")
    ACTIVITY_MOVED = "activity_moved", _("Activity moved to another day")
    STEP_ADDED = "step_added", _("Step added")
    STEP_CHANGED = "step_changed", _("Step changed")
    STEP_DONE = "step_done", _("Step done")
    STEP_OPENED = "step_opened", _("Step opened again")
    STEP_DROPPED = "step_dropped", _("Step dropped")
    CONTRIBUTION_ADDED = "contribution_added", _("Contribution noted")
    CONTRIBUTION_CHANGED = "contribution_changed", _("Contribution changed")
    CONTRIBUTION_TAKEN_BACK = "contribution_taken_back", _("Contribution taken back")
    CONTRIBUTION_GIVEN = "contribution_given", _("Contribution given")
    DELIVERY_CORRECTED = "delivery_corrected", _("Given amount corrected")
    DELIVERY_TAKEN_BACK = "delivery_taken_back", _("Given amount taken back")
    GAIN_NOTED = "gain_noted", _("Gain noted")
    GAIN_CHANGED = "gain_changed", _("Gain changed")
    GAIN_TAKEN_BACK = "gain_taken_back", _("Gain taken back")
    CONTACT_LOGGED = "contact_logged", _("Contact noted")
    CONTACT_CHANGED = "contact_changed", _("Contact log changed")
    DISAGREEMENT_SETTLED = "disagreement_settled", _("Disagreement settled")
    CONTACT_RHYTHM_SET = "contact_rhythm_set", _("Contact rhythm")
    DOCUMENT_ADDED = "document_added", _("Document added")
    DOCUMENT_CHANGED = "document_changed", _("Document changed")
    DOCUMENT_VERSION_ADDED = "document_version_added", _("New version of a document")
    DOCUMENT_SHARED = "document_shared", _("Document shared")
    DOCUMENT_UNSHARED = "document_unshared", _("Document no longer shared")
    DOCUMENT_SET_ASIDE = "document_set_aside", _("Document set aside")
    DOCUMENT_BROUGHT_BACK = "document_brought_back", _("Document brought back")
    DEBRIEF_OPENED = "debrief_opened", _("Debrief opened")
    DEBRIEF_LINK_MADE = "debrief_link_made", _("Personal link made")
    DEBRIEF_EXTENDED = "debrief_extended", _("Debrief extended")
    DEBRIEF_CLOSED = "debrief_closed", _("Debrief closed")
    RESULT_COMMENTED = "result_commented", _("Result commented")
    NOTES_PROPOSED = "notes_proposed", _("Notes proposed")
    NOTES_AGREED = "notes_agreed", _("Notes agreed")
    WISH_SAID = "wish_said", _("What a side would like")
    HANDED_ON = "handed_on", _("Handed on")
    WIN_ADDED = "win_added", _("Small win")
    WIN_CHANGED = "win_changed", _("Small win changed")
    WIN_TAKEN_BACK = "win_taken_back", _("Small win taken back")
    THANKED = "thanked", _("Thanks")
    PUBLIC_TEXT_CHANGED = "public_text_changed", _("Public text changed")
    PUBLIC_RELEASED = "public_released", _("Released for the public")
    PUBLIC_WITHDRAWN = "public_withdrawn", _("Withdrawn from the public")
    FEEDBACK_LINK_MADE = "feedback_link_made", _("Link for feedback")
    FEEDBACK_LINK_CLOSED = "feedback_link_closed", _("Link for feedback closed")
    FEEDBACK_ANSWERED = "feedback_answered", _("Feedback answered")
    HANDOVER_WRITTEN = "handover_written", _("Handover written")


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
        EventKind.HANDOVER_WRITTEN,
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
    EventGroup.WORK: [
        EventKind.GOAL_SET,
        EventKind.GOAL_CHANGED,
        EventKind.GOAL_MEASURED,
        EventKind.MEASUREMENT_CORRECTED,
        EventKind.MEASUREMENT_TAKEN_BACK,
        EventKind.GOAL_CARRIED_OVER,
        EventKind.GOAL_RETIRED,
        EventKind.GOAL_TAKEN_UP_AGAIN,
        EventKind.ACTIVITY_PLANNED,
        EventKind.ACTIVITY_CHANGED,
        EventKind.ACTIVITY_CALLED_OFF,
        EventKind.ACTIVITY_PLANNED_AGAIN,
        EventKind.ACTIVITY_HELD,
        EventKind.ACTIVITY_NOT_HELD,
        EventKind.ACTIVITY_MOVED,
        EventKind.STEP_ADDED,
        EventKind.STEP_CHANGED,
        EventKind.STEP_DONE,
        EventKind.STEP_OPENED,
        EventKind.STEP_DROPPED,
    ],
    EventGroup.GIVING: [
        EventKind.CONTRIBUTION_ADDED,
        EventKind.CONTRIBUTION_CHANGED,
        EventKind.CONTRIBUTION_TAKEN_BACK,
        EventKind.CONTRIBUTION_GIVEN,
        EventKind.DELIVERY_CORRECTED,
        EventKind.DELIVERY_TAKEN_BACK,
        EventKind.GAIN_NOTED,
        EventKind.GAIN_CHANGED,
        EventKind.GAIN_TAKEN_BACK,
    ],
    EventGroup.CONTACT: [
        EventKind.CONTACT_LOGGED,
        EventKind.CONTACT_CHANGED,
        EventKind.DISAGREEMENT_SETTLED,
        EventKind.CONTACT_RHYTHM_SET,
    ],
    EventGroup.DOCUMENTS: [
        EventKind.DOCUMENT_ADDED,
        EventKind.DOCUMENT_CHANGED,
        EventKind.DOCUMENT_VERSION_ADDED,
        EventKind.DOCUMENT_SHARED,
        EventKind.DOCUMENT_UNSHARED,
        EventKind.DOCUMENT_SET_ASIDE,
        EventKind.DOCUMENT_BROUGHT_BACK,
    ],
    EventGroup.DEBRIEFS: [
        EventKind.DEBRIEF_OPENED,
        EventKind.DEBRIEF_LINK_MADE,
        EventKind.DEBRIEF_EXTENDED,
        EventKind.DEBRIEF_CLOSED,
        EventKind.RESULT_COMMENTED,
        EventKind.NOTES_PROPOSED,
        EventKind.NOTES_AGREED,
        EventKind.WISH_SAID,
        EventKind.HANDED_ON,
    ],
    EventGroup.WINS: [
        EventKind.WIN_ADDED,
        EventKind.WIN_CHANGED,
        EventKind.WIN_TAKEN_BACK,
        EventKind.THANKED,
        EventKind.PUBLIC_TEXT_CHANGED,
        EventKind.PUBLIC_RELEASED,
        EventKind.PUBLIC_WITHDRAWN,
        EventKind.FEEDBACK_LINK_MADE,
        EventKind.FEEDBACK_LINK_CLOSED,
        EventKind.FEEDBACK_ANSWERED,
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
    EventKind.GOAL_SET: gettext_noop("{by} set the goal “{goal}”"),
    EventKind.GOAL_CHANGED: gettext_noop("{by} changed the goal “{goal}”"),
    EventKind.GOAL_MEASURED: gettext_noop(
        "{by} noted for the goal “{goal}”: {value} {unit} on {on}."
    ),
    EventKind.MEASUREMENT_CORRECTED: gettext_noop(
        "{by} corrected for the goal “{goal}”: {value} {unit} on {on}. Before: {before} {unit} on {was_on}."
    ),
    EventKind.MEASUREMENT_TAKEN_BACK: gettext_noop(
        "{by} took back for the goal “{goal}”: {before} {unit} on {on}."
    ),
    EventKind.GOAL_CARRIED_OVER: gettext_noop(
        "{by} carried over to the new cycle the goal “{goal}”"
    ),
    EventKind.GOAL_RETIRED: gettext_noop("{by} retired the goal “{goal}”"),
    EventKind.GOAL_TAKEN_UP_AGAIN: gettext_noop("{by} took up again the goal “{goal}”"),
    EventKind.ACTIVITY_PLANNED: gettext_noop("{by} planned the activity “{activity}”"),
    EventKind.ACTIVITY_CHANGED: gettext_noop("{by} changed the activity “{activity}”"),
    EventKind.ACTIVITY_CALLED_OFF: gettext_noop("{by} called off the activity “{activity}”"),
    EventKind.ACTIVITY_PLANNED_AGAIN: gettext_noop("{by} planned again the activity “{activity}”"),
    EventKind.ACTIVITY_HELD: gettext_noop("{by} noted how it went on {on}: “{activity}”"),
    EventKind.ACTIVITY_NOT_HELD: gettext_noop(
        "{by} noted that it did not take place on {on}: “{activity}”"
    ),
    EventKind.ACTIVITY_MOVED: gettext_noop("{by} moved from {was_on} to {on}: “{activity}”"),
    EventKind.STEP_ADDED: gettext_noop("{by} added the step “{step}”"),
    EventKind.STEP_CHANGED: gettext_noop("{by} changed the step “{step}”"),
    EventKind.STEP_DONE: gettext_noop("{by} noted as done the step “{step}”"),
    EventKind.STEP_OPENED: gettext_noop("{by} opened again the step “{step}”"),
    EventKind.STEP_DROPPED: gettext_noop("{by} dropped the step “{step}”"),
    EventKind.CONTRIBUTION_ADDED: gettext_noop("{by} noted what {party} puts in: “{contribution}”"),
    EventKind.CONTRIBUTION_CHANGED: gettext_noop(
        "{by} changed what {party} puts in: “{contribution}”. Before: {before}."
    ),
    EventKind.CONTRIBUTION_TAKEN_BACK: gettext_noop(
        "{by} took back what {party} puts in: “{contribution}”"
    ),
    EventKind.CONTRIBUTION_GIVEN: gettext_noop(
        "{by} noted what {party} gave on {on}: {amount}, “{contribution}”"
    ),
    EventKind.DELIVERY_CORRECTED: gettext_noop(
        "{by} corrected what {party} gave: {amount} on {on}, before {before} on {was_on}, "
        "“{contribution}”"
    ),
    EventKind.DELIVERY_TAKEN_BACK: gettext_noop(
        "{by} took back what was noted as given by {party}: {before} on {was_on}, “{contribution}”"
    ),
    EventKind.GAIN_NOTED: gettext_noop("{by} noted what {party} gains: “{gain}”"),
    EventKind.GAIN_CHANGED: gettext_noop(
        "{by} changed what {party} gains: “{gain}”. Before: “{said_before}”"
    ),
    EventKind.GAIN_TAKEN_BACK: gettext_noop("{by} took back what {party} gains: “{gain}”"),
    EventKind.CONTACT_LOGGED: gettext_noop("{by} wrote into the contact log: {contact} on {on}."),
    EventKind.CONTACT_CHANGED: gettext_noop(
        "{by} changed an entry of the contact log: {contact} on {on}."
    ),
    EventKind.DISAGREEMENT_SETTLED: gettext_noop(
        "{by} noted how the disagreement of {on} was settled."
    ),
    EventKind.CONTACT_RHYTHM_SET: gettext_noop(
        "{by} noted how often you are in contact: {rhythm}."
    ),
    EventKind.DOCUMENT_ADDED: gettext_noop("{by} added the document “{document}”"),
    EventKind.DOCUMENT_CHANGED: gettext_noop(
        "{by} changed the title or note of the document “{document}”"
    ),
    EventKind.DOCUMENT_VERSION_ADDED: gettext_noop(
        "{by} added version {number} of the document “{document}”"
    ),
    EventKind.DOCUMENT_SHARED: gettext_noop("{by} shared the document “{document}” with all sides"),
    EventKind.DOCUMENT_UNSHARED: gettext_noop("{by} no longer shares the document “{document}”"),
    EventKind.DOCUMENT_SET_ASIDE: gettext_noop("{by} set aside the document “{document}”"),
    EventKind.DOCUMENT_BROUGHT_BACK: gettext_noop("{by} brought back the document “{document}”"),
    EventKind.HANDOVER_WRITTEN: gettext_noop(
        "{by} wrote down what whoever comes after {person} should know."
    ),
    EventKind.DEBRIEF_OPENED: gettext_noop("{by} opened a debrief. It can be answered until {on}."),
    EventKind.DEBRIEF_LINK_MADE: gettext_noop(
        "{by} made a personal link to the debrief for {person}."
    ),
    EventKind.DEBRIEF_EXTENDED: gettext_noop("{by} gave more time for the debrief, until {on}."),
    EventKind.DEBRIEF_CLOSED: gettext_noop("The debrief has closed with {number} answers."),
    EventKind.RESULT_COMMENTED: gettext_noop(
        "{by} commented for {party} on a result of the debrief: “{question}”"
    ),
    EventKind.NOTES_PROPOSED: gettext_noop(
        "{by} proposed for {party} notes of the conversation about the debrief."
    ),
    EventKind.NOTES_AGREED: gettext_noop(
        "All sides have agreed on the notes of the conversation about the debrief."
    ),
    EventKind.WISH_SAID: gettext_noop("{by} said for {party} what it would like to come next."),
    EventKind.HANDED_ON: gettext_noop("{by} wrote down for {party} what is handed on."),
    EventKind.WIN_ADDED: gettext_noop("{by} told of a small win: “{win}”"),
    EventKind.WIN_CHANGED: gettext_noop("{by} changed a small win: “{win}”"),
    EventKind.WIN_TAKEN_BACK: gettext_noop("{by} took back a small win: “{win}”"),
    EventKind.THANKED: gettext_noop("{by} thanked {person}."),
    EventKind.PUBLIC_TEXT_CHANGED: gettext_noop(
        "{by} wrote what the public page says about the partnership."
    ),
    EventKind.PUBLIC_RELEASED: gettext_noop(
        "{by} released for {party}, for the public page: {part}."
    ),
    EventKind.PUBLIC_WITHDRAWN: gettext_noop(
        "{by} withdrew for {party}, from the public page: {part}."
    ),
    EventKind.FEEDBACK_LINK_MADE: gettext_noop("{by} made a link for feedback: {audience}."),
    EventKind.FEEDBACK_LINK_CLOSED: gettext_noop("{by} closed the link for feedback: {audience}."),
    EventKind.FEEDBACK_ANSWERED: gettext_noop(
        "{by} answered for {party} what somebody from the community had said."
    ),
    EventKind.REASSIGNED: gettext_noop("{by} put the partnership into the hands of {coordinator}."),
}


OTHER_TARGET = gettext_noop(
    "{by} changed the goal “{goal}”. The target is {value} {unit} now, before {before}."
)
MANY_MEASURED = gettext_noop(
    "{by} noted for the goal “{goal}” {count} measurements, from {was_on} to {on}."
)
PICTURE_REMOVED = gettext_noop("{by} removed the picture of a small win: “{win}”")
BROUGHT_BACK = gettext_noop("{by} brought back a small win: “{win}”")
# The same, said of one day of what repeats.
OF_ONE_DAY = {
    EventKind.ACTIVITY_CALLED_OFF: gettext_noop("{by} called off for {on}: “{activity}”"),
    EventKind.ACTIVITY_PLANNED_AGAIN: gettext_noop("{by} planned again for {on}: “{activity}”"),
}

# What an event holds by a value of one of the closed lists.
LISTS = {
    "stage": Stage,
    "now": Level,
    "wanted": Level,
    "contact": ContactKind,
    "rhythm": ContactRhythm,
    "part": PublicPart,
    "audience": Audience,
}
DAYS = {"on", "was_on"}
NUMBERS = {"value", "before"}


def as_words(name: str, value):
    """Return what an event holds in the words of the reader's language."""
    if isinstance(value, dict):  # kept in both languages, if it is the product's own content
        if all(value.values()):
            return value[get_language()]
        return own_words(next(filter(None, value.values()), ""))
    if name in LISTS:
        return LISTS[name](value).label if value else gettext("not said")
    if name in NUMBERS:
        return number(value)
    if name in DAYS:
        return dated(date.fromisoformat(value))
    return own_words(value)


def wording(kind: EventKind, about: dict) -> str:
    if kind == EventKind.GOAL_MEASURED and "count" in about:
        return MANY_MEASURED
    if kind == EventKind.GOAL_CHANGED and "before" in about:
        return OTHER_TARGET
    if kind == EventKind.WIN_CHANGED and "picture" in about:
        return PICTURE_REMOVED
    if kind == EventKind.WIN_ADDED and "again" in about:
        return BROUGHT_BACK
    if kind in OF_ONE_DAY and "on" in about:
        return OF_ONE_DAY[kind]
    return SENTENCES[kind]


def sentence(kind: EventKind, *, by: str, about: dict):
    """Tell an event as one sentence of HTML, in the reader's language."""
    words = {name: as_words(name, value) for name, value in about.items()}
    told = format_html(gettext(wording(kind, about)), by=own_words(by), **words)
    if kind == EventKind.PERSON_LEFT and about.get("successor"):
        told = format_html("{} {}", told, format_html(gettext("{successor} takes over."), **words))
    return told
