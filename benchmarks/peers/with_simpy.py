"""SimPy: a process for each member, which sleeps until the day of its next InMail or grant."""

import math
import random
import time

import simpy
from rules import ACCEPT, CAP, DEADLINE, GRANT, PERIOD, SEND, contest

RETURNS, GRANTS, SENDS = 0.0, 0.1, 0.2  # of a day, in this order


class Member:
    def __init__(self, world, place):
        self.world, self.balance, self.received = world, GRANT, 0
        world.env.process(self.bill(place % PERIOD or PERIOD))
        world.env.process(self.write())

    def bill(self, first):
        env = self.world.env
        yield env.timeout(first + GRANTS)
        while True:
            grant = max(0, min(GRANT, CAP - self.balance))
            self.balance += grant
            self.world.granted += grant
            yield env.timeout(PERIOD)

    def write(self):
        env, luck = self.world.env, self.world.random
        day = -1
        while True:
            day += 1 + int(math.log(1.0 - luck.random()) / math.log(1.0 - SEND))
            yield env.timeout(day + SENDS - env.now)
            if self.balance > 0:
                self.balance -= 1
                self.world.sent += 1
                self.world.members[int(luck.random() * len(self.world.members))].received += 1
                if luck.random() < ACCEPT:
                    self.world.accepted += 1
                else:
                    env.process(self.take_back(day))

    def take_back(self, day):
        yield self.world.env.timeout(DEADLINE - SENDS + RETURNS)
        self.balance += 1
        self.world.returned += 1


class World:
    def __init__(self, members, seed):
        self.env, self.random = simpy.Environment(), random.Random(seed)
        self.sent = self.accepted = self.returned = 0
        self.granted = GRANT * members
        self.members = []
        self.members += [Member(self, place) for place in range(members)]


def live(members, days, seed):
    world = World(members, seed)
    begun = time.perf_counter()
    world.env.run(until=days - 0.5)
    balance = sum(member.balance for member in world.members)
    return begun, {
        "sent": world.sent, "accepted": world.accepted, "returned": world.returned, "granted": world.granted,
        "balance": balance,
    }  # fmt: skip


contest(live)
