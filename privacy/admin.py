"""Receptions, their history and blocks for staff to look at; only the members themselves change them."""

from django.contrib import admin

from clock.admin import ReadOnly
from privacy.models import Block, Reception, ReceptionChange


@admin.register(Reception)
class ReceptionAdmin(ReadOnly):
    list_display = ("member", "messages", "open_profile", "interests", "lowest_score")
    list_filter = ("messages", "open_profile")
    list_select_related = ("member",)
    search_fields = ("member__handle",)


@admin.register(ReceptionChange)
class ReceptionChangeAdmin(ReadOnly):
    list_display = ("member", "at", "messages", "open_profile", "interests", "lowest_score")
    list_select_related = ("member",)
    search_fields = ("member__handle",)


@admin.register(Block)
class BlockAdmin(ReadOnly):
    list_display = ("blocker", "blocked", "at")
    list_select_related = ("blocker", "blocked")
    search_fields = ("blocker__handle", "blocked__handle")
