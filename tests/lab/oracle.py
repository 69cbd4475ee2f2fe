"""The lab in plain NumPy, day by day over dense columns: slow, and easy to read beside the rules (DOMAIN 6 to 9).

Law: nothing of `lab.engine` is used. Intents are `simulation.senders.plan_day`, reactions `simulation.behaviour.react`,
rules the functions of `inmail`. It knows one market through which no walk comes round, so that no pair meets twice,
the load of the habits as they are, and categories that are not hidden.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta

import numpy as np

from inmail import policy, score
from lab import layout, shards, world
from lab.scenario import Arm, Scenario
from simulation import behaviour, senders
from simulation.behaviour import ANSWERS, MATCH, MISMATCH, UNDECLARED, Inmails
from simulation.draws import Trait, trait01_array
from simulation.population.people import CATEGORIES

DAY = 86_400
CAREER = CATEGORIES.index("career_opportunity")
RESPONSES = [ANSWERS.index(name) for name in ("interested", "reply", "not_interested")]
REPORTS = [ANSWERS.index(name) for name in ("inappropriate", "spam")]


class Market:
    """One market under one arm: `live` it through its days, then ask for `totals`."""

    def __init__(self, scenario: Scenario, arm: Arm, replication: int = 0):
        self.scenario, self.arm = scenario, arm
        self.world_seed, self.luck = shards.seeds(scenario, replication)
        self.people = world.market(scenario.population, self.world_seed, 0, scenario.members)
        words = self.people.words.astype(np.int64)
        self.first, self.size = self.people.first, len(words)
        self.interests = (words & layout.INTERESTS).astype(np.uint8)
        self.off = words & layout.OFF_BIT != 0
        self.takes_free = (words & layout.FREE_BIT != 0) & arm.free_open_profiles
        self.to_work = words & layout.WORK_BIT != 0
        self.threshold = (words >> layout.THRESHOLD_SHIFT & 63) / 10
        self.place = np.flatnonzero(words >> layout.PLAN_SHIFT & 7)
        self.plan = (words >> layout.PLAN_SHIFT & 7)[self.place]
        self.billing = (words >> layout.BILLING_SHIFT & 31)[self.place]
        self.character = senders.characters(scenario.habits, self.world_seed, self.first + self.place)
        self._open_accounts(len(self.place))

    def _open_accounts(self, count: int) -> None:
        p, days = self.arm.policy, self.scenario.days
        plans = [p.plans[name] for name in policy.PLAN_NAMES]
        self.monthly, self.cap = np.array([t.monthly for t in plans]), np.array([t.cap for t in plans])
        self.ledger = np.zeros((layout.PLANS, layout.STRATEGIES, layout.ENTRIES), dtype=np.int64)
        self.balance = self.monthly[self.plan].copy()
        self._enter(layout.GRANTED, self.balance, slice(None))
        self.daily = np.zeros((days, layout.DAILY), dtype=np.int64)
        self.daily_received = np.zeros((days, self.size), dtype=np.uint16)
        self.back = np.zeros((days + 1, count), dtype=np.int64)
        self.delivered, self.responded = np.zeros((2, count, days), dtype=np.int64)
        self.answers, self.steps = defaultdict(list), np.zeros(count, dtype=np.int64)
        self.reports = defaultdict(lambda: (layout.NEVER, layout.NEVER))
        self.stars, self.position = np.full(count, np.nan), np.zeros(count, dtype=np.int64)
        self.stage, self.stage_until = np.full(count, None), np.zeros(count, dtype=np.int64)
        self.suspended_until = np.zeros(count, dtype=np.int64)
        self.under_rule = np.zeros(days, dtype=np.int64)
        self.due, self.tired, self.kept = defaultdict(list), defaultdict(list), []
        self.sent = 0

    def _enter(self, kind: int, amount: np.ndarray, who) -> None:
        np.add.at(self.ledger[..., kind], (self.plan[who], self.character.strategy[who]), amount)

    def live(self) -> Market:
        for day in range(self.scenario.days + 1):
            if day:
                self.hear(day)
                self.leave(day)
                self.balance += self.back[day - 1]
            if day < self.scenario.days:
                barred = self.judge(day)
                self.grant(day)
                self.send(day, barred)
                self.daily[day, layout.DAY_BALANCE] = self.balance.sum()
        return self

    def hear(self, day: int) -> None:
        """Yesterday's answers, in the order of their instants, for scores, the quality rule and the steps."""
        for at, _order, i, answer, wrote, in_time in sorted(self.due.pop(day - 1, []), key=lambda row: row[:2]):
            self.answers[i].insert(0, ANSWERS[answer])
            self.stars[i] = float(score.stars(self.answers[i]))
            if answer in RESPONSES and in_time:
                self.responded[i, wrote] += 1
            if answer in REPORTS:
                first, second, is_step = score.report(*self.reports[i], at, layout.REPORT_SPAN, layout.NEVER)
                self.reports[i] = first, second
                if is_step:
                    self.steps[i] += 1
                    length = score.suspension(int(self.steps[i]))
                    until = day * DAY + (int(length.total_seconds()) if length else 0)
                    self.suspended_until[i] = max(self.suspended_until[i], until)

    def leave(self, day: int) -> None:
        """Switch-offs that were decided yesterday."""
        for to, cell in self.tired.pop(day - 1, []):
            if not self.off[to]:
                self.off[to], self.takes_free[to] = True, False
                self.daily[day - 1, layout.DAY_OFF] += 1
                self.kept.append((layout.SWITCHED_OFF, np.array([cell]), np.array([1])))

    def judge(self, day: int) -> np.ndarray:
        """Whom the quality rule keeps from bulk."""
        barred = np.zeros(len(self.place), dtype=bool)
        if not self.arm.quality:
            return barred
        days, at = slice(max(0, day - score.QUALITY_SPAN.days), day), self._instant(day)
        total, answered = self.delivered[:, days].sum(axis=1), self.responded[:, days].sum(axis=1)
        for i in np.flatnonzero((total >= score.QUALITY_DELIVERED) | (self.stage != None)):  # noqa: E711
            below = score.is_below(int(total[i]), int(answered[i]))
            until = self._instant(int(self.stage_until[i]))
            following = score.next_stage(self.stage[i], below=below, until=until, at=at)
            if following != self.stage[i] or until <= at:
                self.stage[i] = following
                self.stage_until[i] = day + (score.STAGES[following].days if following else 0)
            barred[i] = self.stage[i] == "suspended" and day < self.stage_until[i]
        self.under_rule[day] = barred.sum()
        return barred

    def _instant(self, day: int) -> datetime:
        return datetime.combine(self.scenario.start, time(), UTC) + timedelta(days=day)

    def grant(self, day: int) -> None:
        today = self._instant(day)
        if not day:
            return  # the first credits were granted when the accounts were opened
        due = np.flatnonzero(self.billing == today.day)  # billing days are 1 to 28
        room = self.cap[self.plan[due]] - self.balance[due]
        amount = np.maximum(0, np.minimum(self.monthly[self.plan[due]], room))
        self.balance[due] += amount
        self._enter(layout.GRANTED, amount, due)
        self.daily[day, layout.DAY_GRANTED] = amount.sum()

    def send(self, day: int, barred: np.ndarray) -> None:
        habits = self.scenario.habits
        first_day = (self.scenario.start - date(1970, 1, 1)).days
        plan = senders.plan_day(
            habits, self.world_seed, self.luck, first_day + day, self.first + self.place, self.stars, self.position,
            self.interests, self.first,
        )  # fmt: skip
        self.position = plan.positions
        row, to = plan.row, plan.recipient - self.first
        degree, group, employer = self.pairs(plan.sender, plan.recipient)
        match = np.where(self.interests[to] >> plan.declared & 1, MATCH, MISMATCH)
        match = np.where(self.interests[to] == 0, UNDECLARED, match)
        free = self.takes_free[to]
        may = (to != self.place[row]) & ~self.off[to] & (degree != behaviour.FIRST_DEGREE)
        may &= (match != MISMATCH) | (self.arm.categories != "enforced")
        may &= (day * DAY >= self.suspended_until[row]) & ~(barred[row] & plan.bulk)
        paid = may & ~free
        may = free & may | paid & (_earlier(row, paid) < self.balance[row])
        go = np.flatnonzero(may)
        load = self.daily_received[max(0, day - layout.LOAD_DAYS) : day].sum(axis=0)[to[go]]
        unheard = np.isnan(self.stars[row[go]])
        letters = Inmails(
            plan.sender[go], plan.recipient[go], np.zeros(len(go), dtype=np.int64), match[go],
            unheard | (self.stars[row[go]] >= self.threshold[to[go]]), load, degree[go], plan.length[go],
            senders.weekday(first_day + day), plan.bulk[go], self.to_work[to[go]] & (plan.declared[go] == CAREER),
            group[go], employer[go], self.active(plan.recipient[go], day), plan.opportunist[go],
        )  # fmt: skip
        self.follow(day, row[go], to[go], np.where(free[go], 0, 1), day * DAY + plan.second[go], letters)

    def pairs(self, ones: np.ndarray, others: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Degree, whether there is a group in common, whether a former employer."""
        low, high = np.minimum(ones, others), np.maximum(ones, others)
        degree = np.searchsorted(
            self.people.degrees[:3], trait01_array(self.world_seed, low, Trait.PAIR, high), "right"
        )
        drawn = world.pair_bits(self.world_seed, low, high)
        employer = trait01_array(self.world_seed, low, Trait.FORMER_EMPLOYER, high) < self.people.former
        return degree, drawn < self.people.groups * 2048, employer

    def active(self, numbers: np.ndarray, day: int) -> np.ndarray:
        today = self._instant(day)
        month = today.year * 12 + today.month - 1
        return trait01_array(self.world_seed, numbers, Trait.ACTIVE, month) < self.people.active

    def follow(self, day, row, to, cost, sent_at, m: Inmails) -> None:
        """All that comes of a day's InMails."""
        p, end = self.arm.policy, self.scenario.days * DAY
        r = behaviour.react(self.scenario.behaviour.tables, self.luck, m)
        opens = r.opens & (r.open_delay < (p.expiry_days or 10**6) * DAY)
        answer = np.where(opens, r.answer, 0)
        opened_at, answered_at = sent_at + r.open_delay, sent_at + r.answer_delay
        in_time = (answer != 0) & (r.answer_delay < p.deadline_days * DAY)
        settled_at = np.where(in_time, answered_at, sent_at + p.deadline_days * DAY)
        cell = ((m.match * layout.PLANS + self.plan[row]) * layout.STRATEGIES + self.character.strategy[row]) * 4
        cell = cell + m.degree
        opened, heard, settled = opens & (opened_at < end), (answer != 0) & (answered_at < end), settled_at < end
        ends = [[policy.settlement(p, None if a == "none" else a, cost=c) for a in ANSWERS] for c in (0, 1)]
        ended_by = np.where(in_time, answer, 0)
        due = {
            what: np.array([[getattr(each, what) for each in line] for line in ends])[cost, ended_by] * settled
            for what in ("returned", "bonus", "to_recipient")
        }
        self.balance -= np.bincount(row, cost, len(self.balance)).astype(np.int64)
        self.daily_received[day] = np.bincount(to, minlength=self.size)
        self.delivered[:, day] = np.bincount(row, minlength=len(self.balance))
        self._count(cell, m, cost, opened, heard, settled, in_time, answer, r.answer_delay, opens, sent_at, due)
        self._days(day, opened_at[opened], answered_at[heard], settled_at, due)
        for kind, what in ((layout.SPENT, cost), (layout.GIVEN_BACK, due["returned"]), (layout.BONUSES, due["bonus"])):
            self._enter(kind, what, row)
        np.add.at(self.back, (settled_at[settled] // DAY, row[settled]), (due["returned"] + due["bonus"])[settled])
        self._compensate(to, settled_at // DAY, due["to_recipient"])
        for k in np.flatnonzero(heard):
            event = (int(answered_at[k]), self.sent + int(k), int(row[k]), int(answer[k]), day, bool(in_time[k]))
            self.due[int(answered_at[k]) // DAY].append(event)
        self.sent += len(row)
        self.tired[day] += [(int(to[k]), int(cell[k])) for k in np.flatnonzero(r.switches_off)]

    def _count(self, cell, m, cost, opened, heard, settled, in_time, answer, delay, opens, sent_at, due) -> None:
        expired = ~opens & (sent_at + (self.arm.policy.expiry_days or 10**6) * DAY < self.scenario.days * DAY)
        silent = settled & ~in_time
        counts = {
            layout.SENT: 1, layout.FREE: cost == 0, layout.NOTIFIED: m.notified, layout.OPENED: opened,
            layout.ANSWERED: heard, layout.EXPIRED: expired, layout.RETURNED: due["returned"],
            layout.BONUS: due["bonus"], layout.COMPENSATED: due["to_recipient"], layout.SECONDS: heard * delay,
            layout.WITHIN_DAY: heard & (delay < DAY), layout.WITHIN_WEEK: heard & (delay < 7 * DAY),
            layout.KINDS: silent,
        }  # fmt: skip
        counts |= {layout.KINDS + kind: heard & (answer == kind) for kind in range(1, len(ANSWERS))}
        self.kept += [(what, cell, np.broadcast_to(each, cell.shape).astype(np.int64)) for what, each in counts.items()]

    def _days(self, day, opened_at, answered_at, settled_at, due) -> None:
        self.daily[day, layout.DAY_SENT] += len(settled_at)
        np.add.at(self.daily[:, layout.DAY_OPENED], opened_at // DAY, 1)
        np.add.at(self.daily[:, layout.DAY_ANSWERED], answered_at // DAY, 1)
        there = due["returned"] > 0
        np.add.at(self.daily[:, layout.DAY_RETURNED], settled_at[there] // DAY, due["returned"][there])

    def _compensate(self, to, on, amount) -> None:
        """Credits of a recipient who is a sender too; others keep theirs apart."""
        for k in np.flatnonzero(amount):
            i = int(np.searchsorted(self.place, to[k]))
            if i < len(self.place) and self.place[i] == to[k]:
                self.back[on[k], i] += amount[k]
                self._enter(layout.COMPENSATIONS, amount[k], i)

    def totals(self) -> shards.Totals:
        cells = np.zeros((layout.CELLS, layout.MEASURES), dtype=np.int64)
        for what, cell, amount in self.kept:
            np.add.at(cells[:, what], cell, amount)
        self._enter(layout.BALANCE, self.balance, slice(None))
        scores = np.zeros((layout.STRATEGIES, layout.SCORES), dtype=np.int64)
        tenths = np.where(np.isnan(self.stars), layout.SCORES - 1, np.round(np.nan_to_num(self.stars) * 10))
        np.add.at(scores, (self.character.strategy, tenths.astype(np.int64)), 1)
        people = np.zeros((layout.PLANS, layout.STRATEGIES), dtype=np.int64)
        np.add.at(people, (self.plan, self.character.strategy), 1)
        received = np.bincount(self.daily_received.sum(axis=0), minlength=shards.MOST_RECEIVED + 1)
        return shards.Totals(
            cells=cells, ledger=self.ledger, daily=self.daily, countries=None, under_rule=self.under_rule,
            scores=scores, received=received, senders=people, members=np.array([self.size]),
        )  # fmt: skip


def _earlier(row: np.ndarray, counted: np.ndarray) -> np.ndarray:
    """For each intent how many of the same sender that are `counted` come before it; rows are in order of seconds."""
    order = np.argsort(row, kind="stable")
    running = np.cumsum(counted[order])
    starts = np.flatnonzero(np.r_[True, np.diff(row[order]) != 0])
    before = np.repeat(running[starts] - counted[order][starts], np.diff(np.r_[starts, len(row)]))
    earlier = np.empty(len(row), dtype=np.int64)
    earlier[order] = running - counted[order] - before
    return earlier
