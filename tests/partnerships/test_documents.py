"""Documents: put there by one side, read by whom that side lets read, every version kept."""

from urllib.parse import quote

import pytest
from django.contrib import admin
from django.urls import reverse

from partnerships.models import Document, DocumentVersion, Event, Partnership
from partnerships.stages import MoveKind, Status
from partnerships.table import join
from partnerships.table import leave as leave_table
from partnerships.vocabulary import Role
from tests.desk.test_queries import queries
from tests.factories import PartnerFactory, PersonFactory, SchoolFactory, UserFactory
from tests.files import office, pdf, png, upload

SECRET = "canary-of-one-side"
EVERYBODY = ["alice", "sam", "bob", "thea", "ada", "ola"]


def put(party, title="The plan", *, by, content=None, name="plan.pdf", **more) -> Document:
    file = upload(name, content or pdf())
    return Document.put(party, title=title, file=file, by=by, **more)


@pytest.fixture
def thea(partnership, alice):
    """Of a third party at the table."""
    organization = PartnerFactory(district=partnership.district, name="City Library")
    party = join(Partnership.objects.with_sides().get(pk=partnership.pk), organization, by=alice)
    user = UserFactory(name="Thea Long")
    person = PersonFactory(partner=organization, name=user.name, user=user)
    party.seat(person, {Role.CONTACT}, by=alice)
    return user


@pytest.fixture
def sides(partnership, thea):
    """The school, the partner and the third, each knowing the table."""
    again = Partnership.objects.with_sides().get(pk=partnership.pk)
    parties = list(again.parties.all())
    for party in parties:
        party.partnership = again
    return parties


@pytest.fixture
def ours(sides):
    return sides[0]


@pytest.fixture
def theirs(sides):
    return sides[1]


def address(name, document, **more):
    return reverse(f"partnerships:{name}", args=[document.partnership_id, document.pk], **more)


# Who sees what


WHO_SEES = {  # a document of: who may see it while it is not shared
    "school": {"alice", "sam", "ada", "ola"},
    "partner": {"bob"},
    "third": {"thea"},
}


def pages_of(document) -> list[str]:
    pk = document.partnership_id
    listed = reverse("partnerships:documents", args=[pk])
    timeline = reverse("partnerships:timeline", args=[pk])
    return [
        address("document", document),
        document.latest.get_absolute_url(),
        listed,
        f"{listed}?print",
        f"{listed}?aside",
        timeline,
        f"{timeline}?print",
        f"{timeline}?group=documents",
        document.partnership.get_absolute_url(),
        reverse("desk:today"),
    ]


@pytest.mark.parametrize("name", EVERYBODY)
@pytest.mark.parametrize("side", WHO_SEES)
def test_what_is_not_shared_is_its_sides_alone(request, client, sides, alice, side, name):
    """No page of anybody else has a word of it; for them it does not exist."""
    party = dict(zip(WHO_SEES, sides, strict=True))[side]
    document = put(party, SECRET, by=alice, note=SECRET, content=pdf(SECRET.encode()))
    document.add_version(upload(f"{SECRET}.pdf", pdf()), by=alice, changed=SECRET)
    client.force_login(request.getfixturevalue(name))
    sees = name in WHO_SEES[side]

    answers = [client.get(url) for url in pages_of(document)]

    shows = [SECRET in answer.content.decode() + str(answer.headers) for answer in answers]
    assert [answer.status_code for answer in answers[:2]] == [200 if sees else 404] * 2
    assert {answer.status_code for answer in answers[2:]} == {200}
    assert any(shows) == sees
    assert shows[5:8] == [sees] * 3  # the timeline, its print, its lines about documents


@pytest.mark.parametrize("side", WHO_SEES)
def test_what_is_shared_everybody_at_the_table_sees(request, client, sides, alice, side):
    document = put(
        dict(zip(WHO_SEES, sides, strict=True))[side], "Canary for all", by=alice, shared=True
    )

    for name in EVERYBODY:
        client.force_login(request.getfixturevalue(name))
        for url in (pages_of(document)[0], *pages_of(document)[2:4], pages_of(document)[5]):
            assert "Canary for all" in client.get(url).content.decode(), (name, url)


