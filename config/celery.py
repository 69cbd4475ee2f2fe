"""The Celery application: doorbells and the beat; nothing is kept here that the database does not know."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("inmail_simulator")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
