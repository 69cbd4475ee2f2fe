"""Mesa 3: an agent for each member, all of them stepped every day."""

import time

import mesa
from rules import ACCEPT, CAP, DEADLINE, GRANT, PERIOD, SEND, contest


class Member(mesa.Agent):
    def __init__(self, model, place):
        super().__init__(model)
        self.billing, self.balance, self.received = place % PERIOD, GRANT, 0

    def step(self):
        model = self.model
        if model.day and self.billing == model.day % PERIOD:
            grant = max(0, min(GRANT, CAP - self.balance))
            self.balance += grant
            model.granted += grant
        if model.random.random() < SEND and self.balance > 0:
            self.balance -= 1
            model.sent += 1
            model.everybody[int(model.random.random() * len(model.everybody))].received += 1
            if model.random.random() < ACCEPT:
                model.accepted += 1
            else:
                model.pending[(model.day + DEADLINE) % (DEADLINE + 1)].append(self)


class World(mesa.Model):
    def __init__(self, members, seed):
        super().__init__(rng=seed)
        self.day = self.sent = self.accepted = self.returned = 0
        self.granted = GRANT * members
        self.pending = [[] for _ in range(DEADLINE + 1)]
        self.everybody = [Member(self, place) for place in range(members)]

    def live(self, day):
        self.day = day
        for member in self.pending[day % (DEADLINE + 1)]:
            member.balance += 1
            self.returned += 1
        self.pending[day % (DEADLINE + 1)] = []
        self.agents.do("step")


def live(members, days, seed):
    world = World(members, seed)
    begun = time.perf_counter()
    for day in range(days):
        world.live(day)
    balance = sum(member.balance for member in world.everybody)
    return begun, {
        "sent": world.sent, "accepted": world.accepted, "returned": world.returned, "granted": world.granted,
        "balance": balance,
    }  # fmt: skip


contest(live)