@pytest.mark.parametrize("name", ["charlie", "dora", "edna", "vera"])
def test_strangers_see_nothing_shared_or_not(request, client, ours, alice, name):
    document = put(ours, by=alice, shared=True)
    client.force_login(request.getfixturevalue(name))

    for url in (*pages_of(document)[:3], reverse("partnerships:add_document", args=[1])):
        assert client.get(url).status_code == 404


def test_once_it_is_no_longer_shared_its_lines_are_gone_too(client, ours, alice, bob):
    """Shared by mistake, and taken back: the other side finds no title of it any more."""
    document = put(ours, SECRET, by=alice)
    document.share(by=alice)
    client.force_login(bob)
    timeline = reverse("partnerships:timeline", args=[document.partnership_id])
    assert client.get(timeline).content.decode().count(SECRET) == 1  # that it was shared, no more

    document.unshare(by=alice)

    assert SECRET not in client.get(timeline).content.decode()
    assert client.get(address("document", document)).status_code == 404
    client.force_login(alice)
    assert client.get(timeline).content.decode().count(SECRET) == 3


def test_what_it_was_called_before_it_was_shared_stays_its_sides(client, ours, alice, bob):
    document = put(ours, SECRET, by=alice)
    document.title = "Harmless"
    document.save()
    document.share(by=alice)
    client.force_login(bob)

    page = client.get(reverse("partnerships:timeline", args=[document.partnership_id]))

    assert "Harmless" in page.content.decode()
    assert SECRET not in page.content.decode()


def test_another_school_at_the_table_is_another_side(client, partnership, ours, alice, charlie):
    """Charlie's school joins: he sees what all see, and not what Alice's school keeps."""
    join(ours.partnership, charlie.schools.get(), by=alice)
    kept, shared = put(ours, SECRET, by=alice), put(ours, "For all", by=alice, shared=True)
    client.force_login(charlie)

    assert client.get(address("document", shared)).status_code == 200
    assert client.get(address("document", kept)).status_code == 404
    assert client.post(address("share_document", shared)).status_code == 403


def test_what_a_party_kept_stays_closed_when_it_leaves(client, sides, alice, ola):
    third = sides[2]
    kept, shared = put(third, SECRET, by=alice), put(third, "For all", by=alice, shared=True)
    leave_table(third, by=alice, reason="They have moved away")

    for user in (alice, ola):
        client.force_login(user)
        assert client.get(address("document", kept)).status_code == 404
        assert client.get(address("document", shared)).status_code == 200


def test_documents_have_no_page_in_the_admin():
    assert Document not in admin.site._registry
    assert DocumentVersion not in admin.site._registry
    assert Event not in admin.site._registry


# Putting one there


def add(client, partnership, **said):
    url = reverse("partnerships:add_document", args=[partnership.pk])
    return client.post(url, {"file": upload("Kế hoạch.docx", office("docx")), "who": "us", **said})


def test_it_is_kept_with_who_when_and_what(client, partnership, alice):
    client.force_login(alice)

    response = add(client, partnership, title="Plan", note="For May")

    document = Document.objects.get()
    version = document.latest
    assert response.url == document.get_absolute_url()
    assert (document.title, document.note, document.shared) == ("Plan", "For May", False)
    assert (document.party, document.cycle) == (partnership.school_party, 1)
    assert (version.number, version.name, version.by) == (1, "Kế hoạch.docx", alice)
    assert version.size == len(office("docx"))
    assert version.content_type.endswith("wordprocessingml.document")
    event = Event.objects.latest("pk")
    assert (event.kind, event.about) == ("document_added", {"document": "Plan"})
    assert (event.only_for, event.of_document) == (document.party, document)


