"""What the partnerships of the demo tell everybody, and who released it."""

from functools import cache, partial

from desk.seeding import fixture
from partnerships.events import EventKind
from partnerships.models import PublicPage
from partnerships.vocabulary import PublicPart

DAY_OF_PARTS = (
    2  # days ago on which goals and wins are released: after all that the story tells of them
)


@cache
def all_pages() -> dict:
    return fixture("demo_public")


def diary(story) -> list[tuple]:
    """When each text was written and released, and then the goals and wins."""
    name = f"{story.entry['school']}/{story.entry['partner']}"
    return [
        line for entry in all_pages().get(name, []) for line in PageStory(story, **entry).lines()
    ]


class PageStory:
    def __init__(
        self, story, *, by, ago, released, en="", vi="", goals=0, wins=0, waiting=0, voice=False
    ):
        self.story, self.by = story, story.demo.users[by]
        self.ago, self.released = ago, released
        self.texts = {"about_en": en, "about_vi": vi}
        self.goals, self.wins, self.waiting, self.voice = goals, wins, waiting, voice

    def lines(self):
        yield self.ago, self.write
        for place, ago in enumerate(self.released):
            yield ago, partial(self.release_about, place)
        yield DAY_OF_PARTS, self.release_parts

    @property
    def parties(self) -> list:
        self.story.look_anew()
        self.page = PublicPage.objects.get(partnership=self.story.partnership)
        self.page.partnership = self.story.partnership
        return list(self.story.partnership.parties.all())

    def write(self):
        self.story.look_anew()
        partnership = self.story.partnership
        PublicPage(partnership=partnership, **self.texts).save()
        partnership.record(EventKind.PUBLIC_TEXT_CHANGED, by=self.by)

    def release_about(self, place: int):
        party = self.parties[place]
        self.release(self.page.part(PublicPart.ABOUT), [party])

    def release_parts(self):
        """The first so many of each kind by all; of the wins, a few more by the school alone."""
        parties = self.parties
        parts = self.page.parts
        goals = [part for part in parts if part.kind == PublicPart.GOALS]
        wins = [part for part in parts if part.kind == PublicPart.WIN]
        for part in [*goals[: self.goals], *wins[self.waiting : self.waiting + self.wins]]:
            self.release(part, parties)
        if self.voice:
            self.release(self.page.part(PublicPart.VOICE), parties)
        for part in wins[: self.waiting]:
            self.release(part, parties[:1])

    def release(self, part, parties):
        for party in parties:
            said = self.story.voice_of(party)
            self.page.release(part, party, fingerprint=part.fingerprint, **said)
