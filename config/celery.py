"""The Celery application: doorbells and the beat; nothing is kept here that the database does not know."""

import os

from celery import Celery
from celery.signals import worker_init

from config import broker, transport

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

transport.install()
app = Celery("inmail_simulator")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def _broker_keeps_everything(**_) -> None:
    try:
        broker.check(app.conf.broker_url.replace("redis+socket://", "unix://", 1))
    except broker.WouldForget as problem:
        raise SystemExit(str(problem)) from None
