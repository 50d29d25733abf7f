"""The demo's community: what students, families and staff say, and what becomes of it."""

from functools import partial

from desk.seeding import fixture
from evaluations.doors import Door
from evaluations.models import Feedback, FeedbackLink
from partnerships.vocabulary import Audience


def diary(story) -> list:
    """What happens at the doors of a partnership: (days ago, what to do) pairs."""
    key = f"{story.entry['school']}/{story.entry['partner']}"
    told = fixture("demo_voices").get(key, {"links": [], "voices": []})
    return [line for lines in (links(story, told), voices(story, told)) for line in lines]


def links(story, told):
    for entry in told["links"]:
        yield entry["ago"], partial(make_link, story, entry["audience"])


def make_link(story, audience):
    FeedbackLink.objects.make(story.partnership, audience, by=story.by)


def voices(story, told):
    for entry in told["voices"]:
        voice = Voice(story, entry)
        yield entry["ago"], voice.say
        for name, act in (("read", voice.read), ("public", voice.show)):
            for who, ago in entry.get(name, {}).items():
                yield ago, partial(act, who)
        for answer in entry.get("answers", []):
            yield answer["ago"], partial(voice.answer, answer)
        if aside := entry.get("aside"):
            yield aside["ago"], partial(voice.set_aside, aside["by"])


class Voice:
    """One voice and what the sides do with it."""

    def __init__(self, story, entry):
        self.story, self.entry = story, entry

    def say(self):
        table, audience = self.story.partnership, Audience(self.entry["audience"])
        door = Door(table, audience, slug="", is_open=True)
        said = {name: self.entry.get(name, "") for name in ("change", "idea")}
        language = self.entry.get("language", "en")
        self.made = door.keep(language, said | {"going": self.entry["going"]})

    def speaker(self, who):
        """An account, and the party it speaks for."""
        user = self.story.demo.users[who]
        return user, self.story.partnership.parties_of(user)[0]

    def read(self, who):
        user, party = self.speaker(who)
        self.mine.read([party], by=user)

    def show(self, who):
        user, party = self.speaker(who)
        self.made.show(party, by=user)

    def answer(self, answer):
        user, party = self.speaker(answer["by"])
        self.made.answer(party, answer["text"], outcome=answer.get("outcome", ""), by=user)

    def set_aside(self, who):
        self.mine.set_aside(by=self.story.demo.users[who])

    @property
    def mine(self):
        return Feedback.objects.filter(pk=self.made.pk)
