"""What people send in is measured while it arrives: of what is too large nothing more is kept, or even read.

A file that is larger than we take is read past and let go, so that what was typed beside it arrives,
and the form says which file it was. What is larger still is not read at all.
"""

from io import BytesIO

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.shortcuts import render

from partnerships.uploads import LARGEST

MOST_READ = 5 * LARGEST  # of a whole form


class TooLarge(UploadedFile):
    """In the place of a file that was let go: its name and its size, and nothing in it."""

    def __init__(self, name, content_type, size):
        super().__init__(BytesIO(), name, content_type, size)


class MeasuringHandler(TemporaryFileUploadHandler):
    """Keeps a file on the disk while it arrives, unless it grows larger than we take."""

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.size = 0

    def receive_data_chunk(self, raw_data, start):
        self.size += len(raw_data)
        if self.is_too_large:
            self.file.close()  # with which it is gone
        else:
            super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size):
        if self.is_too_large:
            return TooLarge(self.file_name, self.content_type, self.size)
        return super().file_complete(file_size)

    @property
    def is_too_large(self) -> bool:
        return self.size > LARGEST


class LimitMiddleware:
    """Refuses what says that it is far too large before any of it is read."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if said_length(request) > MOST_READ:
            return render(request, "413.html", status=413)
        return self.get_response(request)


def said_length(request) -> int:
    """How much is about to come, as Django reads it: without a length it reads nothing."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
