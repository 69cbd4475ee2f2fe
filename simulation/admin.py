"""The simulation's memory, for staff to look at."""

from django.contrib import admin

from clock.admin import ReadOnly
from simulation.models import DueReply, SwitchOff, Walk, World


@admin.register(World)
class WorldAdmin(ReadOnly):
    list_display = ("id", "seed", "members")


@admin.register(Walk)
class WalkAdmin(ReadOnly):
    list_display = ("timeline", "member", "position")
    list_select_related = ("timeline", "member")


@admin.register(SwitchOff)
class SwitchOffAdmin(ReadOnly):
    list_display = ("timeline", "member", "decided_at")
    list_select_related = ("timeline", "member")


@admin.register(DueReply)
class DueReplyAdmin(ReadOnly):
    list_display = ("timeline", "author", "at")
    list_select_related = ("timeline", "author")
    exclude = ("body",)
