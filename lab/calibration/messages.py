"""A member's own messages.csv, as LinkedIn's archive has it: which InMail was answered, and when.

Law: of a message no more is kept than its length, its weekday, whether its text was sent to many, and whether and when
it was answered; names, addresses and texts are forgotten while reading. What the archive does not tell (opening,
category, reports, degree) keeps its default.

An InMail is taken to be the first message of a conversation, with a subject, from the owner to one other member. It
was sent in bulk when the same text, names and numbers aside, began at least five conversations. The owner is whoever
has written in most conversations. Follow-up ends with the archive's newest message: who has not answered might still.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np

from accounts.edges import BadFile, csv_rows, text_of
from simulation import behaviour

COLUMNS = ("CONVERSATION ID", "FROM", "SENDER PROFILE URL", "TO", "DATE", "SUBJECT", "CONTENT")
DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2}) ([0-9]{2}):([0-9]{2}):([0-9]{2})(?: UTC)?")
BULK = 5  # conversations that begin with the same text


class Message(NamedTuple):
    at: datetime
    sender: str
    to: str  # addresses with commas between, where the archive has them
    subject: str
    text: str
    names: str  # of whom it was sent to


class Openings(NamedTuple):
    """The owner's InMails: columns of equal length."""

    length: np.ndarray  # class
    weekday: np.ndarray  # Monday 0, UTC
    bulk: np.ndarray  # bool
    hours: np.ndarray  # to the answer, or for how long there has been none
    answered: np.ndarray  # bool


def read(path: Path | str, me: str | None = None) -> Openings:
    """The InMails of the archive. Raises BadFile with the line, or where it is not clear whose archive it is."""
    conversations = _conversations(path)
    owner = _address(me) if me else _owner(conversations)
    newest = max((message.at for messages in conversations for message in messages), default=None)
    begun = [messages for messages in conversations if _is_inmail(messages[0], owner)]
    texts = [_without_names(messages[0]) for messages in begun]
    many, rows = Counter(texts), []
    for messages, text in zip(begun, texts, strict=True):
        first, answer = messages[0], next((message for message in messages if message.sender != owner), None)
        waited = ((answer.at if answer else newest) - first.at).total_seconds()
        length = behaviour.length_class(max(1, len(first.text)))
        rows.append((length, first.at.weekday(), many[text] >= BULK, max(1.0, waited) / 3600, answer is not None))
    length, weekday, bulk, hours, answered = np.array(rows, dtype=float).reshape(-1, 5).T
    return Openings(length.astype(int), weekday.astype(int), bulk > 0, hours, answered > 0)


def _conversations(path: Path | str) -> list[list[Message]]:
    """Messages by conversation, the earliest first; drafts are left out."""
    rows = csv_rows(path, text_of(path), ",")
    header = [cell.strip().upper() for cell in next(rows, (1, []))[1]]
    if missing := [name for name in COLUMNS if name not in header]:
        raise BadFile(f"Line 1: these columns of a messages.csv are missing: {', '.join(missing)}.")
    found = defaultdict(list)
    for line, row in rows:
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(header):
            raise BadFile(f"The entry that ends in line {line} has {len(row)} fields instead of {len(header)}.")
        cells = dict(zip(header, row, strict=True))
        if cells.get("IS MESSAGE DRAFT", "").strip().lower() not in ("yes", "true"):
            found[cells["CONVERSATION ID"]].append(_message(line, cells))
    return [sorted(messages, key=lambda message: message.at) for messages in found.values()]


def _message(line: int, cells: dict[str, str]) -> Message:
    match = DATE.fullmatch(cells["DATE"].strip())
    try:
        at = datetime(*map(int, match.groups()), tzinfo=UTC)
    except (AttributeError, ValueError):
        said = cells["DATE"].strip()[:40]
        wanted = "is not a date like 2014-06-02 09:30:00 UTC"
        raise BadFile(f"The entry that ends in line {line}: “{said}” {wanted}.") from None
    return Message(
        at=at,
        sender=_address(cells["SENDER PROFILE URL"]) or cells["FROM"].strip().lower(),
        to=cells.get("RECIPIENT PROFILE URLS", "").strip(),
        subject=cells["SUBJECT"].strip(),
        text=cells["CONTENT"].strip(),
        names=cells["TO"],
    )


def _address(url: str) -> str:
    """A profile's address, however it is written."""
    return re.sub(r"^(https?://)?(www\.)?", "", url.strip().lower()).split("?")[0].rstrip("/")


def _owner(conversations: list[list[Message]]) -> str:
    written = Counter(sender for messages in conversations for sender in {message.sender for message in messages})
    if not written:
        raise BadFile("The file holds no message.")
    (first, many), *others = written.most_common(2)
    if others and others[0][1] == many:
        raise BadFile("It is not clear whose messages these are. Say it with --me and the address of the profile.")
    return first


def _is_inmail(first: Message, owner: str) -> bool:
    return first.sender == owner and bool(first.subject) and first.to.count(",") == 0


def _without_names(message: Message) -> str:
    """The text as it may have been written to others: without the recipient's names, numbers and capitals."""
    names = {word for word in re.findall(r"\w+", message.names.casefold())}
    return " ".join(word for word in re.findall(r"[^\W\d]+", message.text.casefold()) if word not in names)
