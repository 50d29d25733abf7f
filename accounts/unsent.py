"""What somebody wrote into a form that could not be taken: given back, so that nothing is lost."""

from urllib.parse import urlsplit

from django.utils.http import url_has_allowed_host_and_scheme


def is_of_our_page(request) -> bool:
    """Whether a page of ours sent it, as the browser says; another site can send anything."""
    own = f"{request.scheme}://{request.get_host()}"
    return request.headers.get("Origin") == own


def page_before(request) -> str:
    """The page with the form. What it was sent to may be no page that one can open."""
    page = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(page, {request.get_host()}, request.is_secure()):
        parts = urlsplit(page)
        return parts._replace(scheme="", netloc="", path=f"/{parts.path.lstrip('/')}").geturl()
    return request.get_full_path()


def texts_in(data) -> list[str]:
    """What somebody wrote: more than a word, so no number, choice or mark of the form; no password."""
    return [
        value.strip()
        for name, values in data.lists()
        for value in values
        if len(value.split()) > 1 and "password" not in name
    ]
