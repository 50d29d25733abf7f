"""Putting a file into a partnership, putting a newer one in its place, and saying what it is."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.text import NFCFormField
from accounts.versions import VersionedForm
from partnerships.fields import LongText
from partnerships.models import Document
from partnerships.uploads import check_document

ACCEPTED = ".pdf,.docx,.xlsx,.pptx,.odt,.png,.jpg,.jpeg"
CHOOSE = _("Choose a file.")
CHOOSE_AGAIN = _("Choose the file once more: the browser does not keep it for you.")


class DocumentFileField(forms.FileField):
    """A file, looked into before it is let in."""

    def __init__(self, **kwargs):
        options = {
            "label": _("File"),
            "help_text": _(
                "PDF, Word (docx), Excel (xlsx), PowerPoint (pptx), OpenDocument text (odt), PNG or JPG, "
                "at most 10 MB."
            ),
            "allow_empty_file": True,  # `check_document` says it better
            "error_messages": dict.fromkeys(["required", "invalid", "missing"], CHOOSE),
            "widget": forms.FileInput({"accept": ACCEPTED}),
        }
        super().__init__(**{**options, **kwargs})

    def clean(self, data, initial=None):
        return check_document(super().clean(data, initial))


class FileForm(forms.Form):
    """What a form with a file shares: where something else is wrong, the file is to be chosen again."""

    def clean(self):
        cleaned = super().clean()
        if self.errors and "file" in cleaned:
            self.add_error("file", CHOOSE_AGAIN)
        return cleaned


class PartyField(forms.ModelChoiceField):
    """Which of one's parties, for those who speak for more than one."""

    widget = forms.RadioSelect

    def label_from_instance(self, party):
        return party.name


class AddDocumentForm(FileForm):
    file = DocumentFileField()
    title = NFCFormField(
        label=pgettext_lazy("of a document", "Title"),
        max_length=150,
        required=False,
        help_text=_("Left empty, it bears the name of the file."),
    )
    note = LongText(
        label=_("Note"),
        help_text=_("What it is for, or what the reader should know."),
        required=False,
    )

    def __init__(self, *args, parties, **kwargs):
        super().__init__(*args, **kwargs)
        self.parties = parties
        if len(parties) > 1:
            self.fields["party"] = PartyField(
                parties[0].partnership.parties.filter(pk__in=[party.pk for party in parties]),
                label=_("Whose document is it?"),
                empty_label=None,
                error_messages={"required": _("Choose whose document it is.")},
            )
        alone = parties[0].label if len(parties) == 1 else ""
        self.fields["who"] = forms.ChoiceField(
            label=_("Who may see it?"),
            choices=[
                ("us", _("Only %(party)s") % {"party": alone} if alone else _("Only that side")),
                ("all", _("All sides")),
            ],
            widget=forms.RadioSelect,
            initial="us",
            error_messages={"required": _("Choose who may see it.")},
        )

    def save(self, *, by) -> Document:
        data = self.cleaned_data
        chosen = data.get("party", self.parties[0])
        party = next(party for party in self.parties if party == chosen)
        return Document.put(
            party,
            title=data["title"],
            note=data["note"],
            file=data["file"],
            shared=data["who"] == "all",
            by=by,
        )


class DocumentVersionForm(FileForm):
    """`seen` is the newest version that the page showed."""

    file = DocumentFileField(label=_("The newer file"))
    changed = LongText(label=_("What is new?"), required=False, rows=2, max_length=500)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)


class DocumentForm(VersionedForm):
    note = LongText(
        label=_("Note"),
        help_text=_("What it is for, or what the reader should know."),
        required=False,
    )

    class Meta:
        model = Document
        fields = ["title", "note"]
        error_messages = {"title": {"required": _("Enter a title.")}}
