"""Two people on one text: whoever saves second sees both and decides; nothing is overwritten silently."""

from datetime import date

from django import forms
from django.db import models
from django.utils.formats import localize
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.templatetags.words import long_day


class Versioned(models.Model):
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        abstract = True


class VersionedForm(forms.ModelForm):
    """A form that knows which version it was drawn from. Use it inside a transaction.

    If the row has changed since, the form is refused: `conflict` then holds what the other
    person wrote, a (label, text) pair per differing field, and the form keeps what was typed
    and carries the new version, so that sending it again is a decision.
    """

    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.conflict = []
        if self.instance.pk:
            self.initial["seen_version"] = self.instance.version
        else:
            del self.fields["seen_version"]

    @cached_property
    def changed_data(self):
        """The fields that say something else than before; the version is no such field."""
        return [name for name in super().changed_data if name != "seen_version"]

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk:
            saved = type(self.instance)._base_manager.select_for_update().get(pk=self.instance.pk)
            if cleaned.get("seen_version") != saved.version:
                self.compare_with(saved)
            self.keep_the_rest_of(saved)
        return cleaned

    def compare_with(self, saved):
        self.conflict = [
            (self.fields[name].label, self.as_read(name, value))
            for name, value in self.stored(saved).items()
            if self.fields[name].has_changed(
                self.fields[name].prepare_value(value), self[name].data
            )
        ]
        if not self.conflict:  # both wrote the same
            return
        self.data = self.data.copy()
        self.data[self.add_prefix("seen_version")] = saved.version
        self.add_error(
            None,
            _(
                "Somebody changed this while you were writing. Compare, then save what should stand."
            ),
        )

    def keep_the_rest_of(self, saved):
        """Leave what this form does not ask as it is now, not as it was when the request began."""
        for field in saved._meta.concrete_fields:
            if field.name not in self.fields:
                setattr(self.instance, field.attname, getattr(saved, field.attname))

    def stored(self, saved) -> dict:
        """What the other person saved, by field of this form."""
        return forms.model_to_dict(saved, self.fields)

    def as_read(self, name, value):
        """Return a stored value as a person reads it."""
        if isinstance(value, date):
            return long_day(value)
        choices = dict(getattr(self.fields[name], "choices", []))
        if isinstance(value, list):
            return ", ".join(str(choices.get(one, one)) for one in value)
        return localize(choices.get(value, value))

    def save(self, commit=True):
        if self.instance.pk:
            self.instance.version += 1
        return super().save(commit)
