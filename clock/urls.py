"""The addresses of the clock."""

from django.urls import path

from clock import views

app_name = "clock"
urlpatterns = [
    path("clock/", views.control, name="control"),
    path("clock/speed/", views.speed, name="speed"),
    path("clock/advance/", views.advance, name="advance"),
    path("clock/state/", views.state, name="state"),
]
