"""The agreement: what it would say, its versions, signing, and the files."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.once import once
from desk.agreement import LANGUAGES, Composition
from desk.agreement_text import Reading, changes
from desk.pdf import agreement_pdf
from partnerships.access import get_partnership
from partnerships.downloads import to_keep
from partnerships.forms.agreement import AgreementDraftForm, DrawUpForm, PaperForm, SignForm
from partnerships.models import Agreement, AgreementDraft, AgreementRefused, Folder, Partnership
from partnerships.models.agreement import Way, canonical, fingerprint_of
from partnerships.vocabulary import ENDING_QUESTION


def get_version(request, pk, number, **access) -> tuple[Folder, Agreement]:
    """Return a version, with all of its partnership; to do something with it, one must work there."""
    folder = Folder(get_partnership(request, pk, **access))
    if version := folder.find(number):
        version.partnership = folder.partnership
        return folder, version
    raise Http404


def get_place_to_sign(request, pk, number, party_pk):
    """Return a version and one of the parties that it names."""
    folder, version = get_version(request, pk, number, work=True)
    parties = {party.pk: party for party in version.parties.all()}
    if party_pk not in parties:
        raise Http404
    return folder, version, parties[party_pk]


def show(request, folder: Folder, template, **more):
    context = {"partnership": folder.partnership, "folder": folder, "tab": "agreement"}
    return render(request, f"desk/agreement/{template}.html", context | more)


def may_work(request, folder) -> bool:
    return folder.partnership.can_be_worked_in_by(request.user)


def changes_since_in_force(folder: Folder, content: dict):
    """Say how a text differs from the one in force, in the reader's language."""
    language = get_language()
    before = Reading(folder.in_force.content, language)
    return changes(before, Reading(content, language))


def ways_to_sign(request, version: Agreement):
    """Each party with its signature, and how this reader may sign for it."""
    partnership = version.partnership
    mine = {party.pk for party in partnership.parties_of(request.user)}
    for party, signature in version.signatures_by_party:
        yield {
            "party": party,
            "signature": signature,
            "may_sign": party.pk in mine,
            "may_enter": party.pk in mine or partnership.managed_by_reader,
        }


