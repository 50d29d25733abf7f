"""The demo's contact logs: who spoke with whom, what was said, and the steps that followed."""

from datetime import timedelta
from functools import partial

from desk.seeding import fixture
from partnerships.models import LogEntry, Step


def diary(story) -> list:
    """What happens at the table of a partnership: (days ago, what to do) pairs."""
    key = f"{story.entry['school']}/{story.entry['partner']}"
    log = Log(story, **fixture("demo_contact").get(key, {}))
    return [line for lines in (log.rhythms(), log.entries()) for line in lines]


class Log:
    def __init__(self, story, rhythm=(), log=()):
        self.story, self.rhythm, self.log = story, rhythm, log

    def user(self, entry):
        return self.story.demo.users[entry["by"]] if "by" in entry else self.story.by

    def seat(self, key):
        """The seat of somebody with an account, or by the key of a person of one of the two."""
        user = self.story.demo.users.get(key)
        seats = self.story.partnership.current_seats
        held = [seat for seat in seats if user and seat.person.user_id == user.pk]
        return held[0] if held else self.story.seat_of(key)

    def rhythms(self):
        for entry in self.rhythm:
            yield entry["ago"], partial(self.set_rhythm, entry["to"])

    def entries(self):
        for entry in self.log:
            written = []
            yield entry["ago"], partial(self.write, entry, written)
            if settled := entry.get("settled"):
                yield settled["ago"], partial(self.settle, written, settled["how"])
            for place, step in enumerate(entry.get("steps", [])):
                act = partial(self.close, written, place, step)
                if ago := step.get("done") or step.get("dropped", {}).get("ago"):
                    yield ago, act

    def set_rhythm(self, rhythm):
        self.story.partnership.set_contact_rhythm(rhythm, by=self.story.by)

    def write(self, entry, written):
        """Write an entry and the steps that follow from it; `written` keeps them for what comes later."""
        table = self.story.partnership
        made = table.log.write(
            by=self.user(entry),
            people=[self.seat(key) for key in entry["who"]],
            kind=entry["kind"],
            on=table.district.today(timedelta(days=entry.get("in", 0))),
            others=entry.get("others", ""),
            said=entry["said"],
        )
        written.append(made)
        written.extend(self.plan(step, made) for step in entry.get("steps", []))

    def plan(self, step, entry: LogEntry) -> Step:
        return self.story.partnership.steps.plan(
            by=entry.by,
            what=step["what"],
            owner=self.seat(step["owner"]) if "owner" in step else None,
            due_on=self.story.today_plus(-step["due"]),
            follows_from=entry,
        )

    def settle(self, written, how):
        entry = written[0]
        entry.settle(how, on=self.story.partnership.district.today(), by=self.story.by)

    def close(self, written, place, step):
        made = written[1 + place]
        by = (made.owner and made.owner.person.user) or self.story.by
        if dropped := step.get("dropped"):
            made.drop(dropped["because"], by=by)
        else:
            made.tick(by=by)
