"""The map of the platform, with three pages that break in the ways in which nothing else may be made to break."""

from django.db import OperationalError
from django.urls import path

from config.urls import handler500, urlpatterns

__all__ = ["handler500", "urlpatterns"]


def broken(request):
    raise RuntimeError("nobody foresaw this")


def busy(request):
    raise OperationalError("the database is away")


urlpatterns = [path("broken/", broken), path("busy/", busy), *urlpatterns]
