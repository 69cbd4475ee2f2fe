"""Timelines and advances for staff to look at; time is moved on the clock page."""

from django.contrib import admin

from clock.models import Advance, Timeline


class ReadOnly(admin.ModelAdmin):
    """Rows that verbs alone may write."""

    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Timeline)
class TimelineAdmin(ReadOnly):
    list_display = ("name", "now_at", "speed", "seed", "began_at")


@admin.register(Advance)
class AdvanceAdmin(ReadOnly):
    list_display = ("timeline", "started_at", "until", "status", "requested_by")
    list_filter = ("status",)
    list_select_related = ("timeline", "requested_by")
