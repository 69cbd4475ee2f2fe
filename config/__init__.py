"""Wiring only: settings, addresses, Celery, and the servers that are started when none are given."""

from config import following
from config.celery import app as celery_app

following.connect()

__all__ = ["celery_app"]