def test_it_belongs_to_the_side_of_whoever_puts_it_there(client, partnership, bob):
    client.force_login(bob)

    add(client, partnership, who="all")

    document = Document.objects.get()
    assert (document.party.partner, document.shared) == (bob.people.get().partner, True)
    assert document.title == "Kế hoạch"
    assert Event.objects.latest("pk").only_for is None


def test_who_speaks_for_two_sides_says_for_which(client, partnership, district, alice):
    school = SchoolFactory(district=district, name="Roosevelt")
    school.coordinators.add(alice)
    party = join(partnership, school, by=alice)
    client.force_login(alice)

    assert "Choose whose document it is." in add(client, partnership).content.decode()
    foreign = partnership.parties.all()[1]
    assert add(client, partnership, party=foreign.pk).status_code == 200
    assert not Document.objects.exists()
    add(client, partnership, party=party.pk)

    assert Document.objects.get().party == party


def test_where_something_else_is_wrong_the_file_is_to_be_chosen_again(client, partnership, alice):
    client.force_login(alice)

    page = add(client, partnership, who="nobody", note="For May").content.decode()

    assert "Choose the file once more: the browser does not keep it for you." in page
    assert "For May" in page
    assert not Document.objects.exists()


@pytest.mark.parametrize(("name", "status"), [("ada", 403), ("ola", 403), ("charlie", 404)])
def test_who_speaks_for_no_side_puts_nothing_there(request, client, partnership, name, status):
    client.force_login(request.getfixturevalue(name))

    assert add(client, partnership).status_code == status
    assert not Document.objects.exists()


def test_another_file_from_the_same_page_is_another_document(client, partnership, alice):
    """Gone back in the browser, another file chosen: the hidden field is the same, the file is not."""
    client.force_login(alice)
    for content in (pdf(b"one"), pdf(b"two"), pdf(b"two")):
        add(client, partnership, file=upload("plan.pdf", content), once="the same")

    assert Document.objects.count() == 2


# Handing it out


def test_it_comes_as_a_file_to_keep_under_its_own_name(client, ours, alice, bob):
    name = "Kế hoạch “tháng 5”, 50%.docx"
    document = put(ours, by=alice, shared=True, name=name, content=office("docx"))
    client.force_login(bob)

    file = client.get(document.latest.get_absolute_url())

    assert file.content == office("docx")
    assert file.headers["Content-Type"] == document.latest.content_type
    assert file.headers["Content-Disposition"] == f"attachment; filename*=utf-8''{quote(name)}"
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in file.headers["Content-Security-Policy"]
    assert file.headers["Cache-Control"] == "private, no-store"


def test_there_is_no_other_way_to_the_file(client, ours, alice):
    document = put(ours, by=alice, shared=True)
    version = document.latest
    client.force_login(alice)

    assert version.file.storage.base_url in ("", "/")
    for url in (f"/{version.file.name}", f"/media/{version.file.name}", f"/static/{version.file}"):
        assert client.get(url).status_code == 404
    missing = reverse("partnerships:document_file", args=[document.partnership_id, document.pk, 2])
    assert client.get(missing).status_code == 404


def test_earlier_versions_stay(client, ours, alice, sam):
    document = put(ours, by=alice, content=pdf(b"first"))
    client.force_login(sam)
    url = address("add_document_version", document)
    data = {"file": upload("Bản mới.png", png()), "changed": "A picture now", "seen": 1}

    response = client.post(url, data, follow=True)

    first, second = DocumentVersion.objects.order_by("number")
    assert (second.number, second.name, second.by) == (2, "Bản mới.png", sam)
    assert client.get(first.get_absolute_url()).content == pdf(b"first")
    assert client.get(second.get_absolute_url()).headers["Content-Type"] == "image/png"
    assert "Version 2 is kept." in response.content.decode()
    assert Event.objects.latest("pk").about == {"document": "The plan", "number": "2"}


