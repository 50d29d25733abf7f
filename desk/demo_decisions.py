"""The demo's decisions: what each side would like to come next, and what was handed on at an end."""

from functools import partial

from desk.seeding import fixture
from evaluations.models import Wish
from partnerships.models import HandedOn


def diary(story) -> list:
    """What a partnership's sides say before they decide: (days ago, what to do) pairs."""
    said = fixture("demo_decisions").get(f"{story.entry['school']}/{story.entry['partner']}", {})
    return [
        *((entry["ago"], partial(wish, story, entry)) for entry in said.get("wishes", [])),
        *((entry["ago"], partial(hand_on, story, entry)) for entry in said.get("handed_on", [])),
    ]


def party_of(story, side: str):
    story.look_anew()
    return next(party for party in story.partnership.parties.all() if party.side == side)


def wish(story, entry):
    party = party_of(story, entry["of"])
    Wish.objects.say(party, entry["what_next"], entry["because"], **story.voice_of(party))


def hand_on(story, entry):
    party = party_of(story, entry["of"])
    written = HandedOn.of(party)
    written.text = entry["text"]
    written.write(**story.voice_of(party))
