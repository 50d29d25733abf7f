"""A second click is not a second row."""

import hashlib
from datetime import timedelta
from functools import wraps
from urllib.parse import urlencode

from django.db import IntegrityError, transaction
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone

from accounts.models import Submission

REMEMBERED = timedelta(hours=24)


def fingerprint(request) -> str:
    """Return what makes two posts the same: who sent what to where.

    Pages of ours carry a hidden `once`, new at each drawing, so that the same words
    sent from a page drawn anew count as meant. Another file is another post, too.
    """
    fields = sorted(
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    )
    files = [
        (name, f"{file.name} {digest(file)}")
        for name, uploads in sorted(request.FILES.lists())
        for file in uploads
    ]
    said = urlencode([("user", request.user.pk), ("path", request.path), *fields, *files])
    return hashlib.sha256(said.encode(errors="replace")).hexdigest()


def digest(file) -> str:
    file.seek(0)
    found = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return found


def once(view):
    """Let a form that creates something through once; the second time, show what the first time made."""

    @wraps(view)
    def wrapper(request, *args, **kwargs):
        if request.method != "POST":
            return view(request, *args, **kwargs)
        key = fingerprint(request)
        Submission.objects.filter(at__lt=timezone.now() - REMEMBERED).delete()
        try:
            with transaction.atomic():
                # Of two at the same time, one waits here until the other has finished.
                submission = Submission.objects.create(key=key)
                response = view(request, *args, **kwargs)
                if isinstance(response, HttpResponseRedirect):
                    submission.url = response.url
                    submission.save(update_fields=["url"])
                else:  # it was refused: it may be sent again
                    submission.delete()
                return response
        except IntegrityError:
            if earlier := Submission.objects.filter(key=key).first():
                return redirect(earlier.url)
            raise

    return wrapper
