"""On a real network of 37,700 members: the import is complete, and every degree equals an independent one."""

import json
import random
from io import StringIO

import numpy as np
import pytest
from django.conf import settings
from django.core.management import call_command
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from accounts import edges, network
from accounts.models import Connection, Member

GRAPH = settings.SHARED_DATA / "github_developers.csv.gz"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not GRAPH.exists(), reason=f"the real graph {GRAPH} is not on this machine"),
]


@pytest.fixture
def imported(live):
    out = StringIO()
    call_command("import_network", str(GRAPH), stdout=out)
    return json.loads(out.getvalue())


def independent_degrees(pairs, count, sources):
    """Distances up to 3 by SciPy; what is further is infinite."""
    ends = np.array(pairs).T
    graph = csr_array((np.ones(len(pairs)), (ends[0], ends[1])), shape=(count, count))
    return dijkstra(graph, directed=False, indices=sources, unweighted=True, limit=3)


def test_the_degrees_of_a_real_network_are_exact(imported):
    assert imported == {"members": 37_700, "connections": 289_003, "skipped": []}
    assert Connection.objects.count() == 2 * 289_003
    ids = {int(handle[1:]): pk for handle, pk in Member.objects.values_list("handle", "pk")}
    pairs = edges.read(GRAPH).pairs
    chance, hub = random.Random(11), int(np.bincount(np.array(pairs).ravel()).argmax())
    viewers, others = [hub, *chance.sample(range(37_700), 59)], chance.sample(range(37_700), 2_000)
    expected = independent_degrees(pairs, 37_700, viewers)
    for viewer, distances in zip(viewers, expected, strict=True):
        found = network.degrees(Member(pk=ids[viewer]), [ids[other] for other in others])
        assert [found[ids[other]] for other in others] == [
            int(distances[other]) if np.isfinite(distances[other]) else None for other in others
        ]


def test_the_filter_by_degree_agrees_with_the_degrees(imported):
    viewer = Member.objects.get(handle="n31890")  # the hub
    for one in (viewer, Member.objects.get(handle="n7")):
        found = network.degrees(one, Member.objects.values_list("pk", flat=True))
        for degree in (1, 2, 3, None):
            listed = set(network.at_degree(Member.objects.all(), one, degree).values_list("pk", flat=True))
            assert listed == {pk for pk, its in found.items() if its == degree}
