"""Members and their graph for staff. What rules read (instants, numbers, edges) is not edited here."""

from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import Connection, Group, Invitation, Member, Membership, SentMail
from clock import timeline as clock
from clock.admin import ReadOnly

RIGHTS = ("is_staff", "is_superuser", "groups", "user_permissions")


@admin.register(Member)
class MemberAdmin(admin.ModelAdmin):
    list_display = ("handle", "name", "headline", "country", "simulated", "is_staff", "joined_at", "deactivated_at")
    list_filter = ("simulated", "is_staff", ("deactivated_at", admin.EmptyFieldListFilter))
    search_fields = ("handle", "first_name", "last_name", "email")
    readonly_fields = ("number", "handle", "email", "simulated", "joined_at", "deactivated_at", "last_login")
    exclude = ("password",)
    filter_horizontal = ("groups", "user_permissions")
    show_full_result_count = False
    actions = ("deactivate", "reactivate")

    def get_readonly_fields(self, request, obj=None):
        return (*self.readonly_fields, *(() if request.user.is_superuser else RIGHTS))

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.action(description=_("Deactivate the members"), permissions=["change"])
    def deactivate(self, request, queryset):
        with clock.moment() as at:
            count = queryset.active().exclude(pk=request.user.pk).update(deactivated_at=at)
        said = ngettext("%(n)s member is deactivated.", "%(n)s members are deactivated.", count)
        messages.success(request, said % {"n": count})

    @admin.action(description=_("Reactivate the members"), permissions=["change"])
    def reactivate(self, request, queryset):
        count = queryset.filter(deactivated_at__isnull=False).update(deactivated_at=None)
        said = ngettext("%(n)s member is active again.", "%(n)s members are active again.", count)
        messages.success(request, said % {"n": count})


@admin.register(Connection)
class ConnectionAdmin(ReadOnly):
    list_display = ("member", "other", "since")
    list_select_related = ("member", "other")
    search_fields = ("member__handle", "other__handle")


@admin.register(Invitation)
class InvitationAdmin(ReadOnly):
    list_display = ("sender", "recipient", "status", "sent_at", "answered_at")
    list_filter = ("status",)
    list_select_related = ("sender", "recipient")
    search_fields = ("sender__handle", "recipient__handle")


@admin.register(Group)
class GroupAdmin(admin.ModelAdmin):
    list_display = ("name", "slug")
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}


@admin.register(Membership)
class MembershipAdmin(ReadOnly):
    list_display = ("group", "member", "since")
    list_select_related = ("group", "member")
    search_fields = ("group__slug", "member__handle")


@admin.register(SentMail)
class SentMailAdmin(ReadOnly):
    list_display = ("subject", "to", "sent_at")
    exclude = ("body",)  # a link in it may be a key to somebody's account
