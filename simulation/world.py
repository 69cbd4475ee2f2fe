"""The only bridge between simulated people and the platform: they use the same verbs as everybody."""

from __future__ import annotations

from collections import Counter


class SimulatedPeople:
    def release(self, timeline, at):
        return Counter()

    def midnight(self, timeline, at):
        return Counter()

    def run(self, timeline, after, until):
        return Counter()


def react(timeline, deliveries):
    return {}
