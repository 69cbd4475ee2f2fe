"""The addresses of the lab, under `/api/v1/`."""

from django.urls import path

from lab import api

urlpatterns = [
    path("lab/runs/", api.RunsView.as_view()),
    path("lab/runs/<uuid:id>/", api.RunView.as_view()),
    path("lab/runs/<uuid:id>/cancel/", api.CancelView.as_view()),
    path("lab/runs/<uuid:id>/retry/", api.RetryView.as_view()),
]
