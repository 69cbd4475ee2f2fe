"""The map of addresses: each floor names its own paths, from the root."""

from allauth import urls as allauth
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView
from rest_framework.authtoken.models import TokenProxy

from accounts import staying
from accounts.views.entrance import admin_door
from config.metrics import metrics
from inmail.api.docs import docs
from inmail.api.errors import nothing_here
from inmail.api.health import HealthView

if admin.site.is_registered(TokenProxy):  # a token is a way in: not for other people to read
    admin.site.unregister(TokenProxy)

urlpatterns = [
    path("healthz", HealthView.as_view(), name="healthz"),
    path("metrics", metrics, name="metrics"),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", docs, name="docs"),
    path("api/v1/", include("simulation.api_urls")),
    path("api/v1/", include("lab.api_urls")),
    path("api/v1/", include("inmail.api.urls")),
    re_path("^api/", nothing_here),
    path("admin/login/", admin_door),
    path("admin/password_change/", admin.site.admin_view(RedirectView.as_view(pattern_name="account_change_password"))),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("accounts/", include(staying.held(allauth.urlpatterns))),
    path("", include("clock.urls")),
    path("", include("privacy.urls")),
    path("", include("accounts.urls")),
    path("", include("lab.urls")),
    path("", include("inmail.urls")),
]

handler500 = "config.busy.server_error"
