"""The results of a debrief as a PDF: tagged, in one language (see `desk.pdf`)."""

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.templatetags.words import long_day, month
from accounts.text import language_of
from desk.agreement import WORDS
from desk.pdf import never_empty, typeset
from evaluations.models import Comment, Debrief, Notes
from evaluations.result_page import LEGEND, Page, last_notes
from evaluations.results import Results, Score
from partnerships.numbers import change, tenths

TEMPLATE = "debrief.typ"


def debrief_pdf(results: Results, user, language: str) -> bytes:
    """Return the file. The same results, with the same said to them, give the same bytes."""
    with translation.override(language):
        return typeset(TEMPLATE, document(Page(results, user)), at=changed_at(results.debrief))


def changed_at(debrief: Debrief):
    """When the file last came to say something new."""
    times = [debrief.closed_at]
    times += debrief.comments.values_list("at", flat=True)
    times += debrief.steps.values_list("step__made_at", flat=True)
    for notes in debrief.notes.prefetch_related("assents"):
        times += [notes.at, *(assent.at for assent in notes.assents.all())]
    return max(times)


def document(page: Page) -> dict:
    debrief, results = page.debrief, page.results
    names = page.partnership.title
    title = f"{debrief.name}, {month(debrief.closed_at)}"
    return {
        "lang": translation.get_language(),
        "name": f"{title}: {names}",
        "short": f"{names} · {debrief.name}",
        "title": title,
        "between": [own(party.name) for party in page.partnership.parties.all()],
        "closed": _("Closed on %(day)s.") % {"day": long_day(debrief.closed_at)},
        "turnout": [turnout(*one) for one in results.turnout],
        "rated": rated(results),
        "thin": thin(results),
        "first": first(results),
        "apart": apart(results),
        "words": words(page),
        "parties": [party_data(party) for party in results.parties],
        "rows": [row_data(one) for one in page.rows()],
        "choices": [choice_data(choice) for choice in results.choices],
        "texts": [text_data(question, sides) for question, sides in results.texts],
        "notes": notes_data(last_notes(debrief)),
        "nobody": "" if results.heard_in_all else _("Nobody has answered."),
        "replaced_signs": str(WORDS["replaced_signs"]),
        "page_of": str(WORDS["page_of"]),
    }


def apart(results: Results) -> str:
    """What stands in the place of a difference where there is none."""
    if results.to_talk_about or not results.in_order:
        return ""
    if results.compares:
        return _("The sides see it the same way")
    return _("There is nothing to compare")


def words(page: Page) -> dict:
    return {
        "stand": _("Where you stand"),
        "statement": _("Statement"),
        "one_to_five": _("1 to 5"),
        "since": _("Since %(month)s") % {"month": page.since} if page.since else "",
        "legend": str(LEGEND),
        "first": _("Talk about this first"),
        "differently": _("The sides see this most differently:"),
        "own_words": _("In your own words"),
        "said_since": _("What the sides have said to this since"),
        "nothing": _("Nothing was written."),
        "notes": _("Notes of the conversation"),
        "disagrees": _("We see it differently"),
        "step": pgettext("from a result", "Step"),
    }


def own(text: str) -> list[str]:
    """What people wrote, with its language."""
    return [text, language_of(text)]


def party_data(party) -> dict:
    return {"name": own(party.label), "side": str(party.side)}


def turnout(party, heard: int, asked: int) -> list:
    """Pieces of a line: who, and how many of how many."""
    return [own(party.name), _("%(heard)s of %(asked)s") % {"heard": heard, "asked": asked}]


def rated(results: Results) -> str:
    if not results.ends:
        return ""
    low, high = results.ends
    return _("Rated 1 (%(low)s) to 5 (%(high)s).") % {"low": low.lower(), "high": high.lower()}


def thin(results: Results) -> dict | None:
    if not (results.heard_in_all and results.is_thin):
        return None
    return {
        "title": _("Few people have answered here"),
        "who": _("Fewer than three people have answered for:"),
        "parties": [own(party.label) for party in results.thin],
        "so": _("One may guess who said what. Talk about the matter, not about the person."),
    }


def first(results: Results) -> dict | None:
    row = results.to_talk_about
    if row is None:
        return None
    scores = [[own(score.party.label), tenths(score.shown)] for score in row.spoken]
    return {"text": row.text, "scores": scores}


def row_data(one) -> dict:
    return {
        "text": never_empty(one.row.text),
        "principle": one.principle.title if one.principle else "",
        "ends": ends(one),
        "scores": [score_data(score) for score in one.row.scores],
        "changes": [
            [str(score.party.side), change(score.change)]
            for score in one.row.scores
            if score.change is not None
        ],
        "comments": [comment_data(comment) for comment in one.comments],
        "step": own(one.step.step.what) if one.step else None,
    }


def ends(one) -> str:
    """What 1 and 5 stand for, where that is something else than on top."""
    if not one.own_ends:
        return ""
    low, high = one.own_ends
    return _("Here 1 is “%(low)s” and 5 “%(high)s”.") % {"low": low, "high": high}


def score_data(score: Score) -> dict:
    """The numbers as text, and as numbers for the plot."""
    spoken = score.mean is not None
    return {
        "side": str(score.party.side),
        "mean": tenths(score.shown) if spoken else "",
        "spread": spread(score),
        "at": float(score.mean) if spoken else None,
        "low": score.low,
        "high": score.high,
    }


def spread(score: Score) -> list[str]:
    """The lines below a mean."""
    lines = []
    if score.mean is not None:
        values = f"{score.low}" if score.low == score.high else f"{score.low}–{score.high}"
        lines.append(f"{values} ({score.count})")
    if score.cannot_say:
        lines.append(_("%(number)s cannot say") % {"number": score.cannot_say})
    return lines or [pgettext("to a statement", "no answer")]


def comment_data(comment: Comment) -> dict:
    return {
        "party": own(comment.party.label),
        "disagrees": comment.disagrees,
        "text": own(comment.text),
        "by": f"{comment.speaker or comment.by.name}, {long_day(comment.day)}",
    }


def choice_data(choice) -> dict:
    return {
        "text": never_empty(choice.text),
        "lines": [[label, *counts] for label, counts in choice.lines],
    }


def text_data(question: str, sides) -> dict:
    return {
        "question": never_empty(question),
        "sides": [
            {"party": party_data(side.party), "texts": [own(text) for text in side.texts]}
            for side in sides
        ],
    }


def notes_data(notes: Notes | None) -> dict | None:
    if notes is None:
        return None
    agreed = _("All sides agree to these notes.")
    not_yet = _("Not every side has agreed to these notes yet.")
    return {"text": own(notes.text), "state": agreed if notes.is_agreed else not_yet}
