"""The simulated population: plausible people, the published shares, and a network with all degrees of separation."""

from collections import Counter
from dataclasses import fields

import numpy as np
import pytest
from scipy import sparse

from simulation import population
from simulation.population import COUNTRIES, INDUSTRIES, generate
from simulation.population.names import handles, pools, slug


@pytest.fixture(scope="module")
def small():
    return generate(2_000, 1)


@pytest.fixture(scope="module")
def large():
    return generate(20_000, 1)


def separation(world, sources: int = 200) -> np.ndarray:
    """Shares of 1st, 2nd, 3rd degree and out of network among random pairs, by breadth-first search."""
    count = len(world.people.number)
    ones = np.ones(len(world.edges), dtype=np.float32)
    graph = sparse.csr_matrix((ones, world.edges.T), shape=(count, count))
    graph = graph + graph.T
    start = np.random.default_rng(0).choice(count, sources, replace=False)
    steps = sparse.csgraph.dijkstra(graph, indices=start, unweighted=True, limit=3)
    shares = np.array([(steps == degree).sum() for degree in (1, 2, 3)]) / (sources * (count - 1))
    return np.append(shares, 1 - shares.sum())


def clustering(world) -> float:
    count = len(world.people.number)
    graph = sparse.csr_matrix((np.ones(len(world.edges)), world.edges.T), shape=(count, count))
    graph = graph + graph.T
    degree = np.asarray(graph.sum(axis=1)).ravel()
    closed = np.asarray((graph @ graph).multiply(graph).sum(axis=1)).ravel()
    return (closed[degree > 1] / (degree * (degree - 1))[degree > 1]).mean()


def same(one, other) -> bool:
    return all(np.array_equal(getattr(one, f.name), getattr(other, f.name)) for f in fields(one))


def test_the_same_members_and_seed_give_the_same_world(small):
    again = generate(2_000, 1)
    assert same(again.people, small.people)
    assert np.array_equal(again.edges, small.edges) and np.array_equal(again.memberships, small.memberships)
    assert np.array_equal(again.connected_at, small.connected_at) and again.groups == small.groups


def test_another_seed_gives_other_people(small):
    assert generate(2_000, 2).people.first_name != small.people.first_name


def test_every_column_has_one_entry_per_member(small):
    assert {len(getattr(small.people, f.name)) for f in fields(small.people)} == {2_000}
    assert small.people.number.tolist() == list(range(1, 2_001))
    assert generate(5, 1, start_number=100).people.number.tolist() == [100, 101, 102, 103, 104]


def test_names_are_diverse(small):
    names = Counter(zip(small.people.first_name, small.people.last_name, strict=True))
    assert sum(count for count in names.values() if count > 1) / 2_000 < 0.03
    assert any(not name.isascii() for name in small.people.last_name)


def test_pools_are_large_and_known_to_every_country():
    known = pools()
    land = {country.code: country for country in population.countries()}
    assert len(land) == 200 and len({code for code in land if code in known}) >= 45
    assert all(country.pool in known and country.cities for country in land.values())
    for code in ("US", "IN", "BR", "GB", "CA", "FR", "IT", "ES", "MX", "AU"):
        assert min(len(known[code]["men"]), len(known[code]["women"])) >= 25
        assert len(known[code]["surnames"]) >= 40


def test_handles_are_unique_slugs_and_avoid_those_taken(small):
    assert len(set(small.people.handle)) == 2_000
    assert all(handle == slug(handle) and len(handle) <= 60 for handle in small.people.handle)
    taken = frozenset({"giulia-conti"})
    assert handles(["Giulia", "Giulia"], ["Conti", "Conti"], taken) == ["giulia-conti-2", "giulia-conti-3"]
    assert handles(["Łukasz", "Seán"], ["Wójcik", "O'Brien"]) == ["lukasz-wojcik", "sean-obrien"]


def test_texts_are_filled_in_and_fit_their_columns(large):
    people = large.people
    assert all(0 < len(text) <= 220 for text in people.headline)
    assert all(0 < len(text) <= 2_600 for text in people.about)
    assert not any("{" in text for text in people.headline + people.about + people.advice)
    assert len(set(people.headline)) > 0.4 * len(people.headline)