@require_safe
def agreement(request, pk):
    """Where the agreement stands: in force, to be signed, and what comes next."""
    partnership = get_partnership(request, pk)
    folder = Folder(partnership)
    for version in folder.versions:
        version.partnership = partnership
    more = {"may_work": may_work(request, folder)}
    if folder.to_sign:
        more["ways"] = list(ways_to_sign(request, folder.to_sign))
    else:
        more["next"] = Composition(partnership, AgreementDraft.of(partnership))
    return show(request, folder, "agreement", **more)


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def arrange(request, pk):
    """Arrange the next version: introductions, what is left out, how often one talks."""
    partnership = get_partnership(request, pk, work=True)
    draft = AgreementDraft.of(partnership)
    if request.method == "POST" and draft.pk is None:
        draft, _made = AgreementDraft.objects.get_or_create(partnership=partnership)
    form = AgreementDraftForm(request.POST or None, instance=draft)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The draft is saved."))
        return redirect("desk:draw_up", pk)
    context = {"partnership": partnership, "form": form, "tab": "agreement"}
    return render(request, "desk/agreement/arrange.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def draw_up(request, pk):
    """Show what the next version would say; once confirmed, freeze exactly that."""
    partnership = get_partnership(request, pk, work=True)
    if request.method == "POST":  # what is agreed must not change until it is frozen
        Partnership.objects.select_for_update(no_key=True).get(pk=partnership.pk)
    folder = Folder(partnership)
    composition = Composition(partnership, AgreementDraft.of(partnership))
    if folder.latest and folder.latest.is_still(composition.body):
        return nothing_new(request, folder.latest)
    text = fingerprint_of(canonical(composition.body))
    form = DrawUpForm(request.POST or None, initial={"text": text, "seen": folder.latest_number})
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["text"] == text:
            return drawn_up(request, partnership, composition, seen=form.cleaned_data["seen"])
        messages.warning(
            request, _("The text has changed since you opened the page. Read it once more.")
        )
        form = DrawUpForm(initial={"text": text, "seen": folder.latest_number})
    more = {"next": composition, "form": form, "reading": Reading(composition.body, get_language())}
    if folder.in_force:
        more["changes"] = changes_since_in_force(folder, composition.body)
        more["on_ending"] = partnership.agreed_words(ENDING_QUESTION, signed=folder.in_force)
    return show(request, folder, "draw_up", **more)


def nothing_new(request, version):
    messages.info(
        request,
        _("Version %(number)s says the same already. Change something first.")
        % {"number": version.number},
    )
    return redirect(version)


def drawn_up(request, partnership, composition, *, seen):
    try:
        version = Agreement.objects.draw_up(
            partnership, composition.body, by=request.user, seen=seen
        )
    except AgreementRefused as refusal:
        messages.warning(request, str(refusal))
        return redirect("desk:agreement", partnership.pk)
    messages.success(
        request,
        _("Version %(number)s is drawn up. Now every side can sign it.")
        % {"number": version.number},
    )
    return redirect(version)


@require_safe
def version(request, pk, number):
    """One version as a page; `beside` shows the other language's text too, `print` is for paper."""
    folder, version = get_version(request, pk, number)
    language = get_language()
    languages = [language]
    if "beside" in request.GET:
        languages += [other for other in LANGUAGES if other != language]
    more = {
        "version": version,
        "readings": [Reading(version.content, one) for one in languages],
        "is_beside": len(languages) > 1,
        "ways": list(ways_to_sign(request, version)),
        "may_work": may_work(request, folder),
    }
    if folder.in_force and version == folder.to_sign:
        more["changes"] = changes_since_in_force(folder, version.content)
    return show(request, folder, "print" if "print" in request.GET else "version", **more)


@require_safe
def pdf(request, pk, number, language):
    """The file of a version in a language; `beside` has the other language's text behind it."""
    if language not in LANGUAGES:
        raise Http404
    _folder, version = get_version(request, pk, number)
    content = agreement_pdf(version, language, beside="beside" in request.GET)
    return to_keep(content, "application/pdf", f"agreement-{pk}-{number}-{language}.pdf")


@require_http_methods(["GET", "HEAD", "POST"])
@once
def sign(request, pk, number, party_pk):
    """Sign for one's party: first the form, then all of it once more, then it counts."""
    folder, version, party = get_place_to_sign(request, pk, number, party_pk)
    if party not in folder.partnership.parties_of(request.user):
        raise PermissionDenied
    initial = {"fingerprint": version.fingerprint}
    form = SignForm(request.POST or None, initial=initial, party=party)
    if request.method == "POST" and form.is_valid() and form.is_confirmed:
        return signed(request, version, party, language=get_language(), **form.cleaned_data)
    if not version.is_to_sign:
        return nothing_to_sign(request, version)
    template = "check_signature" if form.is_bound and not form.errors else "sign"
    return show(request, folder, template, version=version, party=party, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def sign_on_paper(request, pk, number, party_pk):
    """Enter what a party has signed on paper, with its scan."""
    folder, version, party = get_place_to_sign(request, pk, number, party_pk)
    partnership = folder.partnership
    if not partnership.managed_by_reader and party not in partnership.parties_of(request.user):
        raise PermissionDenied
    form = PaperForm(
        request.POST or None,
        request.FILES or None,
        initial={"fingerprint": version.fingerprint},
        agreement=version,
        today=partnership.district.today(),
    )
    if request.method == "POST" and form.is_valid():
        return signed(request, version, party, way=Way.PAPER, **form.cleaned_data)
    if not version.is_to_sign:
        return nothing_to_sign(request, version)
    return show(request, folder, "sign_on_paper", version=version, party=party, form=form)


def signed(request, version, party, **said):
    earlier = version.signatures.filter(party=party).exists()
    try:
        version.sign(party, by=request.user, **said)
    except AgreementRefused as refusal:
        messages.warning(request, _("Nothing was signed. %(why)s") % {"why": refusal})
        return redirect("desk:agreement", version.partnership_id)
    if earlier:
        messages.info(request, _("This version had been signed for this side already."))
    elif version.is_to_sign:
        messages.success(request, _("It is signed. The agreement waits for the other signatures."))
    else:
        messages.success(request, _("It is signed by all sides, and in force."))
    return redirect(version)


def nothing_to_sign(request, version):
    messages.warning(request, _("Nothing was signed. %(why)s") % {"why": version.why_not_to_sign})
    return redirect("desk:agreement", version.partnership_id)


@require_safe
def scan(request, pk, number, party_pk):
    """The scan of a signature on paper: always a file to keep, never a page to show."""
    _folder, version = get_version(request, pk, number)
    signature = next((one for one in version.signatures.all() if one.party_id == party_pk), None)
    if signature is None or not signature.is_on_paper:
        raise Http404
    with signature.scan.open() as file:
        content = file.read()
    name = f"agreement-{pk}-{number}-signature-{party_pk}.{signature.ending}"
    return to_keep(content, signature.content_type, name)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def withdraw(request, pk, number):
    """Take back a version that nobody has signed."""
    folder, version = get_version(request, pk, number, work=True)
    if request.method == "POST":
        try:
            version.withdraw(by=request.user)
        except AgreementRefused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(
                request, _("Version %(number)s is taken back.") % {"number": version.number}
            )
        return redirect(reverse("desk:agreement", args=[pk]))
    if version != folder.to_sign or version.is_signed_by_some:
        messages.info(
            request, _("Only a version that waits for its first signature can be taken back.")
        )
        return redirect("desk:agreement", pk)
    return show(request, folder, "withdraw", version=version)
