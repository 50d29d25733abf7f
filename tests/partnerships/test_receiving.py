"""What is sent in is measured while it arrives: too large is let go, far too large is not even read."""

from io import BytesIO
from pathlib import Path

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from partnerships.models import Document, Signature, Win
from partnerships.receiving import MOST_READ, MeasuringHandler, TooLarge
from partnerships.uploads import LARGEST
from tests.agreements import draw_up
from tests.files import pdf, upload

MUCH = pdf().ljust(LARGEST + 1, b"x")
CHUNK = 64 * 1024


class Unread(BytesIO):
    """A body that nobody may begin to read."""

    def read(self, *_size):
        raise AssertionError("it was read")

    readline = read


@pytest.fixture
def sent():
    """A form as a browser sends it, with a word before the file and one after it."""
    requests = []

    def sending(file, **more):
        data = {"before": "typed before", "file": file, **more, "after": "typed after"}
        requests.append(RequestFactory().post("/", data))
        return requests[0]

    yield sending
    requests[0].close()


def test_a_file_that_is_too_large_is_let_go_and_what_was_typed_arrives(sent):
    request = sent(upload("plan.pdf", MUCH))

    file = request.FILES["file"]
    assert (type(file), file.name, file.size) == (TooLarge, "plan.pdf", len(MUCH))
    assert file.read() == b""
    assert (request.POST["before"], request.POST["after"]) == ("typed before", "typed after")


@pytest.mark.parametrize("size", [10, LARGEST])
def test_what_we_take_arrives_whole(sent, size):
    content = b"y" * size

    file = sent(upload("plan.pdf", content)).FILES["file"]

    assert file.size == size
    assert file.read() == content


def test_a_small_file_behind_a_large_one_arrives(sent):
    files = sent(upload("a.pdf", MUCH), second=upload("b.pdf", b"small")).FILES

    assert type(files["file"]) is TooLarge
    assert files["second"].read() == b"small"


def test_no_more_than_we_take_stays_on_the_disk():
    handler = MeasuringHandler()
    handler.new_file("file", "plan.pdf", "application/pdf", None, None, {})
    place = Path(handler.file.temporary_file_path())

    def receive(size):
        for _number in range(size // CHUNK):
            handler.receive_data_chunk(b"x" * CHUNK, 0)

    receive(LARGEST)
    handler.file.flush()
    assert place.stat().st_size == LARGEST
    receive(LARGEST)

    assert not place.exists()
    assert handler.file_complete(0).size == 2 * LARGEST


# Through the pages


def test_a_document(client, partnership, alice):
    client.force_login(alice)
    url = reverse("partnerships:add_document", args=[partnership.pk])

    response = client.post(url, {"file": upload("plan.pdf", MUCH), "title": "The plan we typed"})

    assert response.status_code == 200
    assert "Choose a file of at most 10 MB." in response.text
    assert 'value="The plan we typed"' in response.text
    assert not Document.objects.exists()


def test_a_scan(client, partnership, alice):
    version = draw_up(partnership, by=alice)
    args = [partnership.pk, 1, version.parties.last().pk]
    client.force_login(alice)

    response = client.post(
        reverse("desk:sign_on_paper", args=args),
        {"scan": upload("scan.pdf", MUCH), "name": "Walter Jensen"},
    )

    assert response.status_code == 200
    assert "Choose a file of at most 10 MB." in response.text
    assert 'value="Walter Jensen"' in response.text
    assert not Signature.objects.exists()


def test_a_picture(client, partnership, alice):
    client.force_login(alice)
    url = reverse("partnerships:add_win", args=[partnership.pk])

    response = client.post(url, {"picture": upload("a.jpg", MUCH), "text": "It floats, we typed"})

    assert response.status_code == 200
    assert "Choose a picture of at most 10 MB." in response.text
    assert "It floats, we typed" in response.text
    assert not Win.objects.exists()


# What is far too large


@pytest.mark.parametrize(
    ("language", "says"),
    [("en", "Choose a file of at most 10 MB."), ("vi", "Hãy chọn tệp tối đa 10 MB.")],
)
def test_what_says_that_it_is_far_too_large_is_not_read(client, partnership, alice, language, says):
    alice.language = language
    alice.save()
    client.force_login(alice)
    url = reverse("partnerships:add_document", args=[partnership.pk])
    body = {"wsgi.input": Unread(), "CONTENT_LENGTH": str(MOST_READ + 1)}

    response = client.post(url, {}, **body)

    assert response.status_code == 413
    assert says in response.text
    assert not Document.objects.exists()


def test_nor_is_it_of_somebody_who_has_not_signed_in(db):
    body = {"wsgi.input": Unread(), "CONTENT_LENGTH": str(MOST_READ + 1)}

    assert Client().post(reverse("account_login"), {}, **body).status_code == 413


@pytest.mark.parametrize("length", ["", "x", "-1", "1e9", "9" * 5000])
def test_an_odd_length_is_no_fault_of_ours(client, partnership, alice, length):
    client.force_login(alice)
    url = reverse("partnerships:add_document", args=[partnership.pk])

    assert client.post(url, {"title": "Typed"}, CONTENT_LENGTH=length).status_code < 500
