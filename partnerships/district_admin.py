"""How the admin keeps districts apart: a district admin sees and can choose the rows of their own."""

from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.http import Http404, HttpResponseNotAllowed
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from simple_history.admin import SimpleHistoryAdmin

from partnerships.fields import KEY_DIGITS


class KnownRowSelect(AutocompleteSelect):
    """Draws what was chosen once more; Django breaks where that is no number."""

    def optgroups(self, name, value, attr=None):
        keys = [one for one in value if str(one).isdecimal() and len(str(one)) <= KEY_DIGITS]
        return super().optgroups(name, keys, attr)


class OwnDistrictMixin:
    """Scopes lists, forms, autocompletes, actions and history to the reader's districts.

    `district_paths` are the lookups that lead from the model to its district.
    """

    district_paths = ("district",)

    def view_on_site(self, row):
        """Lead straight to the row's page, which asks who may see it."""
        return row.get_absolute_url() if hasattr(row, "get_absolute_url") else None

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        if request.user.is_superuser:
            return rows
        mine = rows.none()
        for path in self.district_paths:
            mine |= rows.filter(**{f"{path}__in": request.user.district_ids})
        return mine

    def get_object(self, request, object_id, from_field=None):
        """Take `?_to_field=` with nothing behind it for what it is, where Django breaks."""
        return super().get_object(request, object_id, from_field or None)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = KnownRowSelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_field_queryset(self, db, db_field, request):
        """Offer only what the reader would find in the list of the other model."""
        other = self.admin_site._registry.get(db_field.remote_field.model)
        if isinstance(other, OwnDistrictMixin):
            return other.get_queryset(request)
        return super().get_field_queryset(db, db_field, request)

    def is_admin(self, request) -> bool:
        return request.user.is_superuser or bool(request.user.district_ids)

    def has_module_permission(self, request):
        return self.is_admin(request)

    def has_view_permission(self, request, obj=None):
        return self.is_admin(request)

    def has_change_permission(self, request, obj=None):
        return self.is_admin(request)

    def has_add_permission(self, request, obj=None):
        return self.is_admin(request)

    def has_delete_permission(self, request, obj=None):
        """Nothing that may have been used is deleted."""
        return False


class OwnDistrictAdmin(OwnDistrictMixin, SimpleHistoryAdmin):
    """With the history of what admins edit. A row of another district has none, as it has no page."""

    has_history = True

    def history_view(self, request, object_id, extra_context=None):
        self.history_or_404(request, object_id)
        return super().history_view(request, object_id, extra_context)

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        """Show an old state, to be read: the library would write it back, stage and all."""
        self.history_or_404(request, object_id)
        if not version_id.isdecimal():
            raise Http404
        if request.method == "POST":
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return super().history_form_view(request, object_id, version_id, extra_context)

    def get_history_queryset(self, request, history_manager, pk_name, object_id):
        """Without following every key: the library does so in a way that Django 6.1 warns of."""
        return history_manager.filter(**{pk_name: object_id}).select_related("history_user")

    def history_or_404(self, request, object_id):
        if not self.has_history or self.get_object(request, object_id) is None:
            raise Http404


class ContentAdmin(OwnDistrictAdmin):
    """Content: the common one to read, the district's own to change."""

    actions = ["copy_for_our_district"]
    list_display = ["__str__", "whose"]
    exclude = ["district"]

    def get_queryset(self, request):
        rows = super(OwnDistrictMixin, self).get_queryset(request)
        return rows.visible_to(request.user).select_related("district")

    @admin.display(description=gettext_lazy("whose"), ordering="district")
    def whose(self, content):
        return content.district or _("common to all")

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        if obj is None or request.user.is_superuser:
            return self.is_admin(request)
        return obj.district_id in request.user.district_ids

    @admin.action(
        description=gettext_lazy("Copy for our district, to change it"), permissions=["view"]
    )
    def copy_for_our_district(self, request, queryset):
        made = 0
        for district in request.user.districts.all():
            for content in queryset.filter(district=None):
                made += content.copy_for(district) is not None
        text = ngettext(
            "%(count)s copy made. Your district uses it from now on.",
            "%(count)s copies made. Your district uses them from now on.",
            made,
        )
        if made:
            self.message_user(request, text % {"count": made})
        else:
            nothing = _("Nothing was copied: your district has its own already, or you have none.")
            self.message_user(request, nothing, messages.WARNING)


def content_of(row, path: str):
    """Return the content that a row belongs to: itself, or what `path` leads to."""
    return getattr(row, path) if path else row


class PartOfContentAdmin(OwnDistrictAdmin):
    """A part of content with a page of its own; `content_path` leads to the content."""

    content_path = ""

    def get_queryset(self, request):
        rows = super(OwnDistrictMixin, self).get_queryset(request)
        content = rows.model._meta.get_field(self.content_path).remote_field.model
        visible = content.objects.visible_to(request.user)
        return rows.filter(**{f"{self.content_path}__in": visible.values("pk")}).select_related(
            f"{self.content_path}__district"
        )

    @admin.display(description=gettext_lazy("whose"))
    def whose(self, row):
        return content_of(row, self.content_path).district or _("common to all")

    def has_change_permission(self, request, obj=None):
        if obj is None or request.user.is_superuser:
            return self.is_admin(request)
        return content_of(obj, self.content_path).district_id in request.user.district_ids

    def has_add_permission(self, request, obj=None):
        return False


class OfContentMixin:
    """For inlines: what belongs to content is read by all who see it, changed where the content may be."""

    extra = 0
    content_path = ""

    def has_view_permission(self, request, obj=None):
        return True

    def has_change_permission(self, request, obj=None):
        if request.user.is_superuser:
            return True
        return (
            obj is not None
            and content_of(obj, self.content_path).district_id in request.user.district_ids
        )

    def has_add_permission(self, request, obj=None):
        return self.has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return False
