"""The addresses under `/api/v1/`."""

from django.urls import path

from inmail.api import auth, clock, inmails, me, members, messages, network, privacy, staff, wallet

urlpatterns = [
    path("token/", auth.TokenView.as_view()),
    path("me/", me.MeView.as_view()),
    path("members/", members.MembersView.as_view()),
    path("members/<str:handle>/", members.MemberView.as_view()),
    path("inmails/", inmails.InmailsView.as_view()),
    path("inmails/<int:pk>/", inmails.InmailView.as_view()),
    path("inmails/<int:pk>/open/", inmails.OpenView.as_view()),
    path("inmails/<int:pk>/answer/", inmails.AnswerView.as_view()),
    path("inmails/<int:pk>/undo/", inmails.UndoView.as_view()),
    path("inmails/<int:pk>/withdraw/", inmails.WithdrawView.as_view()),
    path("credits/", wallet.CreditsView.as_view()),
    path("credits/purchase/", wallet.PurchaseView.as_view()),
    path("reception/", privacy.ReceptionView.as_view()),
    path("connections/", network.ConnectionsView.as_view()),
    path("connections/<str:handle>/", network.ConnectionView.as_view()),
    path("invitations/", network.InvitationsView.as_view()),
    path("invitations/<int:pk>/accept/", network.AcceptView.as_view()),
    path("invitations/<int:pk>/ignore/", network.IgnoreView.as_view()),
    path("invitations/<int:pk>/withdraw/", network.WithdrawView.as_view()),
    path("messages/", messages.MessagesView.as_view()),
    path("blocks/", privacy.BlocksView.as_view()),
    path("outcomes/summary/", staff.OutcomesView.as_view()),
    path("audit/ledger/", staff.AuditView.as_view()),
    path("audit/adjustments/", staff.AdjustmentsView.as_view()),
    path("clock/", clock.ClockView.as_view()),
    path("clock/advance/", clock.AdvanceView.as_view()),
]
