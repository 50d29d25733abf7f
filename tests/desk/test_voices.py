"""The pages on which the sides read the community's voice, answer it and let it be shown."""

from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from evaluations.models import Feedback, FeedbackLink, Reply
from partnerships.models import Partnership, PublicPage, Step
from partnerships.stages import Status
from partnerships.vocabulary import Audience
from tests.config.test_two_languages import english_in
from tests.desk.test_queries import LISTS, queries
from tests.evaluations.test_feedback import known, say
from tests.factories import PartnerFactory, SchoolFactory, make_partnership
from tests.voices import make_link, release

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(partnership):
    return reverse("desk:voices", args=[partnership.pk])


@pytest.fixture
def voice(partnership):
    return say(partnership, "More time", idea="A film about us")


def of(name, voice, *more):
    return reverse(name, args=[voice.partnership_id, voice.pk, *more])


def about(name, partnership):
    return reverse(name, args=[partnership.pk])


def listed(client, url, **asked) -> list:
    found = client.get(url, asked).context["page"].object_list
    return sorted(voice.change for voice in found)


def public_page(partnership, alice) -> str:
    """The part of the public page that is about voices."""
    page = PublicPage.objects.filter(partnership=partnership).first()
    page = page or release(partnership, by=alice)
    page = PublicPage.objects.select_related("partnership").get(pk=page.pk)
    return render_to_string("desk/public/_voice.html", {"reading": SimpleNamespace(page=page)})


# The list


def test_it_is_narrowed_by_audience_and_by_what_is_asked(client, bob, partnership, page, alice):
    for change, said in (
        ("one", {"audience": "staff"}),
        ("two", {"idea": "A film"}),
        ("three", {"audience": "families"}),
        ("four", {}),
    ):
        say(partnership, change, **said)
    theirs = partnership.parties.last()
    partnership.feedback.filter(change="one").read([theirs], by=bob)
    partnership.feedback.filter(change="four").set_aside(by=bob)
    for party in partnership.parties.all():
        partnership.feedback.get(change="two").show(party, by=alice)
    client.force_login(bob)

    assert listed(client, page) == ["one", "three", "two"]
    assert listed(client, page, audience="staff") == ["one"]
    assert listed(client, page, show="unread") == ["three"]
    assert listed(client, page, show="idea") == ["two"]
    assert listed(client, page, show="public") == ["two"]
    assert listed(client, page, show="aside") == ["four"]
    assert listed(client, page, show="nonsense", audience="\0") == ["one", "three", "two"]


def test_it_comes_page_by_page(client, alice, partnership, page):
    for number in range(45):
        say(partnership, f"Nr {number:02}")
    client.force_login(alice)

    pages = [listed(client, page, page=number) for number in (1, 2, 3)]
    assert [len(one) for one in pages] == [20, 20, 5]
    assert len({change for one in pages for change in one}) == 45
    assert listed(client, page, page="9") == listed(client, page, page="0") == pages[2]
    for nonsense in ("x", "-1", "9" * 30, "\0"):
        assert listed(client, page, page=nonsense) == pages[0]


def test_an_empty_one_says_what_belongs_here(client, alice, page):
    client.force_login(alice)

    assert "Nobody has said anything yet." in client.get(page).content.decode()


@pytest.mark.parametrize("who", ["alice", "bob", "ola"])
def test_more_voices_take_no_more_queries(client, request, partnership, alice, page, who):
    client.force_login(request.getfixturevalue(who))
    first = say(partnership, "One")
    first.answer(partnership.parties.first(), "We try it", by=alice)
    few = queries(client, page)

    for number in range(19):
        voice = say(partnership, f"Nr {number}", going=1 + number % 5)
        voice.answer(partnership.parties.last(), "We try it", by=alice)

    assert queries(client, page) <= few <= LISTS + 1


def test_one_voice_and_the_links_take_few_queries(client, alice, partnership, voice):
    for audience in (Audience.STUDENTS, Audience.FAMILIES, Audience.STAFF):
        make_link(partnership, by=alice, audience=audience)
    client.force_login(alice)

    assert queries(client, voice.get_absolute_url()) <= LISTS + 1
    assert queries(client, about("desk:voice_links", partnership)) <= LISTS


# Many at once


def test_one_is_marked_as_read_for_ones_own_party(client, bob, partnership, voice, page):
    client.force_login(bob)

    response = client.post(about("desk:read_voices", partnership), {"only": voice.pk})

    assert response.url == page
    assert [(one.party, one.by) for one in voice.readings.all()] == [
        (partnership.parties.last(), bob)
    ]


def test_all_on_the_page_are_marked_as_read_and_no_others(client, bob, partnership):
    voices = [say(partnership, f"Nr {number}") for number in range(4)]
    here = [voice.pk for voice in voices[:3]]
    client.force_login(bob)

    client.post(
        about("desk:read_voices", partnership), {"all": "1", "here": here, "voice": voices[3].pk}
    )

    assert set(Feedback.objects.exclude(readings=None)) == set(voices[:3])


