"""The addresses of privacy and settings."""

from django.urls import path

from privacy import views

app_name = "privacy"
urlpatterns = [
    path("settings/communications/", views.communications, name="communications"),
    path("settings/blocks/add/", views.block, name="block"),
    path("settings/blocks/remove/", views.unblock, name="unblock"),
]
