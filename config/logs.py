"""What is said: one event a line on stderr, as JSON, or readable at a terminal, with the request or task it belongs to.

Law: no line holds a text of members, a password, a token or an e-mail address, and no input begins a line of its own.
"""

from __future__ import annotations

import json
import logging
import logging.config
import os
import re
import sys
from pathlib import Path

import structlog
from gunicorn.glogging import Logger

ROOT = str(Path(__file__).resolve().parent.parent) + "/"
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
FORMATS = ("json", "line")
LONGEST = 600  # characters of one text
FRAMES = 15  # of a traceback, the innermost
# Where the libraries would say more than we may, or bury what matters: a beat is a line each second.
PINNED = {
    "celery.beat": "WARNING",
    "celery.worker.strategy": "WARNING",  # tells arguments
    "celery.app.trace": "CRITICAL",  # failures are told once, by config.following
    "django.db.backends": "INFO",  # tells parameters
    "django.request": "ERROR",  # each request has a line anyway
    "django.template": "INFO",
}
NAMED = "(?:pass|token|secret|authorization|session|csrf|cookie)"
SECRETS: tuple[tuple[re.Pattern, str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), instead)
    for pattern, instead in (
        (r"(?<=://)[^\s/@]*@", "[secret]@"),
        (r"(?<=/password/reset/key/)[^\s/]+|(?<=/confirm-email/)[^\s/]+", "[secret]"),
        (r"(?<=[\w/])\?[^\s\"']+", "?[query]"),
        (r"[^\s@<>()\[\]\"',;:=/]{1,64}@(?:localhost\b|(?:[\w-]{1,63}\.)+[\w-]+)", "[e-mail]"),
        (rf"\b({NAMED}\w*['\"]?\s*[=:]\s*(?:(?:token|bearer|basic) )?)\S+", r"\1[secret]"),
        (r"\b(token|bearer) [\w.~+/=-]{8,}", r"\1 [secret]"),
        (r"\b[0-9a-f]{40}\b", "[secret]"),
    )
)
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def configuration(level: str, how: str) -> dict:
    """For logging.config: everything that anybody says takes the one way out."""
    if level not in LEVELS:
        raise ValueError(f"LOG_LEVEL is one of {', '.join(LEVELS)}.")
    if how not in FORMATS:
        raise ValueError(f"LOG_FORMAT is one of {', '.join(FORMATS)}.")
    meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": CONTEXT,
        "processors": [meta, tell_exception, clean, as_json if how == "json" else as_line],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"told": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "told"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {name: {"level": max(least, level, key=LEVELS.index)} for name, least in PINNED.items()},
    }


def wanted() -> tuple[str, str]:
    """Level and form from the environment; at a terminal a person is reading."""
    level = os.environ.get("LOG_LEVEL") or ("WARNING" if os.environ.get("INMAIL_TESTING") else "INFO")
    how = os.environ.get("LOG_FORMAT") or ("line" if sys.stderr is not None and sys.stderr.isatty() else "json")
    return level.upper(), how.lower()


def configure(**_) -> None:
    """Take over what this process says; a line that cannot be written is no reason to write another."""
    logging.config.dictConfig(configuration(*wanted()))
    logging.raiseExceptions = False
    logging.captureWarnings(True)


# --- what becomes of an event -------------------------------------------------------------------------


def tell_exception(logger, name, event: dict) -> dict:
    """Replace `exc_info` by type, sentence and places of each exception in the chain: no values, no locals."""
    info = event.pop("exc_info", None)
    event.pop("stack_info", None)
    if info is True:
        info = sys.exc_info()
    error = info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["exception"] = [told(one) for one in chain(error)]
    return event


def chain(error: BaseException | None) -> list[BaseException]:
    """The exception and what caused it, at most four."""
    found: list[BaseException] = []
    while error is not None and error not in found and len(found) < 4:
        found.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return found


def told(error: BaseException) -> dict:
    kind = type(error)
    return {"type": f"{kind.__module__}.{kind.__qualname__}", "message": sentence(error), "at": places(error)}


def sentence(said) -> str:
    """The first line: the database puts rows and statements on the others, and a value in quotes at its end."""
    lines = str(said).strip().splitlines()
    return re.sub(r': "[^"]*"?$', ': "…"', lines[0]) if lines else ""


def places(error: BaseException) -> list[str]:
    found, step = [], error.__traceback__
    while step is not None:
        code = step.tb_frame.f_code
        found.append(f"{code.co_filename.removeprefix(ROOT)}:{step.tb_lineno} {code.co_name}")
        step = step.tb_next
    return found[-FRAMES:]


def clean(logger, name, event: dict) -> dict:
    """What may not be said is taken out of every text; a path in Django's own sentences may name somebody."""
    text = sentence(event.get("event"))
    if str(event.get("logger", "")).startswith("django."):
        text = re.sub(r": /\S*", "", text)
    return {key: cleaned(value) for key, value in (event | {"event": text}).items()}


def cleaned(value):
    if isinstance(value, dict):
        return {str(key)[:LONGEST]: cleaned(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [cleaned(one) for one in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    text = str(value)[: 2 * LONGEST]
    for pattern, instead in SECRETS:
        text = pattern.sub(instead, text)
    return text[:LONGEST]


def as_json(logger, name, event: dict) -> str:
    """One line of ASCII: what would end a line is escaped."""
    first = {key: event.pop(key, None) for key in ("timestamp", "level", "logger", "event")}
    return json.dumps(first | event, ensure_ascii=True, default=str)


def as_line(logger, name, event: dict) -> str:
    """For people; only the places of an exception stand on lines of their own, indented."""
    errors = event.pop("exception", [])
    head = [str(event.pop(key, "")) for key in ("timestamp", "level", "logger", "event")]
    rest = [f"{key}={value}" for key, value in event.items()]
    lines = [" ".join([head[0], head[1].upper(), f"{head[2]}:", head[3], *rest])]
    for error in errors:
        lines += [f"    {error['type']}: {error['message']}", *(f"        {place}" for place in error["at"])]
    return "\n".join(escape(line) for line in lines)


def escape(text: str) -> str:
    return CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


CONTEXT = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *CONTEXT,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)


class Gunicorn(Logger):
    """For gunicorn's --logger-class: its own sentences join ours; requests are told by config.requests."""

    def setup(self, cfg):
        super().setup(cfg)
        configure()
        for log in (self.error_log, self.access_log):
            log.handlers.clear()
            log.setLevel(logging.NOTSET)
            log.propagate = True
