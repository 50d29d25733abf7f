from django.conf import settings
from django.contrib import admin
from django.db.models import Prefetch
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin, TranslationStackedInline

from accounts.mail_reaches import MailReachesMixin
from accounts.mails import send_welcome
from accounts.models import User
from partnerships.district_admin import ContentAdmin, OfContentMixin, OwnDistrictAdmin
from partnerships.fields import RowsField
from partnerships.forms.admin import CoordinatorForm, PersonAdminForm, ReassignForm
from partnerships.models import (
    Coordinator,
    District,
    Goal,
    GuideLine,
    Measurement,
    Partner,
    Partnership,
    Person,
    School,
    StageGuide,
)


@admin.register(District)
class DistrictAdmin(OwnDistrictAdmin):
    """Operators make districts and name their admins; a district's own admins see it."""

    district_paths = ("pk",)
    list_display = ["name", "timezone"]
    search_fields = ["name"]
    filter_horizontal = ["admins"]
    readonly_fields = ["public_list"]

    @admin.display(description=_("public list of partnerships"))
    def public_list(self, district):
        """Its address, to copy and to open."""
        if not district.slug:
            return ""
        path = reverse("desk:district_public", args=[district.slug])
        return format_html('<a href="{}">{}{}</a>', path, settings.SITE_URL, path)

    def has_add_permission(self, request, obj=None):
        return request.user.is_superuser

    def get_fields(self, request, obj=None):
        """Who else is an admin is for operators to say: the list of accounts is theirs alone."""
        fields = ["name", "timezone", "public_list"]
        return [*fields, "admins"] if request.user.is_superuser else fields

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        return super().formfield_for_manytomany(db_field, request, form_class=RowsField, **kwargs)

    def save_related(self, request, form, formsets, change):
        """Let those who are admins now, and only those, into the admin."""
        super().save_related(request, form, formsets, change)
        User.objects.filter(districts=form.instance).update(is_staff=True)
        former = User.objects.filter(is_staff=True, is_superuser=False, districts=None)
        former.update(is_staff=False)


@admin.register(School)
class SchoolAdmin(OwnDistrictAdmin):
    list_display = ["name", "short_name", "phone"]
    search_fields = ["name", "folded"]
    fields = ["district", "name", "short_name", "address", "phone"]


@admin.register(Coordinator)
class CoordinatorAdmin(MailReachesMixin, OwnDistrictAdmin):
    """Made with an account, or by the account there is; taken back by deleting. Accounts are not edited here."""

    district_paths = ("school__district",)
    email_path = "user__email"
    form = CoordinatorForm
    list_display = ["user_name", "email", "school", "last_mail"]
    list_filter = [("school", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["user__name", "user__email"]
    list_select_related = ["user", "school"]

    @admin.display(description=_("name"), ordering="user__name")
    def user_name(self, coordinator):
        return coordinator.user.name

    @admin.display(description=_("email address"), ordering="user__email")
    def email(self, coordinator):
        return coordinator.user.email

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return self.is_admin(request)

    def get_readonly_fields(self, request, obj=None):
        return ["school", "user"] if obj else []

    def get_fields(self, request, obj=None):
        return ["school", "user"] if obj else ["school", "name", "email", "language"]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if form.account_is_new:
            send_welcome(obj.user, request)


@admin.register(Partner)
class PartnerAdmin(OwnDistrictAdmin):
    list_display = ["name", "kind", "place"]
    list_filter = ["kind", "place"]
    search_fields = ["name", "folded"]


@admin.register(Person)
class PersonAdmin(MailReachesMixin, OwnDistrictAdmin):
    district_paths = ("school__district", "partner__district")
    form = PersonAdminForm
    list_display = [
        "name",
        "title",
        "email",
        "school",
        "partner",
        "signs_in",
        "last_mail",
        "left_on",
    ]
    search_fields = ["name", "folded", "email"]
    list_select_related = ["school", "partner"]
    autocomplete_fields = ["school", "partner"]
    fields = ["name", "title", "email", "phone", "school", "partner", "may_sign_in", "language"]
    readonly_fields = ["left_on"]

    @admin.display(description=_("can sign in"), boolean=True)
    def signs_in(self, person):
        return person.user_id is not None

    def save_model(self, request, obj, form, change):
        made = form.link_account(obj)
        super().save_model(request, obj, form, change)
        if made:
            send_welcome(obj.user, request)


@admin.register(Partnership)
class PartnershipAdmin(OwnDistrictAdmin):
    """To read, and to put into other hands. Stage, cycle and status are moved by people at the table."""

    form = ReassignForm
    list_display = ["title", "stage", "cycle", "status", "coordinator"]
    list_filter = ["stage", "status"]
    search_fields = ["parties__partner__folded", "parties__school__folded"]
    list_select_related = ["coordinator"]
    fields = [
        "school",
        "coordinator",
        "stage",
        "cycle",
        "status",
        "purpose",
        "starts_on",
        "ends_on",
    ]
    readonly_fields = ["stage", "cycle", "status", "purpose", "starts_on", "ends_on"]

    def get_queryset(self, request):
        return super().get_queryset(request).with_parties()

    @admin.display(description=_("partnership"))
    def title(self, partnership):
        return partnership.title

    def has_add_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        if form.has_changed():
            obj.reassign(
                school=form.cleaned_data["school"],
                coordinator=form.cleaned_data["coordinator"],
                by=request.user,
            )


class MeasurementInline(admin.TabularInline):
    """What was counted, with corrections, to read."""

    model = Measurement
    fields = readonly_fields = ["on", "value", "note", "noted_by"]
    extra = 0

    @admin.display(description=_("Noted by"))
    def noted_by(self, measurement):
        return measurement.by.name

    def has_view_permission(self, request, obj=None):
        return True

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Goal)
class GoalAdmin(OwnDistrictAdmin):
    """To read: goals are set and counted by those at the table."""

    has_history = False
    district_paths = ("partnership__district",)
    list_display = ["what", "partnership", "due_on", "retired_in"]
    search_fields = ["what"]
    inlines = [MeasurementInline]

    def get_queryset(self, request):
        partnerships = Prefetch("partnership", Partnership.objects.with_parties())
        return super().get_queryset(request).prefetch_related(partnerships)

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


class GuideLineInline(OfContentMixin, TranslationStackedInline):
    model = GuideLine
    fields = ["kind", "position", "title", "text", "author", "url", "retired"]


@admin.register(StageGuide)
class StageGuideAdmin(ContentAdmin, TranslationAdmin):
    inlines = [GuideLineInline]
