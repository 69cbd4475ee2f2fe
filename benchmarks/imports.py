"""Time and peak memory of `import_network` on a real graph and of `demo` at two sizes, each in a process of its own.

Beside the first: the same edges by COPY into the same two tables, every constraint and trigger in force, the rows
prepared in memory beforehand. The memory is that of the command's process; PostgreSQL's own is not in it.
"""

from __future__ import annotations

import gzip
import io
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg2
from django.conf import settings

from benchmarks import databases
from benchmarks.measuring import Figure, record, scaled

GRAPH = settings.SHARED_DATA / "github_developers.csv.gz"
ROUNDS = 3
MANAGE = [sys.executable, str(settings.BASE_DIR / "manage.py")]
SMALL, LARGE = 2_000, scaled(100_000)

MEMBERS = (
    "COPY accounts_member (id, password, is_superuser, handle, first_name, last_name, headline, industry, country,"
    " place, about, open_to_work, simulated, joined_at, is_staff, language) FROM STDIN"
)
CONNECTIONS = "COPY accounts_connection (member_id, other_id, since) FROM STDIN"


def main() -> None:
    figures, notes = [], [__doc__.strip()]
    if GRAPH.exists():
        figures += of_the_graph()
    else:
        notes.append(f"There is no {GRAPH.name} here: the import of a real graph was not measured.")
    for members, rounds in ((SMALL, ROUNDS), (LARGE, 1)):
        record("imports", figures, notes=[*notes, f"The demo of {members:,} members was not measured yet."])
        found = [run(f"demo_{turn}", "demo", "--members", str(members)) for turn in range(rounds)]
        figures += both(f"demo --members {members}", members, found)
    record("imports", figures, notes=notes)


def of_the_graph() -> list[Figure]:
    edges = read(GRAPH)
    ours, theirs = [], []
    for turn in range(ROUNDS):
        ours.append(run(f"import_{turn}", "import_network", str(GRAPH)))
        theirs.append(run_copy(f"copy_{turn}", edges))
    name, peer = "import_network, developers' graph", "COPY by hand"
    figures = both(name, len(edges), ours, peer=peer)
    figures[0].ratio = sorted(a[0] / b for a, b in zip(ours, theirs, strict=True))[ROUNDS // 2]
    return [*figures, Figure(peer, "s", len(edges), theirs)]


def both(name: str, n: int, found: list[tuple[float, float]], *, peer: str = "") -> list[Figure]:
    """Seconds and peak memory of the same runs."""
    seconds, memory = (list(column) for column in zip(*found, strict=True))
    return [Figure(name, "s", n, seconds, peer), Figure(f"{name}, peak memory", "MiB", n, memory)]


def run(database: str, *command: str) -> tuple[float, float]:
    """Seconds and peak memory (MiB) of a command of manage.py on a database of its own."""
    with (
        databases.fresh(f"bench_{database}") as environment,
        tempfile.TemporaryDirectory() as var,
        tempfile.TemporaryFile() as said,
    ):
        begun = time.perf_counter()
        own = environment | {"INMAIL_VAR": var}  # the passwords of this demo world go with it
        process = subprocess.Popen([*MANAGE, *command], env=own, stdout=said, stderr=said)
        _, status, used = os.wait4(process.pid, 0)
        took = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        assert process.returncode == 0, said.read().decode()[-2_000:]
    return took, used.ru_maxrss / 1_024


def run_copy(database: str, edges: list[tuple[int, int]]) -> float:
    with databases.fresh(f"bench_{database}") as environment:
        return copy(environment["DATABASE_URL"], edges)


def copy(url: str, edges: list[tuple[int, int]]) -> float:
    """Seconds to load the edges and their ends with two COPYs and one ANALYZE."""
    since = "2014-06-03T00:00:00Z"
    ids = sorted({end for pair in edges for end in pair})
    empty = "\t".join(["!", "f", "n{0}", "Member", "{0}", "", "", "", "", "", "f", "t", since, "f", "en"])
    people = io.StringIO("".join(f"{1_000_000 + i}\t{empty.format(i)}\n" for i in ids))
    pairs = io.StringIO("".join(f"{1_000_000 + a}\t{1_000_000 + b}\t{since}\n" for a, b in edges))
    link = psycopg2.connect(url)
    begun = time.perf_counter()
    with link, link.cursor() as cursor:
        cursor.copy_expert(MEMBERS, people)
        cursor.copy_expert(CONNECTIONS, pairs)
        cursor.execute("ANALYZE accounts_member, accounts_connection")
    took = time.perf_counter() - begun
    link.close()
    return took


def read(path: Path) -> list[tuple[int, int]]:
    """The edges of a plain file of two numbers a line, under one line of header."""
    with gzip.open(path, "rt") as lines:
        next(lines)
        return [tuple(int(end) for end in line.split(",")) for line in lines]


if __name__ == "__main__":
    main()
