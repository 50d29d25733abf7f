"""Pages for when something is wrong, in the reader's language."""

from django.shortcuts import render

from accounts.unsent import is_of_our_page, page_before, texts_in


def csrf_failure(request, reason=""):
    """The page had lain open for long, or cookies are off. What was written on it comes back."""
    texts = texts_in(request.POST) if is_of_our_page(request) else []
    context = {"texts": texts, "page": page_before(request)}
    return render(request, "403_csrf.html", context, status=403)
