"""The addresses of members, their network and their groups."""

from django.urls import path

from accounts.views import groups, impersonation, journal, network, own, pictures

app_name = "accounts"
urlpatterns = [
    path("network/", network.network_page, name="network"),
    path("network/invitations/<int:pk>/", network.answer_invitation, name="answer_invitation"),
    path("network/offer/", network.take_offer, name="take_offer"),
    path("members/<str:handle>/connect/", network.invite, name="invite"),
    path("members/<str:handle>/disconnect/", network.disconnect, name="disconnect"),
    path("members/<str:handle>/picture.svg", pictures.picture, name="picture"),
    path("groups/", groups.group_list, name="groups"),
    path("groups/<slug:slug>/", groups.group_page, name="group"),
    path("groups/<slug:slug>/join/", groups.join, name="join_group"),
    path("groups/<slug:slug>/leave/", groups.leave, name="leave_group"),
    path("settings/profile/", own.edit_profile, name="edit_profile"),
    path("outbox/", own.outbox_page, name="outbox"),
    path("staff/log/", journal.log, name="log"),
    path("staff/impersonation/stop/", impersonation.stop, name="stop_impersonating"),
    path("staff/impersonation/<str:handle>/", impersonation.begin, name="impersonate"),
]
