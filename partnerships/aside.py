"""A picture is kept aside while its form needs another look: browsers send a file but once.

The form gets a signed token, good for one person, one partnership and one day. What nobody takes up
is deleted (`sweep`), and so is whatever else lies in the folder without a win that shows it.
"""

from datetime import timedelta

from django.core import signing
from django.core.files.storage import default_storage
from django.utils import timezone

from partnerships.models import Win
from partnerships.models.wins import FOLDER, place_of_picture

KEPT = timedelta(days=1)
SALT = "a picture kept aside"


class PictureGone(Exception):
    """There is no such picture any more, or it was never theirs."""


def set_aside(file, *, by, partnership) -> str:
    """Keep a picture that was cleaned already, and return the token for it."""
    file.seek(0)
    name = default_storage.save(place_of_picture(Win(partnership=partnership), ""), file)
    return signing.dumps([by.pk, partnership.pk, name], salt=SALT)


def taken_up(token: str, *, by, partnership) -> str:
    """Return the name under which the picture is kept, for the win that shows it from now on."""
    try:
        *whose, name = signing.loads(token, salt=SALT, max_age=KEPT)
    except signing.BadSignature:
        raise PictureGone from None
    is_free = default_storage.exists(name) and not Win.objects.filter(picture=name).exists()
    if whose != [by.pk, partnership.pk] or not is_free:
        raise PictureGone
    return name


def sweep() -> int:
    """Delete the pictures that no win shows and that have lain for more than a day."""
    shown = set(Win.objects.exclude(picture="").values_list("picture", flat=True))
    old = [name for name in kept_names() if name not in shown and is_old(name)]
    for name in old:
        default_storage.delete(name)
    return len(old)


def kept_names() -> list[str]:
    if not default_storage.exists(FOLDER):
        return []
    folders, _files = default_storage.listdir(FOLDER)
    return [
        f"{FOLDER}/{folder}/{file}"
        for folder in folders
        for file in default_storage.listdir(f"{FOLDER}/{folder}")[1]
    ]


def is_old(name: str) -> bool:
    return default_storage.get_modified_time(name) < timezone.now() - KEPT
