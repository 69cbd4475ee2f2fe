"""The simulated population: people, their connections and their groups, as columns ready for bulk loading.

Law: a pure function of (members, seed) and the options; no database here, no shared random stream.
"""

from dataclasses import dataclass

import numpy as np

from simulation.draws import hash01_array
from simulation.population import work
from simulation.population.graph import connect
from simulation.population.groups import Group, generate_groups
from simulation.population.people import CATEGORIES, PLANS, RECEPTIONS, People, countries, generate_people

__all__ = ["CATEGORIES", "COUNTRIES", "INDUSTRIES", "PLANS", "RECEPTIONS", "Group", "People", "World", "generate"]

INDUSTRIES = tuple(work.INDUSTRIES)
COUNTRIES = tuple(country.code for country in countries())
JUNE_2014 = 1_401_580_800  # 2014-06-01 00:00 UTC


@dataclass
class World:
    """People, edges and groups. Edges and memberships name members by position in the columns of `people`."""

    people: People
    edges: np.ndarray  # (E, 2) int64, each pair once, first < second
    connected_at: np.ndarray  # (E,) int64, seconds since 1970 UTC, after both have joined
    groups: list[Group]
    memberships: np.ndarray  # (M, 2) int64: index of the group, position of the member
    joined_group_at: np.ndarray  # (M,) int64, seconds since 1970 UTC


def generate(
    members: int,
    seed: int,
    *,
    start_number: int = 1,
    premium: float = 0.10,
    begins_at: int = JUNE_2014,
    median_degree: float | None = None,
    taken: frozenset[str] = frozenset(),
) -> World:
    """A world of `members` numbered from `start_number`, all of whose past lies before `begins_at`.

    `premium` is the share of paying members, `median_degree` overrides the one that suits the size, and `taken` are
    handles that exist already. Refuses fewer than one member and a share outside 0-1 with a ValueError.
    """
    if isinstance(members, bool) or not isinstance(members, int) or members < 1:
        raise ValueError(f"A world needs at least one member, not {members!r}.")
    if not 0 <= premium <= 1:
        raise ValueError(f"The share of premium members must lie between 0 and 1, not {premium!r}.")
    people = generate_people(members, seed, start_number, premium, begins_at, taken)
    edges = connect(people.country, people.industry, seed, median_degree)
    groups, memberships = generate_groups(people, seed)
    joined = people.joined_at
    known_since = np.maximum(joined[edges[:, 0]], joined[edges[:, 1]])
    return World(
        people=people,
        edges=edges,
        connected_at=later(known_since, begins_at, seed, 401),
        groups=groups,
        memberships=memberships,
        joined_group_at=later(joined[memberships[:, 1]], begins_at, seed, 402),
    )


def later(since: np.ndarray, until: int, seed: int, what: int) -> np.ndarray:
    """An instant of each span [since, until), by hash."""
    return since + (hash01_array(seed, what, np.arange(len(since))) * (until - since)).astype(np.int64)
