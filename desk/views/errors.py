"""Pages for when something is wrong, in the reader's language."""

from django.shortcuts import render


def csrf_failure(request, reason=""):
    """The page had lain open for long, or cookies are off."""
    return render(request, "403_csrf.html", status=403)
