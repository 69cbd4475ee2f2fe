"""InMail for staff. What is money or past is looked at; policies are written, and put in force from now on only.

What members write to each other is not shown here; one text at a time is read with a reason (inmail/views/reading.py).
Policies, and which is in force, stand in the log of the acts of staff as they change.
"""

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts import journal
from accounts.journaled import Journaled
from clock import timeline as clock
from clock.admin import ReadOnly
from inmail import fieldnames, policy
from inmail.models import (
    BulkRule,
    Draft,
    Heartbeat,
    IdempotencyKey,
    Inmail,
    Job,
    LedgerEntry,
    Message,
    Outcome,
    Plan,
    Policy,
    PolicyTerm,
    Sanction,
    ScheduledInmail,
    SenderScore,
    Subscription,
    Thread,
    Wallet,
)

admin.site.site_header = "InMail Simulator"
admin.site.site_title = "InMail Simulator"
admin.site.index_title = _("Everything there is")
fieldnames.translate()

NUMBERS = (
    "deadline_days",
    "expiry_days",
    "on_silence",
    "on_interested",
    "on_reply",
    "on_not_interested",
    "on_report",
    "bonus_on_interested",
    "to_recipient_on_report",
)


class OfPolicies(Journaled):
    """What concerns the dated rules of credits."""

    journal_changed, journal_deleted = journal.Act.POLICIES_CHANGED, journal.Act.POLICIES_DELETED


class PlanInline(admin.TabularInline):
    model = Plan
    extra = 0


@admin.register(Policy)
class PolicyAdmin(OfPolicies, admin.ModelAdmin):
    """What an InMail gives back was promised when it was sent: once one is, those numbers stand."""

    list_display = ("name", "deadline_days", *NUMBERS[2:], "purchase_limit")
    inlines = (PlanInline,)

    def get_readonly_fields(self, request, obj=None):
        if obj is None:
            return ()
        in_use = Inmail.objects.filter(policy=obj).exists()
        return ("name", *(NUMBERS if in_use else ()))

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or obj.name not in policy.PRESETS)


@admin.register(Plan)
class PlanAdmin(OfPolicies, admin.ModelAdmin):
    list_display = ("policy", "name", "monthly", "cap")
    list_filter = ("policy",)
    list_select_related = ("policy",)


class PolicyTermForm(forms.ModelForm):
    class Meta:
        model = PolicyTerm
        fields = ("timeline", "policy", "from_at")

    def clean(self) -> dict:
        given = super().clean()
        timeline, from_at = given.get("timeline"), given.get("from_at")
        if timeline and from_at and from_at < clock.now(timeline):
            self.add_error("from_at", _("A policy is put in force from now on, never in the past."))
        return given


@admin.register(PolicyTerm)
class PolicyTermAdmin(OfPolicies, admin.ModelAdmin):
    """What has begun to be in force stays on record; what is still to come can be changed."""

    form = PolicyTermForm
    list_display = ("timeline", "policy", "from_at", "author")
    list_select_related = ("timeline", "policy", "author")

    def save_model(self, request, obj, form, change):
        obj.author = request.user
        super().save_model(request, obj, form, change)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self._is_to_come(obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self._is_to_come(obj)

    def _is_to_come(self, obj) -> bool:
        return obj is None or obj.from_at > clock.now(obj.timeline)


def _to_reading(page: str, pk: int) -> str:
    return format_html('<a href="{}">{}</a>', reverse(page, args=[pk]), _("Read it, with a reason"))


@admin.register(Inmail)
class InmailAdmin(ReadOnly):
    list_display = ("id", "sender", "recipient", "category", "status", "cost", "policy", "created_at", "settled_at")
    list_filter = ("status", "category", "policy")
    list_select_related = ("sender", "recipient", "policy")
    search_fields = ("sender__handle", "recipient__handle")
    exclude = ("subject", "body", "answer_text")
    readonly_fields = ("text",)

    @admin.display(description=_("text"))
    def text(self, row):
        return _to_reading("inmail:read_inmail", row.pk)


@admin.register(Job)
class JobAdmin(ReadOnly):
    """Looked at here; tried again, or given up, on the page of jobs."""

    list_display = ("inmail_id", "attempts", "retry_at", "dead_at")


@admin.register(Outcome)
class OutcomeAdmin(ReadOnly):
    list_display = ("inmail_id", "category", "match", "degree", "notified", "delivered_at", "opened_at", "answer")
    list_filter = ("match", "category", "answer")


@admin.register(Thread)
class ThreadAdmin(ReadOnly):
    list_display = ("id", "kind", "opener", "other", "opener_at", "other_at")
    list_filter = ("kind",)
    list_select_related = ("opener", "other")
    search_fields = ("opener__handle", "other__handle")
    exclude = ("subject",)


@admin.register(Message)
class MessageAdmin(ReadOnly):
    list_display = ("id", "thread_id", "author", "at")
    list_select_related = ("author",)
    exclude = ("body",)
    readonly_fields = ("text",)

    @admin.display(description=_("text"))
    def text(self, row):
        return _to_reading("inmail:read_message", row.pk)


@admin.register(Draft)
class DraftAdmin(ReadOnly):
    list_display = ("key", "sender", "recipient", "saved_at")
    list_select_related = ("sender", "recipient")
    exclude = ("subject", "body")


@admin.register(ScheduledInmail)
class ScheduledInmailAdmin(ReadOnly):
    list_display = ("id", "sender", "recipient", "category", "bulk", "cost", "send_at")
    list_select_related = ("sender", "recipient")
    exclude = ("subject", "body")


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnly):
    list_display = ("id", "timeline", "member", "number", "kind", "amount", "balance", "reason", "note", "author", "at")
    list_filter = ("kind", "reason")
    list_select_related = ("timeline", "member", "author")
    search_fields = ("member__handle",)


@admin.register(Wallet)
class WalletAdmin(ReadOnly):
    list_display = ("timeline", "member", "balance", "entries")
    list_select_related = ("timeline", "member")
    search_fields = ("member__handle",)


@admin.register(Subscription)
class SubscriptionAdmin(ReadOnly):
    list_display = ("timeline", "member", "plan", "next_plan", "billing_day", "next_grant_at")
    list_filter = ("plan",)
    list_select_related = ("timeline", "member")
    search_fields = ("member__handle",)


@admin.register(SenderScore)
class SenderScoreAdmin(ReadOnly):
    list_display = ("timeline", "member", "score", "answers", "renewed_at")
    list_select_related = ("timeline", "member")
    search_fields = ("member__handle",)


@admin.register(Sanction)
class SanctionAdmin(ReadOnly):
    list_display = ("timeline", "member", "step", "from_at", "until_at")
    list_select_related = ("timeline", "member")
    search_fields = ("member__handle",)


@admin.register(BulkRule)
class BulkRuleAdmin(ReadOnly):
    list_display = ("timeline", "member", "stage", "from_at", "until_at")
    list_filter = ("stage",)
    list_select_related = ("timeline", "member")
    search_fields = ("member__handle",)


@admin.register(IdempotencyKey)
class IdempotencyKeyAdmin(ReadOnly):
    list_display = ("member", "key", "status_code", "made_at")
    list_select_related = ("member",)


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnly):
    list_display = ("name", "seen_at")