def test_a_version_is_never_changed_or_deleted(ours, alice):
    version = put(ours, by=alice).latest

    with pytest.raises(TypeError):
        version.save()
    with pytest.raises(TypeError):
        version.delete()
    with pytest.raises(TypeError):
        DocumentVersion.objects.update(name="x")


def test_a_refused_version_changes_nothing(client, ours, alice):
    document = put(ours, by=alice)
    client.force_login(alice)

    page = client.post(
        address("add_document_version", document),
        {"file": upload("a.exe", b"MZ"), "changed": "A program", "seen": 1},
    ).content.decode()

    assert "Choose a PDF, Word (docx)" in page
    assert "A program" in page
    assert DocumentVersion.objects.count() == 1


def test_of_two_who_add_a_version_at_once_the_second_is_told(client, ours, alice, sam):
    document = put(ours, by=alice)
    document.add_version(upload("b.pdf", pdf(b"b")), by=sam)
    client.force_login(alice)
    data = {"file": upload("c.pdf", pdf(b"c")), "seen": 1}

    page = client.post(address("add_document_version", document), data, follow=True)

    assert "Yours is version 3 now" in page.content.decode()
    assert [one.name for one in DocumentVersion.objects.order_by("number")] == [
        "plan.pdf",
        "b.pdf",
        "c.pdf",
    ]


# Changing what it is called, sharing, setting aside


def test_its_title_and_note_can_be_changed(client, ours, alice, sam):
    document = put(ours, by=alice)
    client.force_login(sam)

    client.post(
        address("edit_document", document), {"title": "Plan B", "note": "New", "seen_version": 0}
    )

    document.refresh_from_db()
    assert (document.title, document.note, document.version) == ("Plan B", "New", 1)
    assert Event.objects.latest("pk").kind == "document_changed"


def test_of_two_who_change_it_at_once_nobody_is_overwritten(client, ours, alice, sam):
    document = put(ours, by=alice)
    url = address("edit_document", document)
    client.force_login(alice)
    client.post(url, {"title": "Alice’s title", "note": "", "seen_version": 0})
    client.force_login(sam)

    page = client.post(url, {"title": "Sam’s title", "note": "", "seen_version": 0})

    said = page.content.decode()
    assert "What the other person saved" in said
    assert "Alice’s title" in said
    assert 'value="Sam’s title"' in said
    document.refresh_from_db()
    assert document.title == "Alice’s title"
    client.post(url, {"title": "Sam’s title", "note": "", "seen_version": 1})
    document.refresh_from_db()
    assert document.title == "Sam’s title"


def test_a_title_changed_meanwhile_does_not_undo_sharing(ours, alice):
    mine, yours = (Document.objects.get(pk=put(ours, by=alice).pk) for _time in range(2))
    yours = Document.objects.get(pk=mine.pk)
    yours.share(by=alice)

    mine.set_aside(by=alice)

    mine.refresh_from_db()
    assert (mine.shared, mine.is_set_aside) == (True, True)


ACTS = {
    "share_document": ({"shared": False}, "document_shared", lambda one: one.shared),
    "unshare_document": ({"shared": True}, "document_unshared", lambda one: not one.shared),
    "set_document_aside": ({}, "document_set_aside", lambda one: one.is_set_aside),
    "bring_document_back": ({}, "document_brought_back", lambda one: not one.is_set_aside),
}


@pytest.mark.parametrize("act", ACTS)
def test_each_can_be_done_and_done_twice_it_is_done_once(client, ours, alice, act):
    given, kind, is_so = ACTS[act]
    document = put(ours, by=alice, **given)
    if act == "bring_document_back":
        document.set_aside(by=alice)
    client.force_login(alice)

    for _time in range(2):
        assert client.post(address(act, document)).status_code == 302

    document.refresh_from_db()
    assert is_so(document)
    assert Event.objects.filter(kind=kind).count() == 1
    assert client.get(address(act, document)).status_code == 405


