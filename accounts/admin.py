"""Members and their graph for staff. What rules read (instants, numbers, edges) is not edited here.

Law: rights given or taken, and members sent away or let in again, stand in the log.
"""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin as DjangoRoleAdmin
from django.contrib.auth.models import Group as Role
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import journal, tokens
from accounts.journaled import Journaled, changes
from accounts.models import Connection, Group, Invitation, JournalEntry, Member, Membership, SentMail, WaitingMail
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

    def save_model(self, request, obj, form, change):
        """Of the row what was changed here is written: a new password, a departure of meanwhile stay as they are."""
        with clock.moment():
            if not Member.objects.select_for_update(no_key=True).filter(pk=obj.pk).exclude(first_name=""):
                raise PermissionDenied
            columns = {field.name for field in Member._meta.concrete_fields}
            obj.save(update_fields=columns.intersection(form.changed_data))

    def save_related(self, request, form, formsets, change):
        """Of rights the log keeps what was and what is; of a profile only which fields, they are personal."""
        super().save_related(request, form, formsets, change)
        rights = changes(form, only=RIGHTS)
        if rights:
            tokens.revoke(form.instance)  # one taken for a password alone must not become one of staff
            journal.record(request, journal.Act.ROLES_CHANGED, on=form.instance, **rights)
        if others := sorted(set(form.changed_data) - set(RIGHTS)):
            journal.record(request, journal.Act.MEMBERS_CHANGED, on=form.instance, fields=", ".join(others))

    @admin.action(description=_("Deactivate the members"), permissions=["change"])
    def deactivate(self, request, queryset):
        with clock.moment() as at:
            going = list(_theirs_to_send(request, queryset).active().exclude(pk=request.user.pk))
            count = Member.objects.filter(pk__in=[m.pk for m in going]).update(deactivated_at=at)
            journal.record_each(request, journal.Act.MEMBERS_DEACTIVATED, going)
        said = ngettext("%(n)s member is deactivated.", "%(n)s members are deactivated.", count)
        messages.success(request, said % {"n": count})

    @admin.action(description=_("Reactivate the members"), permissions=["change"])
    def reactivate(self, request, queryset):
        """Those who were deleted have no name any more, and stay away."""
        with clock.moment():
            coming = list(
                _theirs_to_send(request, queryset).filter(deactivated_at__isnull=False).exclude(first_name="")
            )
            count = Member.objects.filter(pk__in=[m.pk for m in coming]).update(deactivated_at=None)
            journal.record_each(request, journal.Act.MEMBERS_REACTIVATED, coming)
        said = ngettext("%(n)s member is active again.", "%(n)s members are active again.", count)
        messages.success(request, said % {"n": count})


def _theirs_to_send(request, queryset):
    """Staff and superusers are sent away and let in again by superusers only."""
    return queryset if request.user.is_superuser else queryset.exclude(is_staff=True).exclude(is_superuser=True)


admin.site.unregister(Role)
for key in (Authenticator, UserSession, EmailAddress):  # ways into somebody's account: theirs to change alone
    admin.site.unregister(key)


@admin.register(EmailAddress)
class EmailAddressAdmin(ReadOnly):
    """Looked at, to help; a link for a new password goes to any address that stands here."""

    list_display = ("email", "user", "primary", "verified")
    search_fields = ("email", "user__handle")
    list_select_related = ("user",)


@admin.register(Role)
class RoleAdmin(Journaled, DjangoRoleAdmin):
    """Sets of permissions; what they let their members do is written down as it changes.

    For superusers, as all rights are: who is in a role could raise themselves by changing it.
    """

    journal_changed, journal_deleted = journal.Act.ROLES_CHANGED, journal.Act.ROLES_DELETED

    def has_add_permission(self, request):
        return request.user.is_superuser

    def has_change_permission(self, request, obj=None):
        return request.user.is_superuser

    def has_delete_permission(self, request, obj=None):
        return request.user.is_superuser


@admin.register(JournalEntry)
class JournalEntryAdmin(ReadOnly):
    list_display = ("id", "act", "actor_handle", "member_number", "what", "reason", "at")
    search_fields = ("actor_handle", "act", "what")


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
    exclude = ("note",)  # a word between two people


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


@admin.register(WaitingMail)
class WaitingMailAdmin(ReadOnly):
    list_display = ("id", "attempts", "retry_at", "dead_at", "error")
    exclude = ("fields",)  # for the same reason
