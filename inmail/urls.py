"""The pages of InMail: members found and shown, correspondence, credits, and what staff look at."""

from django.urls import path

from inmail.views import compose, front, inbox, jobs, leave, profile, reading, search, staff, talk, thread, wallet

app_name = "inmail"
urlpatterns = [
    path("", front.home, name="home"),
    path("status/", front.status, name="status"),
    path("theme/", front.theme, name="theme"),
    path("search/", search.results, name="search"),
    path("members/<str:handle>/", profile.profile, name="profile"),
    path("members/<str:handle>/inmail/", compose.compose, name="compose"),
    path("members/<str:handle>/inmail/draft/", compose.save_draft, name="save_draft"),
    path("members/<str:handle>/message/", talk.message, name="message"),
    path("groups/<slug:slug>/message/<str:handle>/", talk.group_message, name="group_message"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("threads/<int:pk>/", thread.thread, name="thread"),
    path("inmails/<int:pk>/answer/", thread.answer, name="answer"),
    path("inmails/<int:pk>/undo/", thread.undo, name="undo"),
    path("inmails/<int:pk>/withdraw/", thread.withdraw, name="withdraw"),
    path("credits/", wallet.wallet, name="credits"),
    path("credits/purchase/", wallet.purchase, name="purchase"),
    path("credits/plan/", wallet.plan, name="plan"),
    path("settings/leave/", leave.leave, name="leave"),
    path("staff/texts/inmail/<int:pk>/", reading.inmail, name="read_inmail"),
    path("staff/texts/message/<int:pk>/", reading.message, name="read_message"),
    path("staff/outcomes/", staff.outcomes, name="outcomes"),
    path("staff/outcomes.csv", staff.outcomes_csv, name="outcomes_csv"),
    path("staff/jobs/", jobs.jobs, name="jobs"),
    path("staff/jobs/<int:pk>/retry/", jobs.retry, name="retry_job"),
    path("staff/jobs/<int:pk>/give-up/", jobs.give_up, name="give_up_job"),
    path("staff/jobs/mails/<int:pk>/retry/", jobs.retry_mail, name="retry_mail"),
    path("staff/jobs/clock/<int:pk>/retry/", jobs.retry_advance, name="retry_advance"),
    path("staff/audit/", staff.audit, name="audit"),
    path("staff/audit/<str:handle>/", staff.member_statement, name="statement"),
    path("staff/audit/<str:handle>.csv", staff.statement_csv, name="statement_csv"),
]