def test_a_burst_of_junk_is_set_aside_at_once_and_comes_back(client, bob, partnership, page):
    junk = [say(partnership, f"Nr {number}") for number in range(20)]
    real = say(partnership, "Real")
    client.force_login(bob)
    data = {"voice": [voice.pk for voice in junk], "next": f"{page}?show=unread"}

    response = client.post(about("desk:set_voices_aside", partnership), data)

    assert response.url == f"{page}?show=unread"
    assert list(partnership.feedback.kept()) == [real]
    client.post(about("desk:bring_voices_back", partnership), data)
    assert partnership.feedback.kept().count() == 21


@pytest.mark.parametrize("chosen", [[], ["x"], ["9" * 30], ["-1"], ["\0"], ["٣"]])
def test_what_names_no_voice_does_nothing(client, bob, partnership, voice, chosen):
    client.force_login(bob)

    for name in ("read_voices", "set_voices_aside", "bring_voices_back"):
        client.post(about(f"desk:{name}", partnership), {"voice": chosen})

    assert list(partnership.feedback.kept()) == [voice]
    assert not voice.readings.exists()


def test_nobody_deals_with_the_voices_of_another_table(client, bob, partnership, district, alice):
    other = make_partnership(
        school=SchoolFactory(district=district), partner=PartnerFactory(district=district), by=alice
    )
    foreign = say(other)
    client.force_login(bob)

    for name in ("read_voices", "set_voices_aside"):
        client.post(about(f"desk:{name}", partnership), {"only": foreign.pk})

    assert list(other.feedback.kept()) == [foreign]
    assert not foreign.readings.exists()


def test_it_leads_to_no_other_site(client, bob, partnership, voice, page):
    client.force_login(bob)
    data = {"only": voice.pk, "next": "https://evil.example/"}

    assert client.post(about("desk:read_voices", partnership), data).url == page


# Answers and steps


def test_an_answer_says_what_becomes_of_an_idea(client, bob, voice):
    client.force_login(bob)

    client.post(voice.get_absolute_url(), {"text": "We look for a day", "outcome": "planned"})

    reply = Reply.objects.get()
    assert (reply.party, reply.by) == (voice.partnership.parties.last(), bob)
    assert (reply.text, reply.outcome) == ("We look for a day", "planned")
    assert "We look for a day" in client.get(voice.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"text": " "}, "Write an answer in a sentence or two."),
        ({"text": "x" * 1001}, "1000"),
        ({"text": "Yes", "outcome": "nonsense"}, "nonsense"),
    ],
)
def test_an_answer_that_is_wrong_is_told_and_kept(client, bob, voice, said, fault):
    client.force_login(bob)

    page = client.post(voice.get_absolute_url(), said).content.decode()

    assert fault in page
    assert said["text"].strip() in page
    assert not Reply.objects.exists()


def test_who_speaks_for_several_parties_says_for_which(client, alice, voice, district):
    second = SchoolFactory(district=district)
    second.coordinators.add(alice)
    party = voice.partnership.parties.create(school=second, position=3)
    client.force_login(alice)

    client.post(voice.get_absolute_url(), {"text": "We try it", "party": party.pk})

    assert Reply.objects.get().party == party


def test_only_ones_own_answer_is_taken_back(client, bob, alice, voice):
    ours, theirs = voice.partnership.parties.all()
    our_answer = voice.answer(ours, "We try it", by=alice)
    their_answer = voice.answer(theirs, "We do not", by=bob)
    client.force_login(bob)

    refused = client.post(of("desk:take_reply_back", voice, our_answer.pk))
    client.post(of("desk:take_reply_back", voice, their_answer.pk))

    assert refused.status_code == 403
    assert [reply.text for reply in Feedback.objects.get().answers] == ["We try it"]


def test_an_idea_becomes_a_step_with_one_click(client, bob, voice):
    client.force_login(bob)
    page = client.get(voice.get_absolute_url()).content.decode()
    address = f"{reverse('partnerships:add_step', args=[voice.partnership_id])}?what="
    link = page.partition(address)[2].partition('"')[0]

    form = client.get(address + link).context["form"]
    client.post(address + link, {"what": form["what"].value()})

    assert Step.objects.get().what == "A film about us"


# The public


def test_it_appears_on_the_public_page_when_both_sides_say_yes(
    client, alice, bob, partnership, voice
):
    voice.answer(partnership.parties.last(), "We look for a day", outcome="planned", by=bob)
    assert "A film" not in public_page(partnership, alice)

    for user in (alice, bob):
        client.force_login(user)
        client.post(of("desk:show_voice", voice))

    page = public_page(partnership, alice)
    assert "A film about us" in page
    assert "We look for a day" in page
    assert "We will do it" in page
    for name in (alice.name, bob.name):
        assert name not in page

    client.post(of("desk:hide_voice", voice))
    assert "A film" not in public_page(partnership, alice)