def test_shares_are_those_of_the_domain(large):
    people, many = large.people, pytest.approx
    code = np.array(COUNTRIES)[people.country]
    assert (code == "US").mean() == many(0.33, abs=0.02) and (code == "IT").mean() == many(0.022, abs=0.005)
    assert (people.industry == INDUSTRIES.index("Information Technology")).mean() == many(0.16, abs=0.01)
    assert people.woman.mean() == many(0.38, abs=0.01)
    assert (people.interests > 0).mean() == many(0.60, abs=0.01)
    assert set(np.bitwise_count(people.interests)) == {0, 1, 2, 3, 4}
    assert (people.reception == 2).mean() == many(0.08, abs=0.01)
    assert people.open_to_work.mean() == many(0.10, abs=0.01)
    assert (people.plan > 0).mean() == many(0.10, abs=0.01)
    assert people.open_profile[people.plan > 0].mean() == many(0.20, abs=0.03)
    assert not people.open_profile[people.plan == 0].any()
    assert (people.plan == 1).sum() / (people.plan > 0).sum() == many(0.45, abs=0.04)
    assert people.billing_day.min() == 1 and people.billing_day.max() == 28


def test_advice_is_given_by_some_of_those_who_declare_interests(small):
    given = np.array([bool(advice) for advice in small.people.advice])
    assert 0.1 < given.mean() < 0.3 and (small.people.interests[given] > 0).all()


def test_half_of_the_italians_write_italian(large):
    italians = np.flatnonzero(large.people.country == COUNTRIES.index("IT"))
    italian = [large.people.headline[i] for i in italians if " · " in large.people.headline[i]]
    assert 0.05 < len(italian) / len(italians) < 0.5


def test_members_are_numbered_by_country(large):
    assert (np.diff(large.people.country) >= 0).all()


def test_edges_are_simple(large):
    edges = large.edges
    assert (edges[:, 0] < edges[:, 1]).all() and edges.min() >= 0 and edges.max() < 20_000
    assert len(np.unique(edges, axis=0)) == len(edges)


@pytest.mark.parametrize(("members", "seed"), [(500, 1), (2_000, 1), (2_000, 2), (5_000, 1), (20_000, 1), (20_000, 3)])
def test_random_pairs_have_all_degrees(members, seed):
    _, second, third, out = separation(generate(members, seed))
    assert 0.05 <= second <= 0.20
    assert 0.30 <= third <= 0.55
    assert 0.25 <= out <= 0.60


def test_degrees_are_heavy_tailed_and_triangles_closed(large):
    degree = np.bincount(large.edges.ravel(), minlength=20_000)
    assert (degree > 0).mean() > 0.99
    assert degree.mean() > 1.5 * np.median(degree) and degree.max() > 40 * np.median(degree)
    assert clustering(large) > 50 * degree.mean() / 20_000


def test_neighbours_share_country_and_industry_far_more_often_than_chance(large):
    one, other = large.edges.T
    country, industry = large.people.country, large.people.industry
    assert (country[one] == country[other]).mean() > 0.6
    assert (industry[one] == industry[other]).mean() > 0.15


def test_nothing_happens_before_one_has_joined_nor_in_the_future(small):
    joined = small.people.joined_at
    assert (joined < population.JUNE_2014).all()
    assert (small.connected_at >= np.maximum(*joined[small.edges.T])).all()
    assert (small.connected_at < population.JUNE_2014).all()
    assert (small.joined_group_at >= joined[small.memberships[:, 1]]).all()


def test_groups_are_many_named_apart_and_of_unlike_sizes(small):
    sizes = np.bincount(small.memberships[:, 0])
    assert len(small.groups) == 33 and len({group.slug for group in small.groups}) == 33
    assert sizes.min() >= 1 and sizes.max() > 5 * np.median(sizes)
    assert len(np.unique(small.memberships, axis=0)) == len(small.memberships)
    assert any(group.about.startswith(("Gruppo", "Per chi")) for group in small.groups)


@pytest.mark.parametrize("members", [1, 2, 3, 10])
def test_tiny_worlds_exist(members):
    world = generate(members, 1)
    assert len(world.people.handle) == members and len(world.groups) == 8


@pytest.mark.parametrize("members", [0, -1, 1.5, True, None])
def test_worlds_of_nobody_are_refused(members):
    with pytest.raises(ValueError, match="at least one member"):
        generate(members, 1)


@pytest.mark.parametrize("premium", [-0.1, 1.1, float("nan")])
def test_shares_of_premium_outside_0_to_1_are_refused(premium):
    with pytest.raises(ValueError, match="between 0 and 1"):
        generate(10, 1, premium=premium)
