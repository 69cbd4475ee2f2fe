"""The lab once more in plain NumPy, to be read and not to be fast: a market through all days, every InMail kept.

Law: nothing is decided here. Intents come from `simulation.senders`, reactions from `simulation.behaviour`, what is
allowed and given back from `lab.rules`. Each sender lives under an arm of its own; where that is the same for all,
every count is the engine's.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from functools import cache
from typing import NamedTuple

import numpy as np

from inmail import policy, score
from lab import layout, rules, shards, world
from lab.scenario import Arm, Scenario
from simulation import behaviour, senders
from simulation.draws import Trait, as_uint64, hash64_array, trait01_array, unit_uint64
from simulation.population import CATEGORIES

DAY, NEVER, CAREER = layout.DAY, layout.NEVER, CATEGORIES.index("career_opportunity")
EVERYTHING = 0xFF  # as interests: everybody welcomes all, as it seems to who sees none
RESPONSES = (behaviour.INTERESTED, behaviour.REPLY, behaviour.NOT_INTERESTED)
GIFTS = ("returned", "bonus", "to_recipient")
REPORTS = (behaviour.INAPPROPRIATE, behaviour.SPAM)
NOTHING = behaviour.Reactions(*(np.zeros(0, kind) for kind in (bool, int, int, int, bool)))


class Letters(NamedTuple):
    """InMails: columns of equal length, in the order of their days. Seconds count from the start; NEVER for none.

    What comes of an InMail is known at once: instants may lie beyond the end of the run.
    """

    row: np.ndarray  # of the sender, among the senders
    to: np.ndarray  # place of the recipient
    day: np.ndarray
    cost: np.ndarray
    sent_at: np.ndarray
    opened_at: np.ndarray
    answered_at: np.ndarray
    answer: np.ndarray  # NONE … SPAM
    settled_at: np.ndarray
    returned: np.ndarray
    bonus: np.ndarray
    to_recipient: np.ndarray
    leaves: np.ndarray  # bool: it made its recipient switch InMail off, who had not done so before
    inmails: behaviour.Inmails  # columns


@dataclass
class Course:
    """A market on its way: its people, its rules, and what is remembered from day to day."""

    scenario: Scenario
    arms: tuple[Arm, ...]
    which: np.ndarray  # (senders,) under which of the arms each lives
    people: layout.World
    who: layout.Senders
    luck: int
    books: list[rules.Rules]
    span: layout.Span
    kept: list[Letters] = field(default_factory=list)

    def __post_init__(self) -> None:
        size, count, days = len(self.people.words), len(self.who.place), self.scenario.days
        words = self.people.words.astype(np.int64)
        self.interests = (words & layout.INTERESTS).astype(np.uint8)
        self.words, self.off, self.load = words, np.zeros(size, bool), np.zeros(size, np.int64)
        self.position, self.stars = np.zeros(count, np.int64), np.full(count, rules.NO_SCORE)
        self.back = np.zeros((count, days), np.int64)  # credits that come back or are given for InMails, by day
        self.delivered, self.responded = np.zeros((count, days), np.int64), np.zeros((count, days), np.int64)
        self.stage, self.stage_until = np.zeros(count, np.int64), np.zeros(count, np.int64)
        self.suspended_until, self.steps = np.zeros(count, np.int64), np.zeros(count, np.int64)
        self.under_rule, self.granted = np.zeros(count, np.int64), np.zeros(count, np.int64)
        self.last, self.reports = defaultdict(list), defaultdict(lambda: (NEVER, NEVER))
        self.due = defaultdict(list)  # answers by day: (instant, order, sender's row, answer, day sent, in time)
        self.pairs: dict[int, tuple[int, int]] = {}  # how often a pair has written, and when it ceases to wait
        self.balance = np.zeros(count, np.int64)
        for i, book in enumerate(self.books[arm] for arm in self.which):
            plan = self.who.plan[i]
            self.balance[i] = policy.upgrade_grant(int(book.monthly[plan]), 0, int(book.cap[plan]), 0)
        self.granted += self.balance

    def midnight(self, day: int) -> None:
        """What the day before leaves: answers in the order of their instants, loads, switch-offs, credits."""
        for at, _order, i, answer, wrote, in_time in sorted(self.due.pop(day - 1, ())):
            self.last[i] = [behaviour.ANSWERS[answer], *self.last[i]][: score.LAST]
            self.stars[i] = int(score.stars(self.last[i]) * 10)
            self.responded[i, wrote] += in_time and answer in RESPONSES
            if answer in REPORTS:
                self.take_report(i, at, day)
        for letters in self.kept[-1:]:  # of yesterday
            np.add.at(self.load, letters.to, 1)
            self.off[letters.to[self.tired]] = True
        if day > layout.LOAD_DAYS:
            np.subtract.at(self.load, self.kept[day - 1 - layout.LOAD_DAYS].to, 1)
        self.balance += self.back[:, day - 1]

    def take_report(self, i: int, at: int, day: int) -> None:
        span = int(score.REPORT_SPAN.total_seconds())
        *self.reports[i], is_step = score.report(*self.reports[i], at, span, NEVER)
        if is_step:
            self.steps[i] += 1
            if length := score.suspension(int(self.steps[i])):
                until = day * DAY + int(length.total_seconds())
                self.suspended_until[i] = max(self.suspended_until[i], until)

    def barred(self, day: int) -> np.ndarray:
        """(senders,) whether the quality rule keeps each from bulk today."""
        since = max(0, day - layout.QUALITY_DAYS)
        total, answered = (kept[:, since:day].sum(axis=1) for kept in (self.delivered, self.responded))
        for i in np.flatnonzero((total >= score.QUALITY_DELIVERED) | (self.stage > 0)):
            if self.arms[self.which[i]].quality:
                self.judge(i, day, score.is_below(int(total[i]), int(answered[i])))
        return (self.stage == rules.STAGE_SUSPENDED) & (day * DAY < self.stage_until)

    def judge(self, i: int, day: int, below: bool) -> None:
        book, stage = self.books[self.which[i]], self.stage[i]
        to_come = self.stage_until[i] > day * DAY
        following = book.stage[stage, int(below), int(to_come)]
        if (below or stage) and (following != stage or not to_come):
            self.stage[i] = following
            self.stage_until[i] = (day + book.stage_days[following]) * DAY

    def grant(self, day: int) -> None:
        for i, billing_day in enumerate(self.who.billing):
            book, plan = self.books[self.which[i]], self.who.plan[i]
            if book.billing[day, billing_day]:
                amount = policy.monthly_grant(int(book.monthly[plan]), int(book.cap[plan]), int(self.balance[i]))
                self.balance[i] += amount
                self.granted[i] += amount

    def live(self) -> None:
        """All days, and the midnight after the last."""
        for day in range(self.scenario.days):
            if day:
                self.midnight(day)
            barred = self.barred(day)
            self.under_rule += barred
            self.grant(day)
            self.keep(day, *self.allowed(day, self.plan(day), barred))
        self.midnight(self.scenario.days)

    def plan(self, day: int) -> senders.Plan:
        """What is intended: of those who see no interests, as if everybody welcomed everything."""
        habits = _habits(self.scenario.habits, self.scenario.load)
        hidden = np.array([arm.categories == "hidden" for arm in self.arms])[self.which]
        plans = []
        for blind, rows in ((False, np.flatnonzero(~hidden)), (True, np.flatnonzero(hidden))):
            seen = np.full_like(self.interests, EVERYTHING) if blind else self.interests
            stars = np.where(self.stars < 0, np.nan, self.stars / 10.0)[rows]
            numbers, today = self.people.first + self.who.place[rows], self.span.first_day + day
            told = senders.plan_day(
                habits[blind], self.people.seed, self.luck, today, numbers, stars, self.position[rows], seen,
                self.people.first,
            )  # fmt: skip
            self.position[rows] = told.positions
            plans.append(told._replace(row=rows[told.row]))
        return senders.Plan(*(np.concatenate(columns) for columns in zip(*plans, strict=True)))

    def allowed(self, day: int, plan: senders.Plan, barred: np.ndarray) -> tuple[senders.Plan, np.ndarray, np.ndarray]:
        """The intents that may be sent, with their costs and how often the pair has written before."""
        to, row = plan.recipient - self.people.first, plan.row
        free = np.array([arm.free_open_profiles for arm in self.arms])[self.which[row]]
        off = self.off[to] | (self.words[to] & layout.OFF_BIT > 0)
        facts = rules.ONESELF * (to == self.who.place[row]) + rules.OFF * off
        facts += rules.TAKES_FREE * (free & (self.words[to] & layout.FREE_BIT > 0) & ~self.off[to])
        facts += rules.SUSPENDED * (day * DAY < self.suspended_until[row]) + rules.BULK_SUSPENDED * barred[row]
        facts += rules.BULK * plan.bulk + rules.CONNECTED * (self.degree(plan) == behaviour.FIRST_DEGREE)
        enforced = np.array([arm.categories == "enforced" for arm in self.arms])[self.which[row]]
        forbidden = enforced & (self.match(plan) == behaviour.MISMATCH)
        usable, today, chosen = self.balance.tolist(), set(), []
        for k in np.flatnonzero(~forbidden).tolist():
            i, pair = int(row[k]), int(row[k]) << 32 | int(to[k])
            n, until = self.pairs.get(pair, (0, NEVER))
            awaiting = until >= day * DAY or pair in today
            known = int(facts[k]) | rules.CAN_PAY * (usable[i] > 0) | rules.AWAITING * awaiting
            cost = int(self.books[0].cost[known])
            if cost != rules.REFUSED:
                usable[i] -= cost
                today.add(pair)
                chosen.append((k, cost, n))
        k, cost, n = np.array(chosen, dtype=int).reshape(-1, 3).T
        return senders.Plan(*(column[k] for column in plan[:-1]), plan.positions), cost, n

    def match(self, plan: senders.Plan) -> np.ndarray:
        welcome = self.interests[plan.recipient - self.people.first].astype(np.int64)
        return np.where(welcome == 0, behaviour.UNDECLARED, np.where(welcome >> plan.declared & 1, 1, 2))

    def drawn(self, plan: senders.Plan) -> np.ndarray:
        low, high = np.minimum(plan.sender, plan.recipient), np.maximum(plan.sender, plan.recipient)
        return hash64_array(self.people.seed, low, Trait.PAIR, high)

    def degree(self, plan: senders.Plan) -> np.ndarray:
        edges, luck = self.people.degrees, unit_uint64(self.drawn(plan))[: len(plan.row)]
        return np.minimum(np.searchsorted(edges, luck, side="right"), len(edges) - 1)

    def inmails(self, day: int, plan: senders.Plan, before: np.ndarray) -> behaviour.Inmails:
        """What the reactions depend on."""
        to, world_seed = plan.recipient - self.people.first, self.people.seed
        stars, word = self.stars[plan.row], self.words[to]
        low, high = np.minimum(plan.sender, plan.recipient), np.maximum(plan.sender, plan.recipient)
        size = slice(len(to))
        together = (self.drawn(plan)[size] & as_uint64(0x7FF)).astype(float) < self.people.groups * 2048
        return behaviour.Inmails(
            sender=plan.sender, recipient=plan.recipient, n=before, match=self.match(plan),
            notified=(stars == rules.NO_SCORE) | (stars >= word >> layout.THRESHOLD_SHIFT & 63),
            load=self.load[to], degree=self.degree(plan), length=plan.length,
            weekday=np.full(len(to), self.span.weekdays[day]), bulk=plan.bulk,
            career=(word & layout.WORK_BIT > 0) & (plan.declared == CAREER), shared_group=together,
            former_employer=trait01_array(world_seed, low, Trait.FORMER_EMPLOYER, high)[size] < self.people.former,
            active=trait01_array(world_seed, plan.recipient, Trait.ACTIVE, self.span.months[day])[size]
            < self.people.active,
            opportunist=plan.opportunist,
        )  # fmt: skip

    def keep(self, day: int, plan: senders.Plan, cost: np.ndarray, before: np.ndarray) -> None:
        """Everything that comes of the InMails of a day."""
        m, row, to = self.inmails(day, plan, before), plan.row, plan.recipient - self.people.first
        said = behaviour.react(self.scenario.behaviour.tables, self.luck, m) if len(row) else NOTHING
        sent_at = day * DAY + plan.second
        expiry, deadline = (self.by_arm(what)[self.which[row]] for what in ("expiry", "deadline"))
        deadline, opens = sent_at + deadline, said.opens & ((expiry == 0) | (said.open_delay < expiry))
        answer = np.where(opens, said.answer, behaviour.NONE)
        answered_at = np.where(answer > 0, sent_at + said.answer_delay, NEVER)
        in_time = (answer > 0) & (answered_at < deadline)
        end = self.which[row], cost, np.where(in_time, answer, behaviour.NONE)
        self.tired = said.switches_off
        letters = Letters(
            row, to, np.full(len(row), day), cost, sent_at, np.where(opens, sent_at + said.open_delay, NEVER),
            answered_at, answer, np.where(in_time, answered_at, deadline), *(self.by_arm(what)[end] for what in GIFTS),
            self.first_to_tire(row, to), m,
        )  # fmt: skip
        over = np.where(answer > 0, np.minimum(deadline, answered_at), deadline)
        over = np.where(~opens & (expiry > 0), np.minimum(over, sent_at + expiry), over)
        self.note(day, letters, in_time, over)

    def first_to_tire(self, row: np.ndarray, to: np.ndarray) -> np.ndarray:
        """(InMails,) bool: of those who will switch InMail off, the first InMail in the order of senders."""
        leaves, order = np.zeros(len(to), bool), np.argsort(row, kind="stable")
        order = order[self.tired[order] & ~self.off[to[order]]]
        leaves[order[np.unique(to[order], return_index=True)[1]]] = True
        return leaves

    def by_arm(self, what: str) -> np.ndarray:
        return np.array([getattr(book, what) for book in self.books])

    def note(self, day: int, letters: Letters, in_time: np.ndarray, over: np.ndarray) -> None:
        """Remember what will be asked for on later days."""
        self.kept.append(letters)
        self.balance -= np.bincount(letters.row, letters.cost, len(self.balance)).astype(np.int64)
        self.delivered[:, day] = np.bincount(letters.row, minlength=len(self.balance))
        end, columns = self.scenario.days * DAY, (letters.row, letters.to, letters.inmails.n, over)
        for i, to, n, until in zip(*(column.tolist() for column in columns), strict=True):
            self.pairs[i << 32 | to] = (n + 1, until)
        for k in np.flatnonzero((letters.answered_at != NEVER) & (letters.answered_at < end)).tolist():
            at = int(letters.answered_at[k])
            said = (at, len(self.kept) << 32 | k, int(letters.row[k]), int(letters.answer[k]), day, bool(in_time[k]))
            self.due[at // DAY].append(said)
        now = letters.settled_at < end
        on = letters.settled_at[now] // DAY
        np.add.at(self.back, (letters.row[now], on), (letters.returned + letters.bonus)[now])
        place = np.searchsorted(self.who.place, letters.to[now]).clip(max=len(self.who.place) - 1)
        sends = self.who.place[place] == letters.to[now]
        np.add.at(self.back, (place[sends], on[sends]), letters.to_recipient[now][sends])

    @property
    def letters(self) -> Letters:
        """Every InMail of the run so far."""
        *columns, inmails = zip(*self.kept, strict=True)
        together = behaviour.Inmails(*(np.concatenate(each) for each in zip(*inmails, strict=True)))
        return Letters(*map(np.concatenate, columns), together)


@cache
def _habits(habits: senders.Habits, load: float) -> tuple[senders.Habits, senders.Habits]:
    """Of those who see what recipients welcome, and of those who do not and take the first they meet."""
    if load != 1:
        habits = replace(habits, volumes=tuple((share, volume * load) for share, volume in habits.volumes))
    return habits, replace(habits, candidates=1)


def live(scenario: Scenario, number: int, arms: tuple[Arm, ...], arm_of, place: int = 0) -> Course:
    """One market of one replication through all days; `arm_of` gives each sender (its number) one of the `arms`."""
    people_seed, luck = shards.seeds(scenario, number)
    everybody = world.market(scenario.population, people_seed, place, scenario.members)
    who = world.who_sends(scenario.habits, everybody)
    start = datetime.combine(scenario.start, time(), UTC)
    books = [rules.tabulate(arm.policy, start=start, days=scenario.days) for arm in arms]
    span = world.span((scenario.start - date(1970, 1, 1)).days, scenario.days)
    which = np.broadcast_to(arm_of(everybody.first + who.place), who.place.shape)
    course = Course(scenario, arms, which, everybody, who, luck, books, span)
    course.live()
    return course
