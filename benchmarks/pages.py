"""Server time of profile, search, inbox and credits at 100,000 members and 1,000,000 InMails, first and deep pages.

From the request to the finished answer through every middleware and template, by Django's test client in this process.
The busiest member has thousands of rows in every list, the middling one a few. A deep page is reached by following
"next"; with keyset paging it costs what the first one costs.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from html import unescape

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Member
from benchmarks import past
from benchmarks.measuring import Figure, percentile, ratio, record, scaled, seconds
from inmail import audit
from inmail.models import Inmail, LedgerEntry, Thread

MEMBERS, INMAILS = scaled(100_000), scaled(1_000_000)
REQUESTS, WARM_UP = 40, 3
DEEP = 100  # pages after the first, or the last one there is
NEXT = re.compile(r'href="([^"]*cursor=[^"]*)"[^>]*rel="next"')


@dataclass
class Page:
    """A page as somebody asks for it; a list has a deep address too."""

    what: str
    client: Client
    urls: list[str]
    peer: str = ""


def main() -> None:
    call_command("collectstatic", interactive=False, verbosity=0)
    live, senders, recipients = [], [], []

    def build() -> None:
        nonlocal live, senders, recipients
        live, senders, recipients = past.build(members=MEMBERS, inmails=INMAILS)

    built = seconds(build)
    print(f"built in {built:.0f} s", flush=True)
    proof = audit.ledger()
    assert proof.holds, proof.violations
    pages = [*of("busiest", senders[0], recipients), *of("middling", senders[len(senders) // 2], recipients)]
    times: dict[str, list[float]] = {page.what: [] for page in pages}
    for turn in range(-WARM_UP, REQUESTS):
        for page in pages:
            took = timed(page, turn)
            if turn >= 0:
                times[page.what].append(took)
    figures = [figure(page, times) for page in pages]
    facts = {"built_seconds": round(built, 1), "members": Member.objects.count(), "inmails": Inmail.objects.count()}
    facts |= {"threads": Thread.objects.count(), "entries": LedgerEntry.objects.count(), "audit_holds": proof.holds}
    for f in figures:
        print(f"{f.what:<54} p95 {f.facts['p95']:>8.1f} ms {f.facts['queries']:>3} queries")
    record("pages", figures, facts=facts, notes=[__doc__.strip(), past.__doc__.strip()])


def of(who: str, member: Member, others: list[Member]) -> list[Page]:
    client = Client()
    client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
    step = len(others) // REQUESTS
    names = [m.first_name for m in others[5::step]][:REQUESTS]
    found = [
        Page(f"profile, {who}", client, [m.get_absolute_url() for m in others[7::step]][:REQUESTS]),
        Page(f"search by name, {who}", client, [f"/search/?q={name}" for name in names]),
        Page(f"search as one types two letters, {who}", client, [f"/search/?q={name[:2]}" for name in names]),
        Page(f"search in a country, 3rd degree, {who}", client, ["/search/?country=IT&degree=3"]),
    ]
    lists = {"search engineer": "/search/?q=engineer", "inbox": "/inbox/", "other": "/inbox/?box=other"}
    lists |= {"sent": "/inbox/?box=sent", "awaiting": "/inbox/?box=awaiting", "credits": "/credits/"}
    for name, url in lists.items():
        deep, depth = follow(client, url)
        found.append(Page(f"{name}, {who}", client, [url]))
        if depth:
            found.append(Page(f"{name}, page {depth + 1}, {who}", client, [deep], peer=f"{name}, {who}"))
    return found


def follow(client: Client, url: str) -> tuple[str, int]:
    """The address of the page DEEP pages on, or of the last one, and how far that is."""
    for depth in range(DEEP):
        match = NEXT.search(client.get(url).content.decode())
        if not match:
            return url, depth
        url = unescape(match[1])
    return url, DEEP


def timed(page: Page, turn: int) -> float:
    """Milliseconds until the answer to one request."""
    url = page.urls[turn % len(page.urls)]
    begun = time.perf_counter()
    answer = page.client.get(url)
    took = (time.perf_counter() - begun) * 1_000
    assert answer.status_code == 200, (url, answer.status_code)
    return took


def figure(page: Page, times: dict[str, list[float]]) -> Figure:
    values = times[page.what]
    with CaptureQueriesContext(connection) as asked:
        page.client.get(page.urls[0])
    facts = {"p95": percentile(values, 0.95), "queries": len(asked)}
    beside = ratio(values, times[page.peer]) if page.peer else None
    return Figure(page.what, "ms", 1, values, page.peer, beside, facts)


if __name__ == "__main__":
    main()
