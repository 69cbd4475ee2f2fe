"""Wiring only: settings, addresses, Celery, and the servers that are started when none are given."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