@pytest.mark.parametrize("act", [*ACTS, "edit_document", "add_document_version"])
def test_only_the_side_that_put_it_there_does_any_of_it(client, ours, alice, bob, thea, ada, act):
    document = put(ours, by=alice, shared=True)
    before = Event.objects.count()

    for user in (bob, thea, ada):
        client.force_login(user)
        assert client.post(address(act, document)).status_code == 403
    document.unshare(by=alice)
    for user in (bob, thea):
        client.force_login(user)
        assert client.post(address(act, document)).status_code == 404

    assert Event.objects.count() == before + 1


def test_what_is_set_aside_is_out_of_the_list_and_comes_back(client, ours, alice, bob):
    document = put(ours, by=alice, shared=True)
    listed = reverse("partnerships:documents", args=[document.partnership_id])
    client.force_login(alice)
    assert "Show documents that were set aside" not in client.get(listed).content.decode()

    client.post(address("set_document_aside", document))

    client.force_login(bob)
    page = client.get(listed).content.decode()
    assert "Show documents that were set aside" in page
    assert "The plan" not in page
    assert "The plan" in client.get(f"{listed}?aside").content.decode()
    client.force_login(alice)
    client.post(address("bring_document_back", document))
    assert "The plan" in client.get(listed).content.decode()


def test_of_an_ended_partnership_documents_are_read_only(client, running, alice):
    ours = running.school_party
    ours.partnership = running
    document = put(ours, by=alice)
    running.end(by=alice, drawn_for=running.last_move, reason="We have reached it all")
    client.force_login(alice)

    assert running.status == Status.ENDED
    assert running.last_move.kind == MoveKind.END
    assert client.get(address("document", document)).status_code == 200
    assert client.get(document.latest.get_absolute_url()).status_code == 200
    for act in [*ACTS, "edit_document", "add_document_version"]:
        assert client.post(address(act, document)).status_code == 403
    assert add(client, running).status_code == 403
    page = client.get(reverse("partnerships:documents", args=[running.pk])).content.decode()
    assert "Add a document" not in page


# The list


def test_an_empty_list_says_what_belongs_there(client, partnership, bob, ada):
    url = reverse("partnerships:documents", args=[partnership.pk])
    client.force_login(bob)
    page = client.get(url).content.decode()
    assert "forms and permission letters" in page
    assert "Add the first document" in page
    client.force_login(ada)
    assert "Add the first document" not in client.get(url).content.decode()
    assert "There are none." in client.get(f"{url}?print").content.decode()
    assert "Nothing is set aside." in client.get(f"{url}?aside").content.decode()


def test_the_newest_stands_first_with_who_and_who_sees_it(client, ours, theirs, alice, bob):
    old = put(ours, "Older", by=alice)
    put(theirs, "Newer", by=bob, shared=True)
    old.add_version(upload("b.png", png()), by=alice)
    client.force_login(alice)

    page = client.get(reverse("partnerships:documents", args=[ours.partnership_id]))

    said = page.content.decode()
    assert said.index("Older") < said.index("Newer")
    assert "Only Lincoln High sees it" in said
    assert "All sides see it" in said
    assert "Picture" in said


def test_lists_take_few_queries_and_no_more_for_many(client, ours, alice):
    document = put(ours, by=alice)
    listed = reverse("partnerships:documents", args=[ours.partnership_id])
    addresses = [
        listed,
        f"{listed}?print",
        address("document", document),
        document.latest.get_absolute_url(),
        reverse("partnerships:add_document", args=[ours.partnership_id]),
    ]
    client.force_login(alice)
    with_one = [queries(client, url) for url in addresses]
    for number in range(30):
        one = put(ours, f"Number {number}", by=alice, shared=number % 2)
        one.add_version(upload("b.pdf", pdf()), by=alice)
        document.add_version(upload("b.pdf", pdf()), by=alice)

    with_many = [queries(client, url) for url in addresses]

    assert with_many == with_one
    assert max(with_one) <= 8
    assert with_one[0] <= 8
