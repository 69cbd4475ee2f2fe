"""Whatever JSON is sent, by whomever, the answer is one that the API knows, and the ledger holds."""

from functools import partial

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inmail import audit

pytestmark = pytest.mark.django_db
ANY = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(st.characters(), max_size=40),
    st.sampled_from(["carol", "bob", "dave", "career_opportunity", "interested", "2014-07-01", "\x00", "1", ""]),
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)
FIELDS = {
    "inmails/": ["recipient", "category", "subject", "body"],
    "inmails/{pk}/answer/": ["answer", "body"],
    "inmails/{pk}/open/": [],
    "credits/purchase/": ["quantity"],
    "invitations/": ["member", "note"],
    "messages/": ["recipient", "body"],
    "blocks/": ["member"],
    "token/": ["handle", "password"],
    "audit/adjustments/": ["member", "amount", "reason"],
    "clock/": ["speed"],
    "clock/advance/": ["days", "hours", "until"],
    "lab/runs/": ["scenario", "seed", "members", "days", "replications"],
}
PATCHED = ["messages", "open_profile", "interests", "advice", "lowest_score"]


def bodies(names):
    known = st.fixed_dictionaries({}, optional={name: VALUES for name in names})
    return st.one_of(known, known, st.dictionaries(st.text(st.characters(), max_size=8), VALUES, max_size=3), VALUES)


def undone(act):
    """What `act` returns; the database is as before."""
    with transaction.atomic():
        answer = act()
        transaction.set_rollback(True)
    return answer


@pytest.mark.parametrize("path", FIELDS)
def test_no_body_is_a_traceback(call, carol, admin, received, settings, path):
    settings.ADVANCE_WAIT = 0
    clients = [call(carol), call(admin)]

    @ANY
    @given(bodies(FIELDS[path]))
    def send(body):
        for client in clients:
            answer = undone(partial(client.at, "post", path.format(pk=received.pk), body))
            assert answer.status_code in (200, 201, 202, 400, 401, 403, 404, 422), answer.content
            answer.json()

    send()
    assert audit.ledger().holds


def test_no_change_of_reception_is_a_traceback(call, carol):
    client = call(carol)

    @ANY
    @given(bodies(PATCHED))
    def send(body):
        assert undone(lambda: client.at("patch", "reception/", body)).status_code in (200, 400)

    send()


@ANY
@given(
    query=st.dictionaries(
        st.sampled_from(["q", "country", "industry", "degree", "open_to", "cursor", "page_size", "box", "length"]),
        st.text(max_size=30) | st.sampled_from(["1", "out", "IT", "\x00", "-1", "9" * 40]),
        max_size=4,
    ),
    path=st.sampled_from(["members/", "inmails/", "credits/", "connections/", "members/carol/forecast/"]),
)
def test_no_question_is_a_traceback(call, alice, live, query, path):
    answer = undone(lambda: call(alice).get(f"/api/v1/{path}", query))
    assert answer.status_code in (200, 400, 404)
