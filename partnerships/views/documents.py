"""Documents: the list, each with its versions, and what one's own side does with them."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.once import once
from partnerships.access import get_partnership
from partnerships.downloads import to_keep
from partnerships.events import EventKind
from partnerships.forms.documents import AddDocumentForm, DocumentForm, DocumentVersionForm
from partnerships.models import Document, Partnership

PAGE = 50


def get_documents(request, pk, **access) -> tuple[Partnership, list, QuerySet]:
    """Return a partnership, its parties that the reader speaks for, and the documents they may see."""
    partnership = get_partnership(request, pk, **access)
    open_to = partnership.parties_open_to(request.user)
    mine = partnership.parties_of(request.user)
    return partnership, mine, partnership.documents.open_to(open_to)


def get_document(request, pk, document_pk, *, change=False) -> Document:
    """Return a document that the reader may see (else 404), or change as one of its own side (else 403)."""
    partnership, mine, documents = get_documents(request, pk)
    document = get_object_or_404(documents.with_versions(), pk=document_pk)
    document.partnership = partnership
    document.may_be_changed = document.party in mine and not partnership.has_ended
    if change and partnership.has_ended:
        raise PermissionDenied(_("This partnership has ended. It can be read, but not changed."))
    if change and not document.may_be_changed:
        raise PermissionDenied(_("Only the side that put a document here can change it."))
    return document


def show(request, document: Document, template: str, **more):
    context = {
        "partnership": document.partnership,
        "document": document,
        "tab": "record",
        "place": "documents",
    }
    return render(request, f"partnerships/documents/{template}.html", context | more)


@require_safe
def documents(request, pk):
    """The documents in use, the newest first; `aside` asks for those that were set aside."""
    partnership, mine, found = get_documents(request, pk)
    to_print, aside = "print" in request.GET, "aside" in request.GET
    listed = found.listed()
    shown = [one for one in listed if one.is_set_aside == aside]
    page = Paginator(shown, 1000 if to_print else PAGE).get_page(request.GET.get("page"))
    context = {
        "partnership": partnership,
        "page": page,
        "aside": aside,
        "some_aside": not aside and len(shown) < len(listed),
        "may_add": bool(mine) and not partnership.has_ended,
        "tab": "record",
        "place": "documents",
    }
    template = "print" if to_print else "documents"
    return render(request, f"partnerships/documents/{template}.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def add_document(request, pk):
    partnership = get_partnership(request, pk, work=True)
    mine = partnership.parties_of(request.user)
    if not mine:
        raise PermissionDenied(_("Only the sides at the table put documents here."))
    for party in mine:
        party.partnership = partnership
    form = AddDocumentForm(request.POST or None, request.FILES or None, parties=mine)
    if request.method == "POST" and form.is_valid():
        document = form.save(by=request.user)
        messages.success(request, _("The document is kept."))
        return redirect(document)
    context = {"partnership": partnership, "form": form, "tab": "record", "place": "documents"}
    return render(request, "partnerships/documents/add.html", context)


@require_safe
def document(request, pk, document_pk):
    """A document with all its versions."""
    return show(request, get_document(request, pk, document_pk), "document")


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def edit_document(request, pk, document_pk):
    """Change its title or note."""
    document = get_document(request, pk, document_pk, change=True)
    form = DocumentForm(request.POST or None, instance=document)
    if request.method == "POST" and form.is_valid():
        form.save()
        if form.has_changed():
            document.record(EventKind.DOCUMENT_CHANGED, by=request.user)
        messages.success(request, _("Saved."))
        return redirect(document)
    return show(request, document, "edit", form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def add_document_version(request, pk, document_pk):
    """Put a newer file in its place; the earlier ones stay."""
    document = get_document(request, pk, document_pk, change=True)
    initial = {"seen": document.latest.number}
    form = DocumentVersionForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        version = document.add_version(data["file"], by=request.user, changed=data["changed"])
        tell_of(request, version, seen=data["seen"])
        return redirect(document)
    return show(request, document, "new_version", form=form)


def tell_of(request, version, *, seen):
    if seen and seen != version.number - 1:
        told = _(
            "Somebody added another version while you were at it. Yours is version %(number)s now; "
            "look at both."
        )
        messages.warning(request, told % {"number": version.number})
    else:
        messages.success(request, _("Version %(number)s is kept.") % {"number": version.number})


@require_safe
def document_file(request, pk, document_pk, number):
    """The file of a version: always to keep, never a page to show."""
    document = get_document(request, pk, document_pk)
    version = next((one for one in document.versions.all() if one.number == number), None)
    if version is None:
        raise Http404
    with version.file.open() as file:
        content = file.read()
    return to_keep(content, version.content_type, version.name)


@require_POST
def share_document(request, pk, document_pk):
    document = get_document(request, pk, document_pk, change=True)
    document.share(by=request.user)
    messages.success(request, _("All sides can see this document now."))
    return redirect(document)


@require_POST
def unshare_document(request, pk, document_pk):
    document = get_document(request, pk, document_pk, change=True)
    document.unshare(by=request.user)
    messages.success(
        request,
        _("Only your side sees this document now. Whoever has downloaded it keeps their copy."),
    )
    return redirect(document)


@require_POST
def set_document_aside(request, pk, document_pk):
    document = get_document(request, pk, document_pk, change=True)
    document.set_aside(by=request.user)
    messages.success(request, _("The document is set aside. You can bring it back at any time."))
    return redirect("partnerships:documents", pk)


@require_POST
def bring_document_back(request, pk, document_pk):
    document = get_document(request, pk, document_pk, change=True)
    document.bring_back(by=request.user)
    messages.success(request, _("The document is in the list again."))
    return redirect(document)
