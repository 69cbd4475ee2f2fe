"""The platform told a second time, in plain Python from the rule book: the judge of what PostgreSQL does.

Law: nothing of the platform is imported, so that the two can only agree by both being right, or both misread.
Left out: simulated people, scheduled sendings, and the quality rule, which needs a hundred InMails.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.laws import rulebook
from tests.laws.members import OFF, OPEN_TO_ALL, Member, No, Society
from tests.laws.rulebook import DAY, POLICIES, REPORTS
from tests.laws.state import Letter, Outcome, State


@dataclass
class World(Society):
    """All that happens. Members are known by their place, InMails by their place in the order of sending."""

    length: int = 0  # characters of every InMail's text
    letters: list[Letter] = field(default_factory=list)
    held: set[int] = field(default_factory=set)  # within their undo window
    outcomes: dict[int, Outcome] = field(default_factory=dict)

    # --- sending ---------------------------------------------------------------------------------

    def cost(self, whom: int) -> int:
        member = self.people[whom]
        return 0 if member.open_profile and member.messages == OPEN_TO_ALL else 1

    def _refusals(self, who: int, whom: int) -> list[str]:
        sender, recipient = self.people[who], self.people[whom]
        alone = [("self", who == whom), ("recipient_gone", recipient.gone), ("unavailable", self.are_apart(who, whom))]
        for code, applies in alone:
            if applies:
                return [code]
        connected, off = self.degree(who, whom) == 1, recipient.messages == OFF
        collected = {
            "first_degree": connected,
            "reception_off": off,
            "no_credits": not connected and not off and self.cost(whom) == 1 and sender.balance < 1,
            "awaiting_answer": any(x.awaiting and (x.sender, x.recipient) == (who, whom) for x in self.letters),
            "suspended": any(begin <= self.now < end for begin, end in sender.banned),
        }
        return [code for code, applies in collected.items() if applies]

    def send(self, who: int, whom: int, category: str, is_held: bool) -> None:
        if codes := self._refusals(who, whom):
            raise No(*codes)
        place, cost, nothing = len(self.letters), self.cost(whom), ("cancelled", "refused")
        n = sum((x.sender, x.recipient) == (who, whom) and x.status not in nothing for x in self.letters)
        score = self.people[who].score
        self.letters.append(Letter(who, whom, n, category, cost, self.policy, score, created_at=self.now))
        if is_held:
            self.held.add(place)
        self.people[who].post("spend", -cost, self.now, place)

    def _change(self, place: int, **facts) -> Letter:
        self.letters[place] = self.letters[place]._replace(**facts)
        told = {name: value for name, value in facts.items() if name in Outcome._fields}
        if told and place in self.outcomes:
            self.outcomes[place] = self.outcomes[place]._replace(**told)
        return self.letters[place]

    def _come_to_nothing(self, place: int, status: str, refusal: str = "") -> None:
        letter = self.letters[place]
        facts = {"status": status, "refusal": refusal, "awaiting": False, "settled_at": self.now}
        self._change(place, **facts, returned=bool(letter.cost))
        self.people[letter.sender].post("return", letter.cost, self.now, place)

    def undo(self, place: int) -> None:
        if self.letters[place].status != "queued":
            raise No("not_undoable")
        self._come_to_nothing(place, "cancelled")

    # --- delivery --------------------------------------------------------------------------------

    def deliver(self, place: int) -> None:
        """A doorbell: what is still within its undo window, or was delivered before, stays as it is."""
        if place not in self.held:
            self._deliver(place)

    def sweep(self) -> None:
        for place in range(len(self.letters)):
            self.deliver(place)

    def _deliver(self, place: int) -> None:
        letter = self.letters[place]
        if letter.status != "queued":
            return
        recipient = self.people[letter.recipient]
        if recipient.gone:
            self._come_to_nothing(place, "refused", "recipient_gone")
        elif self.are_apart(letter.sender, letter.recipient):
            self._come_to_nothing(place, "refused", "unavailable")
        elif recipient.messages == OFF:
            self._come_to_nothing(place, "refused", "reception_off")
        else:
            self._reach(place, letter, recipient)

    def _reach(self, place: int, letter: Letter, recipient: Member) -> None:
        policy, today = POLICIES[letter.policy], rulebook.midnight(self.now)
        match = "match" if letter.category in recipient.interests else "mismatch"
        month = [x for x in self.letters if x.recipient == letter.recipient and x.delivered_at]
        self.outcomes[place] = Outcome(
            letter=place,
            category=letter.category,
            interests=recipient.interests,
            match=match if recipient.interests else "undeclared",
            degree=self.degree(letter.sender, letter.recipient),
            groups=len(self.people[letter.sender].groups & recipient.groups),
            score=letter.score,
            length=self.length,
            load=sum(today - 30 * DAY <= x.delivered_at < today for x in month),
            notified=letter.score is None or letter.score >= recipient.lowest,
            delivered_at=self.now,
        )
        expires = self.now + policy.expiry * DAY if policy.expiry else None
        facts = {"delivered_at": self.now, "deadline_at": self.now + policy.days * DAY, "expires_at": expires}
        self._change(place, status="delivered", **facts)

    # --- the recipient, and second thoughts ------------------------------------------------------

    def open(self, place: int) -> None:
        letter = self.letters[place]
        if letter.status in ("withdrawn", "expired"):
            raise No(letter.status)
        if letter.status == "delivered":
            self._change(place, status="opened", opened_at=self.now)

    def answer(self, place: int, answer: str) -> None:
        """Only the first counts; it settles the credit unless the deadline has."""
        if self.letters[place].answer:
            raise No("already_answered")
        self.open(place)
        letter = self._change(place, status="answered", answer=answer, answered_at=self.now, awaiting=False)
        if letter.settled_at is None:
            self._settle(place, answer, self.now)

    def withdraw(self, place: int) -> None:
        letter = self.letters[place]
        if letter.status != "delivered":
            raise No("not_withdrawable")
        self._change(place, status="withdrawn", awaiting=False, settled_at=letter.settled_at or self.now)

    def _settle(self, place: int, end: str, at: datetime) -> None:
        letter = self.letters[place]
        policy, sender, recipient = POLICIES[letter.policy], self.people[letter.sender], self.people[letter.recipient]
        back = policy.gives(end) if letter.cost else 0
        self._change(place, settled_at=at, returned=bool(back))
        sender.post("return", back, at, place)
        if letter.cost and end == "interested":
            sender.post("grant", policy.bonus, at, place)
        if letter.cost and end in REPORTS:
            recipient.post("grant", policy.bond, at, place)

    # --- time ------------------------------------------------------------------------------------

    def advance(self, span: timedelta) -> None:
        """Undo windows end first; then all that falls due happens at its own instant."""
        until = self.now + span
        for place in range(len(self.letters)):
            self._deliver(place)
        while (at := min(self._coming(until), default=None)) is not None:
            self.now = at
            if at == rulebook.midnight(at):
                self._midnight(at)
            self._deadlines(at)
        self.now = until

    def _coming(self, until: datetime) -> list[datetime]:
        """The instants up to `until` at which something falls due."""
        instants = [rulebook.midnight(self.now) + DAY]
        for letter in self.letters:
            if letter.delivered_at and not letter.settled_at:
                instants.append(letter.deadline_at)
            if letter.status == "delivered" and letter.expires_at:
                instants.append(letter.expires_at)
        return [at for at in instants if self.now < at <= until]

    def _deadlines(self, at: datetime) -> None:
        for place in sorted(range(len(self.letters)), key=lambda place: self.letters[place][:3]):
            letter = self.letters[place]
            if letter.delivered_at and not letter.settled_at and letter.deadline_at <= at:
                self._change(place, awaiting=False)
                self._settle(place, "silence", letter.deadline_at)
            if self.letters[place].status == "delivered" and letter.expires_at and letter.expires_at <= at:
                self._change(place, status="expired", awaiting=False)

    def _midnight(self, at: datetime) -> None:
        """Scores, steps after reports, then the grants of the billing day."""
        answered = [letter for _, letter in sorted(enumerate(self.letters), key=_by_answer) if letter.answer]
        for who, member in enumerate(self.people):
            own = [letter for letter in answered if letter.sender == who]
            member.score = rulebook.stars([letter.answer for letter in own])
            for letter in own:
                if letter.answer in REPORTS and at - DAY <= letter.answered_at:
                    member.report(letter.answered_at, at)
        for member in self.people:
            if member.next_grant_at <= at:
                self.bill(member, at)

    def state(self) -> State:
        return State(
            now=self.now,
            people=tuple(member.seen() for member in self.people),
            letters=tuple(self.letters),
            outcomes=tuple(self.outcomes[place] for place in sorted(self.outcomes)),
            entries=tuple(tuple(member.entries) for member in self.people),
            blocks=frozenset(self.blocks),
            links=frozenset(self.links),
        )


def _by_answer(row: tuple[int, Letter]) -> tuple:
    place, letter = row
    return letter.answered_at or letter.created_at, place
