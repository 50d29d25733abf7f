"""The demo's debriefs: who said what when, until they closed."""

from datetime import timedelta
from functools import partial

from django.utils.translation import override

from desk.seeding import fixture
from evaluations.models import (
    AnswerKind,
    Comment,
    Debrief,
    DebriefKind,
    Notes,
    QuestionSet,
    ResultStep,
)


def diary(story) -> list:
    """When each debrief of a partnership opened, was answered and closed: (days ago, what to do) pairs."""
    name = f"{story.entry['school']}/{story.entry['partner']}"
    entries = fixture("demo_debriefs").get(name, [])
    return [line for entry in entries for line in DebriefStory(story, **entry).lines()]


class DebriefStory:
    def __init__(
        self, story, *, opened, last_day, said, kind="regular", closed=None, talk=(), notes=()
    ):
        self.story, self.kind = story, DebriefKind(kind)
        self.opened, self.last_day, self.closed = opened, last_day, closed
        self.said, self.talk, self.notes = said, talk, notes

    def lines(self):
        yield self.opened, self.open
        for who, answers in self.said.items():
            yield answers["ago"], partial(self.answer, who, answers)
        if self.closed is not None:
            yield self.closed, self.close
        for entry in self.talk:
            yield entry["ago"], partial(self.comment, **entry)
        for entry in self.notes:
            yield entry["ago"], partial(self.note, **entry)
            for who, ago in entry.get("agreed", {}).items():
                yield ago, partial(self.agree, who)

    def open(self):
        partnership = self.story.partnership
        sets = QuestionSet.objects.for_district(partnership.district_id)
        # The end of a partnership opens its closing debrief by itself.
        self.debrief = partnership.debriefs.filter(closed_at=None).first() or Debrief.objects.open(
            partnership,
            self.kind,
            question_set=sets.get(key=self.kind.set_key),
            closes_on=self.story.today - timedelta(days=self.last_day),
            by=self.story.by,
        )

    def answer(self, who: str, answers: dict):
        """Somebody answers all of it; with `given: false` they have only begun."""
        response = self.debrief.responses.get(seat=self.seat_of(who))
        response.keep(self.by_key(answers))
        if answers.get("given", True):
            response.give()

    def seat_of(self, who: str):
        """The seat of somebody with an account, or by the key of a person of one of the sides."""
        user = self.story.demo.users.get(who)
        held = self.story.partnership.seats_of(user) if user else []
        return held[0] if held else self.story.seat_of(who)

    def by_key(self, answers: dict) -> dict:
        """What somebody said, by the keys of the questions: the scales, the texts and the choice in order."""
        said = {
            AnswerKind.SCALE: iter(answers["scores"]),
            AnswerKind.TEXT: iter(answers.get("texts", [])),
            AnswerKind.CHOICE: iter([answers["next"]] if "next" in answers else []),
        }
        found = {one["key"]: next(said[one["answer"]], None) for one in self.debrief.questions}
        return {key: value for key, value in found.items() if value is not None}

    def close(self):
        self.debrief.close(by=self.story.by)

    def of(self, who: str) -> tuple:
        """Somebody with an account, and the party they sit in."""
        user = self.story.demo.users[who]
        partnership = self.story.partnership
        party = partnership.parties_of(user)[0]
        party.partnership = self.debrief.partnership = partnership
        return user, party

    def comment(self, *, ago, who, about, text="", disagrees=False, step=False):
        user, party = self.of(who)
        if text:
            Comment.say(self.debrief, about, party, text, by=user, disagrees=disagrees)
        if step:
            with override(user.language):
                ResultStep.make(self.debrief, about, by=user)

    def note(self, *, ago, who, text, agreed=()):
        user, party = self.of(who)
        before = self.debrief.notes.last()
        Notes.propose(self.debrief, party, text, by=user, seen=before.number if before else 0)

    def agree(self, who: str):
        user, party = self.of(who)
        notes = self.debrief.notes.last()
        notes.debrief = self.debrief
        notes.assent(party, by=user)