def test_it_is_shown_only_while_the_form_is_released(partnership, alice, voice):
    for party in partnership.parties.all():
        voice.show(party, by=alice)
    assert "A film" in public_page(partnership, alice)

    partnership.public_page.releases.filter(part="voice").delete()

    page = public_page(partnership, alice)
    assert "A film" not in page
    assert "/v/" not in page


def test_after_the_end_one_can_still_withdraw_but_nothing_else(client, bob, alice, voice):
    partnership = voice.partnership
    for party in partnership.parties.all():
        voice.show(party, by=alice)
    Partnership.objects.update(status=Status.ENDED)
    client.force_login(bob)

    for name in ("desk:read_voices", "desk:set_voices_aside", "desk:bring_voices_back"):
        refused = client.post(about(name, partnership), {"only": voice.pk})
        assert refused.status_code == 403
    assert client.post(of("desk:show_voice", voice)).status_code == 403
    assert client.post(voice.get_absolute_url(), {"text": "Yes"}).status_code == 403
    assert client.get(voice.get_absolute_url()).status_code == 200
    assert known(partnership) == {voice.pk}

    client.post(of("desk:hide_voice", voice))
    assert known(partnership) == set()


def test_the_public_part_takes_few_queries(django_assert_max_num_queries, partnership, alice):
    for number in range(12):
        voice = say(partnership, f"Nr {number}")
        for party in partnership.parties.all():
            voice.show(party, by=alice)
            voice.answer(party, "We try it", by=alice)
    page = release(partnership, by=alice)
    page = type(page).objects.select_related("partnership").get(pk=page.pk)

    with django_assert_max_num_queries(8):
        render_to_string("desk/public/_voice.html", {"reading": SimpleNamespace(page=page)})


# Links and posters


def test_a_coordinator_makes_and_closes_a_link(client, alice, partnership):
    client.force_login(alice)
    client.post(reverse("desk:make_voice_link", args=[partnership.pk, "families"]))
    link = FeedbackLink.objects.get()
    page = client.get(about("desk:voice_links", partnership)).content.decode()
    assert f"/v/{link.slug}/" in page
    assert "<svg" in page

    close = reverse("desk:close_voice_link", args=[partnership.pk, "families"])
    assert "Posters and slips with it stop working at once." in client.get(close).content.decode()
    assert FeedbackLink.objects.open_now().exists()
    client.post(close)
    assert not FeedbackLink.objects.open_now().exists()
    assert client.get(close).status_code == 404


@pytest.mark.parametrize("audience", ["public", "nobody", "-"])
def test_there_is_no_link_for_others(client, alice, partnership, audience):
    client.force_login(alice)

    made = client.post(reverse("desk:make_voice_link", args=[partnership.pk, audience]))

    assert made.status_code == 404
    assert not FeedbackLink.objects.exists()


@pytest.mark.parametrize("asked", ["", "?slips"])
@pytest.mark.parametrize(
    ("language", "word"), [("en", "How is it going?"), ("vi", "Mọi việc thế nào?")]
)
def test_a_poster_speaks_the_language_it_is_for(client, alice, partnership, language, word, asked):
    make_link(partnership, by=alice, audience=Audience.FAMILIES)
    client.force_login(alice)
    url = reverse("desk:print_voice_link", args=[partnership.pk, "families", language])

    page = client.get(url + asked).content.decode()

    assert f'<html lang="{language}"' in page
    assert word in page
    if language == "vi":
        assert english_in(page) == []
    assert client.get(url.replace(f"/{language}/", "/xx/")).status_code == 404


def test_the_picture_opens_the_form_in_the_language_of_the_poster(
    client, alice, partnership, monkeypatch
):
    drawn = []
    monkeypatch.setattr("desk.views.voices.as_svg", lambda text: drawn.append(text) or "")
    link = make_link(partnership, by=alice)
    client.force_login(alice)

    client.get(reverse("desk:print_voice_link", args=[partnership.pk, "students", "vi"]))

    assert drawn == [f"http://testserver/v/{link.slug}/?lang=vi"]


def test_an_ended_partnership_invites_nobody_to_begin(client, alice, partnership, page):
    client.force_login(alice)
    Partnership.objects.update(status=Status.ENDED)

    empty = client.get(page).text
    links = client.get(about("desk:voice_links", partnership)).text
    public = client.get(about("desk:public_settings", partnership)).text

    assert "before the partnership ended" in empty
    assert "Make a link" not in empty + links
    assert "nothing more can be sent" in links
    assert "none can be begun now" in public
    assert "Tell everybody" not in public
