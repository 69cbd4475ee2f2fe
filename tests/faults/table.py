"""The table of the fault matrix, from the records of its runs; what failed stands in it as failed."""

from collections import Counter
from itertools import groupby
from pathlib import Path
from statistics import median

BEGIN, END = "<!-- faults -->", "<!-- /faults -->"
HEAD = ("row", "fault", "expected", "runs", "ack.", "delivered", "lost", "twice", "residual", "errors", "longest, s")
HEAD += ("recovery, s: median, max",)


def passed(row: dict) -> bool:
    """Every run that was asked for happened and passed."""
    tests = {run["test"].partition("[")[0] for run in row["runs"]}
    wanted = row["times"] * max(1, len(tests))
    good = [run for run in row["runs"] if run["outcome"] == "passed"]
    return row["status"] == 0 and len(good) == len(row["runs"]) >= wanted


def lines(row: dict) -> list[tuple[str, ...]]:
    """One line for each fault of the row."""
    runs = sorted(row["runs"], key=lambda run: run["fault"])
    found = [_line(row, list(group)) for _, group in groupby(runs, key=lambda run: run["fault"])]
    return found or [(row["row"], "no run", "", f"0 of {row['times']}, **failed**", *[""] * (len(HEAD) - 4))]


def _line(row: dict, runs: list[dict]) -> tuple[str, ...]:
    good = sum(run["outcome"] == "passed" for run in runs)
    counted = [run for run in runs if "acknowledged" in run]
    total = {name: sum(run[name] for run in counted) for name in ("acknowledged", "delivered", "lost", "duplicated")}
    residual = sum(abs(run["residual"]) for run in counted)
    tests = len({run["test"].partition("[")[0] for run in runs})
    wanted = max(len(runs), row["times"] * tests)
    note = f"{good}" if good == wanted else f"{good} of {wanted}, **{wanted - good} failed**"
    sums = [str(total[name]) for name in ("acknowledged", "delivered", "lost", "duplicated")]
    longest = f"{max((run['longest'] for run in counted), default=0):.2f}"
    return (row["row"], runs[0]["fault"], runs[0]["expected"], note, *sums, str(residual), _errors(counted), longest,
            _recovery(counted))  # fmt: skip


def _errors(runs: list[dict]) -> str:
    """Each class with its number: codes of refusal, statuses, exceptions of the client."""
    found = sum((Counter(run["errors"]) for run in runs), Counter())
    return ", ".join(f"{word} {count}" for word, count in found.most_common()) or "none"


def _recovery(runs: list[dict]) -> str:
    values = [run["recovery"] for run in runs if run["recovery"] is not None]
    return f"{median(values):.1f}, {max(values):.1f}" if values else "–"


def text(rows: list[dict]) -> str:
    """The table in Markdown, and below it when, with what and on what it was taken."""
    body = [HEAD, tuple("---" for _ in HEAD), *(line for row in rows for line in lines(row))]
    table = "\n".join("| " + " | ".join(cell.replace("|", "/") for cell in line) + " |" for line in body)
    return f"{table}\n\n" + "\n".join(_taken(rows))


def _taken(rows: list[dict]) -> list[str]:
    """The rows of each version, with the days and the load of the machine."""
    ordered = sorted(rows, key=lambda row: row["version"])
    return [_of_version(version, list(group)) for version, group in groupby(ordered, key=lambda row: row["version"])]


def _of_version(version: str, rows: list[dict]) -> str:
    names = ", ".join(sorted((row["row"] for row in rows), key=lambda name: int(name[1:])))
    days = sorted({row["date"][:10] for row in rows})
    loads = [value for row in rows for value in row["load"]]
    when = " to ".join(dict.fromkeys((days[0], days[-1])))
    return f"{names}: version {version}, {when}, {rows[0]['cores']} cores, load {min(loads):g} to {max(loads):g}."


def put_into(readme: Path, rows: list[dict]) -> None:
    """Replace what stands between the two marks; where there are none, nothing is written."""
    before = readme.read_text()
    if BEGIN in before and END in before:
        head, tail = before.split(BEGIN)[0], before.split(END)[1]
        readme.write_text(f"{head}{BEGIN}\n{text(rows)}\n{END}{tail}")
