"""What can be seen of a world, model or platform alike, and the laws that every step must leave standing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from tests.laws.rulebook import DAY, POLICIES


class Letter(NamedTuple):
    """An InMail; sender and recipient by their place in the cast."""

    sender: int
    recipient: int
    n: int
    category: str
    cost: int
    policy: str
    score: Decimal | None
    created_at: datetime
    status: str = "queued"
    awaiting: bool = True
    refusal: str = ""
    delivered_at: datetime | None = None
    deadline_at: datetime | None = None
    expires_at: datetime | None = None
    opened_at: datetime | None = None
    answer: str = ""
    answered_at: datetime | None = None
    settled_at: datetime | None = None
    returned: bool = False


class Outcome(NamedTuple):
    letter: int
    category: str
    interests: tuple[str, ...]
    match: str
    degree: int | None
    groups: int
    score: Decimal | None
    length: int
    load: int
    notified: bool
    delivered_at: datetime
    opened_at: datetime | None = None
    answer: str = ""
    answered_at: datetime | None = None
    settled_at: datetime | None = None


class Entry(NamedTuple):
    """One change of a balance; `letter` by its place in the order of sending."""

    number: int
    kind: str
    amount: int
    balance: int
    letter: int | None
    at: datetime


class Person(NamedTuple):
    """A member with what they accept and what they have."""

    gone: bool
    messages: str
    open_profile: bool
    interests: tuple[str, ...]
    lowest: Decimal
    plan: str
    next_plan: str | None
    next_grant_at: datetime
    granted: int
    score: Decimal | None
    balance: int


class State(NamedTuple):
    now: datetime
    people: tuple[Person, ...]
    letters: tuple[Letter, ...]
    outcomes: tuple[Outcome, ...]
    entries: tuple[tuple[Entry, ...], ...]  # one tuple a member, in the order of their numbers
    blocks: frozenset[tuple[int, int]]
    links: frozenset[tuple[int, int]]  # smaller place first


def seen(state: State) -> State:
    """The state without what the rule book leaves open: the order of a member's entries at one instant."""
    told = tuple(
        tuple(sorted((e.at, e.kind, e.amount, -1 if e.letter is None else e.letter) for e in entries))
        for entries in state.entries
    )
    return state._replace(entries=told)


def broken(before: State, after: State) -> list[str]:
    """The laws that `after` breaks, or the step that led to it from `before`."""
    return [*_of_the_ledger(before, after), *_of_letters(before, after), *_of_delivery(before, after)]


def _of_the_ledger(before: State, after: State) -> Iterator[str]:
    total = 0
    for place, (person, entries) in enumerate(zip(after.people, after.entries, strict=True)):
        if entries[: len(before.entries[place])] != before.entries[place]:
            yield f"an entry of {place} was changed or deleted"
        balance, at = 0, None
        for number, entry in enumerate(entries, start=1):
            balance += entry.amount
            if (entry.number, entry.balance) != (number, balance) or (at and entry.at < at):
                yield f"entry {number} of {place} does not follow the one before"
            if balance < 0:
                yield f"the balance of {place} is {balance}"
            at = entry.at
        if person.balance != balance:
            yield f"the wallet of {place} holds {person.balance}, its entries say {balance}"
        total += person.balance
    kinds = Counter()
    for entry in (entry for entries in after.entries for entry in entries):
        kinds[entry.kind] += entry.amount
    if sum(kinds.values()) != total:
        yield f"{dict(kinds)} is not the sum of the balances, {total}"
    yield from _once_each(after)


def _once_each(after: State) -> Iterator[str]:
    """Spent at most once, returned at most once, never returned unless spent, each the sender's own."""
    spends, returns = Counter(), Counter()
    for place, entries in enumerate(after.entries):
        for entry in entries:
            if entry.kind in ("spend", "return"):
                (spends if entry.kind == "spend" else returns)[entry.letter] += 1
                if after.letters[entry.letter].sender != place:
                    yield f"{place} has the {entry.kind} of letter {entry.letter}, of another"
    for place, letter in enumerate(after.letters):
        if (spends[place], returns[place]) != (letter.cost, int(letter.returned)):
            yield f"letter {place} was spent {spends[place]} and returned {returns[place]} times: {letter}"


def _of_letters(before: State, after: State) -> Iterator[str]:
    waiting = Counter((letter.sender, letter.recipient) for letter in after.letters if letter.awaiting)
    if waiting and max(waiting.values()) > 1:
        yield f"more than one InMail of a pair awaits its answer: {waiting}"
    for place, letter in enumerate(after.letters):
        earlier = before.letters[place] if place < len(before.letters) else None
        if earlier and earlier.settled_at and (earlier.settled_at, earlier.returned) != _settled(letter):
            yield f"letter {place} was settled twice: {earlier} then {letter}"
        if earlier and earlier.answer and (earlier.answer, earlier.answered_at) != (letter.answer, letter.answered_at):
            yield f"letter {place} was answered twice: {earlier} then {letter}"
        if letter.delivered_at and _settled(letter) != _due(letter, after.now):
            yield f"letter {place} is settled {_settled(letter)}, due is {_due(letter, after.now)}: {letter}"
        if letter.status in ("cancelled", "refused") and letter.returned != bool(letter.cost):
            yield f"letter {place} came to nothing and was not returned: {letter}"


def _settled(letter: Letter) -> tuple[datetime | None, bool]:
    return letter.settled_at, letter.returned


def _due(letter: Letter, now: datetime) -> tuple[datetime | None, bool]:
    """When a delivered InMail is settled and whether it comes back, from its life and its policy alone."""
    policy = POLICIES[letter.policy]
    deadline = letter.delivered_at + policy.days * DAY
    if letter.answered_at and letter.answered_at < deadline:
        return letter.answered_at, bool(letter.cost and policy.gives(letter.answer))
    if letter.status == "withdrawn" and letter.settled_at and letter.settled_at < deadline:
        return letter.settled_at, False
    if now >= deadline:
        return deadline, bool(letter.cost and policy.gives("silence"))
    return None, False


def _of_delivery(before: State, after: State) -> Iterator[str]:
    told = Counter(outcome.letter for outcome in after.outcomes)
    for place, letter in enumerate(after.letters):
        if told[place] != (letter.delivered_at is not None):
            yield f"letter {place} has {told[place]} outcomes: {letter}"
        was = before.letters[place] if place < len(before.letters) else None
        if letter.delivered_at and not (was and was.delivered_at):
            person = before.people[letter.recipient]
            pair = {(letter.sender, letter.recipient), (letter.recipient, letter.sender)}
            if person.gone or person.messages == "introductions_only" or pair & before.blocks:
                yield f"letter {place} was delivered against the reception in force: {person}"
