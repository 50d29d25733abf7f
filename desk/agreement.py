"""The text of an agreement: put together from what is there, in both languages at once.

Every text in it is one of three: `{"en": …, "vi": …}`, the product's own words; `{"name": …,
"lang": …}`, a name or title; `{"own": …, "lang": …}`, what people wrote, with `"translated"` where
the parties have agreed on a translation. All that its pages and PDFs say is part of it, so that a
version reads the same for ever. `desk.agreement_text` reads it in a language.
"""

from django.conf import settings
from django.db.models import Prefetch
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.templatetags.words import long_day
from accounts.text import language_of
from evaluations.agreed import Agreed, agreed_on
from partnerships.amounts import in_each_language
from partnerships.models import (
    Activity,
    AgreementDraft,
    Contribution,
    Goal,
    Part,
    Partnership,
    Seat,
)
from partnerships.numbers import number
from partnerships.vocabulary import ContactRhythm, ContributionKind, EngagementKind, Rhythm

FORMAT = 2  # of what `compose` returns; since 2 a part may have `blocks` and a `table`
LANGUAGES = [language for language, _name in settings.LANGUAGES]

# What is said around the text. `%(…)s` is filled in by whoever shows it.
WORDS = {
    "version": _("Version %(number)s, drawn up on %(date)s"),
    "between": _("Between"),
    "written_in_en": _("Written in English."),
    "written_in_vi": _("Written in Vietnamese."),
    "translated_from_en": _("Written in English. All sides have agreed on this translation."),
    "translated_from_vi": _("Written in Vietnamese. All sides have agreed on this translation."),
    "signatures": _("Signatures"),
    "party": _("Side"),
    "person": _("Name"),
    "position": _("Position"),
    "roles": _("Roles"),
    "signed_by": _("Signed by"),
    "when": _("When"),
    "how": _("How"),
    "here": _("In Alongside, having read the text in %(language)s and said that they may sign."),
    "paper": _("On paper, on %(date)s. The scan is kept in Alongside."),
    "english": _("English"),
    "vietnamese": _("Vietnamese"),
    "not_signed": _("Not signed yet"),
    "by_hand": _("To sign by hand"),
    "hand_name": _("Name"),
    "hand_day": _("Day"),
    "hand_signature": _("Signature"),
    "in_force": _("All sides have signed. This version is in force since %(date)s."),
    "not_in_force": _("This version is not in force: not all sides have signed it."),
    "fingerprint": _("Fingerprint of the text (SHA-256)"),
    "one_text": _("The English and the Vietnamese text are one version."),
    "replaced_signs": _(
        "The sign □ stands for a letter or picture that the typeface of this file does not have. "
        "The page in Alongside shows it."
    ),
    "page_of": _("Page %(page)s of %(pages)s"),
}


def both(message, **gaps) -> dict[str, str]:
    """Return a message of ours in both languages."""
    return in_each_language(lambda: str(message) % gaps if gaps else message)


def name(text: str) -> dict[str, str]:
    return {"name": text, "lang": language_of(text)}


def own(text: str, translated=None) -> dict:
    """What somebody wrote; `translated` is the agreed translation, if there is one."""
    said = {"own": text, "lang": language_of(text)}
    return said | {"translated": {translated.language: translated.text}} if translated else said


def both_days(day) -> dict[str, str]:
    return in_each_language(lambda: long_day(day))


