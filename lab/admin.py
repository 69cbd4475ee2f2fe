"""Runs for staff to look at; they are asked for, cancelled and tried again in the lab."""

from django.contrib import admin

from clock.admin import ReadOnly
from lab.models import Pace, Replication, Run, Shard


@admin.register(Run)
class RunAdmin(ReadOnly):
    list_display = ("name", "owner", "status", "members", "days", "arms", "replications", "created_at", "finished_at")
    list_filter = ("status",)
    list_select_related = ("owner",)
    exclude = ("report_json",)

    def get_queryset(self, request):
        return super().get_queryset(request).defer("report_json")


@admin.register(Shard)
class ShardAdmin(ReadOnly):
    list_display = ("run", "replication", "part", "at", "end", "attempts", "done_at", "error")
    list_select_related = ("run",)
    exclude = ("sums",)

    def get_queryset(self, request):
        return super().get_queryset(request).defer("sums", "run__report_json", "run__text")


@admin.register(Replication)
class ReplicationAdmin(ReadOnly):
    list_display = ("run", "number")
    list_select_related = ("run",)
    exclude = ("sums",)

    def get_queryset(self, request):
        return super().get_queryset(request).defer("sums", "run__report_json", "run__text")


@admin.register(Pace)
class PaceAdmin(ReadOnly):
    list_display = ("version", "member_seconds", "inmail_seconds", "measured_at")