class Composition:
    """The next version of an agreement, as it would be frozen now, and what it still lacks."""

    def __init__(self, partnership: Partnership, draft: AgreementDraft):
        self.partnership, self.draft = partnership, draft
        self.agreed = agreed_on(partnership)
        self.body = self.compose()

    @property
    def not_agreed(self) -> list[Agreed]:
        """The questions on which nothing is agreed yet."""
        return [one for one in self.agreed if not one.wording]

    @property
    def empty_parts(self) -> list[Part]:
        """The parts that are wanted, but for which nothing is there yet."""
        return [part for part in self.wanted if not self.filled(part)]

    @property
    def wanted(self) -> list[Part]:
        return [part for part in Part if part not in self.draft.left_out]

    @property
    def left_out(self) -> list[Part]:
        return [part for part in Part if part in self.draft.left_out]

    def filled(self, part: Part) -> bool:
        return any(one["key"] == part for one in self.body["parts"])

    def compose(self) -> dict:
        return {
            "format": FORMAT,
            "title": both(_("Partnership agreement")),
            "parties": [
                {"pk": party.pk, "side": party.side.value, "name": name(party.name)}
                for party in self.partnership.parties.all()
            ],
            "parts": [part for one in self.wanted for part in self.part(one)],
            "words": {key: both(message) for key, message in WORDS.items()},
        }

    def part(self, part: Part) -> list[dict]:
        """Return the part, if there is anything in it."""
        content = getattr(self, f"of_{part.value}")()
        if not any(content.values()):
            return []
        introduction = self.draft.introductions.get(part, "")
        opening = {"introduction": own(introduction)} if introduction else {}
        return [{"key": part.value, "title": both(part.label)} | opening | content]

    def of_purpose(self):
        return {"entries": [{"key": "purpose", "text": own(self.partnership.purpose)}]}

    def of_people(self):
        """Everybody at the table; who leaves stays, until then."""
        return {
            "people": [
                {
                    "key": str(seat.pk),
                    "party": name(party.name),
                    "name": name(seat.person.name),
                    "position": name(seat.person.title),
                    "roles": [both(role.label) for role in seat.roles],
                }
                for party in self.partnership.parties.all()
                for seat in party.seats_of(self.partnership)
                if seat.is_current
            ]
        }

    def of_questions(self):
        return {
            "entries": [
                {
                    "key": one.question.key,
                    "label": question_text(one.question.texts),
                    "text": own(one.wording.text, one.translation),
                }
                for one in self.agreed
                if one.wording
            ]
        }

    def of_goals(self):
        """What is worked on now, in whichever cycle it was set."""
        return {"blocks": [goal_block(goal) for goal in self.partnership.goals.open()]}

    def of_engagements(self):
        return {
            "points": [
                {"key": engagement.kind, "text": both(EngagementKind(engagement.kind).label)}
                for engagement in self.partnership.engagements.all()
            ]
        }

    def of_activities(self):
        """What is planned in the cycle that runs; what was called off is left out."""
        planned = self.partnership.activities.planned().filter(cycle=self.partnership.cycle)
        seats = Seat.objects.select_related("person", "party__school", "party__partner")
        led = planned.prefetch_related(Prefetch("leads", seats.order_by("party__position", "pk")))
        return {"blocks": [activity_block(activity) for activity in led]}

    def of_contributions(self):
        """What is promised for the cycle that runs; what was given without a promise binds nobody."""
        promised = self.partnership.contributions.with_party().standing()
        rows = promised.filter(cycle=self.partnership.cycle, party__left_on=None)
        by_party = sorted(rows.exclude(promised=None), key=lambda one: (one.party.place, one.place))
        return {"table": contribution_table(by_party)}

    def of_duration(self):
        days = {
            "starts_on": (_("Begins on"), self.partnership.starts_on),
            "ends_on": (_("Planned until"), self.partnership.ends_on),
        }
        return {
            "facts": [
                {"key": key, "label": both(label), "text": both_days(day)}
                for key, (label, day) in days.items()
                if day
            ]
        }

    def of_rhythm(self):
        """What is written, and beside it how often the sides are in contact, as the contact log has it."""
        text, rhythm = self.draft.rhythm, self.partnership.contact_rhythm
        return {
            "entries": [{"key": "rhythm", "text": own(text)}] if text else [],
            "facts": [
                {
                    "key": "contact_rhythm",
                    "label": both(_("In contact, at least")),
                    "text": both(ContactRhythm(rhythm).label),
                }
            ]
            if rhythm
            else [],
        }


def fact(key: str, label, text: dict, **gaps) -> dict:
    return {"key": key, "label": both(label, **gaps), "text": text}


def goal_block(goal: Goal) -> dict:
    """A goal: for whom, what is counted, from where to where, and what it serves."""
    facts = [
        fact("measure", _("What we count"), own(f"{goal.measure} ({goal.unit})")),
        fact("way", _("From where to where"), in_each_language(lambda: way_of(goal))),
    ]
    if goal.for_whom:
        whom = in_each_language(lambda: ", ".join(str(one.label) for one in goal.for_whom))
        facts.insert(0, fact("for", _("For whom"), whom))
    if goal.serves:
        facts.append(fact("serves", _("It serves"), own(goal.serves)))
    return {"key": f"goal-{goal.pk}", "title": own(goal.what), "facts": facts}


def way_of(goal: Goal) -> str:
    return gettext("from %(start)s on %(first)s to %(target)s by %(last)s") % {
        "start": number(goal.starting_value),
        "first": long_day(goal.starts_on),
        "target": number(goal.target),
        "last": long_day(goal.due_on),
    }


def activity_block(activity: Activity) -> dict:
    """An activity: of which kind, when, where, and who leads on each side."""
    facts = [
        fact("kind", _("Kind of engagement"), both(EngagementKind(activity.kind).label)),
        fact("when", _("When it takes place"), in_each_language(lambda: when(activity))),
    ]
    if activity.place:
        facts.append(fact("place", _("Where"), own(activity.place)))
    for seat in activity.leads.all():
        who = f"{seat.person.name} ({seat.party.name})"
        facts.append(fact(f"lead-{seat.pk}", _("Leads"), name(who)))
    return {"key": f"activity-{activity.pk}", "title": own(activity.title), "facts": facts}


def when(activity: Activity) -> str:
    said = long_day(activity.on)
    if activity.rhythm != Rhythm.ONCE:
        said = gettext("%(rhythm)s, from %(first)s until %(last)s") % {
            "rhythm": activity.get_rhythm_display(),
            "first": said,
            "last": long_day(activity.until),
        }
    hours = [f"{at:%H:%M}" for at in (activity.begins_at, activity.ends_at) if at]
    return ", ".join(filter(None, [said, "–".join(hours)]))


def contribution_table(contributions) -> dict:
    """What each party has promised, a row each; empty if nobody has promised anything."""
    rows = [
        {"key": f"contribution-{one.pk}", "cells": contribution_cells(one)} for one in contributions
    ]
    columns = (_("What it is"), _("Side"), _("How much"), _("Promised for"))
    return {"columns": [both(label) for label in columns], "rows": rows} if rows else {}


def contribution_cells(one: Contribution) -> list[list[dict]]:
    """A cell may say several things, one below the other."""
    basis = [own(one.basis)] if one.basis else []
    return [
        [own(one.what), both(ContributionKind(one.kind).label)],
        [name(one.party.name)],
        [in_each_language(lambda: one.promised_amount), *basis],
        [both_days(one.due_on)] if one.due_on else [],
    ]


def question_text(texts: dict[str, str]) -> dict[str, str]:
    """A question in both languages; a district may have written its own in one only."""
    return texts if all(texts.values()) else name(next(filter(None, texts.values()), ""))
