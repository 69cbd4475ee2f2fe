"""The whole schema as it is served, tried by generated calls of four: whatever is sent, the answer is as described."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection, transaction
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as effort
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from rest_framework.authtoken.models import Token
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi import checks

from accounts.models import Member
from inmail import audit
from tests.access.world import build

pytestmark = pytest.mark.django_db
WHO = ("alice", "bob", "sam", "admin")  # with credits, without, new, of the staff
HANDLES = (None, "alice", "bob", "carol", "dave", "sam", "nobody")
TRIED = effort(deadline=None, database=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
EXAMPLES = {GenerationMode.POSITIVE: 2, GenerationMode.NEGATIVE: 2}
AS_DESCRIBED = [
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]


@pytest.fixture
def operations(db):
    """What the schema names, called through WSGI on the connection of the test, which stays open between calls."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")  # making up cases takes its time
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield [
        found.ok()
        for found in schemathesis.openapi.from_wsgi("/api/schema/", get_wsgi_application()).get_all_operations()
    ]
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def aimed(operation, mode, ids):
    """Cases of the operation; those that name a row or a member often name one that is there."""

    def aim(drawn):
        case, pk, handle = drawn
        if handle and mode == GenerationMode.POSITIVE:
            there = {"id": pk, "handle": handle, "recipient": handle, "member": handle}
            case.path_parameters = {name: there.get(name, given) for name, given in case.path_parameters.items()}
            if isinstance(case.body, dict):
                case.body = {name: there.get(name, given) for name, given in case.body.items()}
        return case

    cases = operation.as_strategy(generation_mode=mode)
    return st.tuples(cases, st.sampled_from(ids), st.sampled_from(HANDLES)).map(aim)


def answered(case, key):
    """The answer of the platform; the database is as before."""
    with transaction.atomic():
        answer = case.call(headers={"Authorization": f"Token {key}"})
        transaction.set_rollback(True)
    return answer


def wrong(case, answer) -> str:
    """In what the answer is not as described."""
    try:
        case.validate_response(answer, checks=AS_DESCRIBED + [not_a_server_error] * (case.path != "/healthz"))
    except FailureGroup as found:
        return f"{case.as_curl_command()} → {answer.status_code}: {[str(one) for one in found.exceptions]}"
    return ""


def test_every_answer_is_as_described(operations, noon, settings):
    settings.ADVANCE_WAIT = 0
    ids = list(build(noon).values())
    keys = {handle: Token.objects.create(user=Member.objects.get(handle=handle)).key for handle in WHO}
    found, statuses = {}, set()

    def call(case):
        for handle, key in keys.items():
            answer = answered(case, key)
            statuses.add((handle, case.method, case.path, answer.status_code))
            if problem := wrong(case, answer):
                found.setdefault((case.method, case.path, answer.status_code), f"{handle}: {problem}")

    for operation in operations:
        for mode, examples in EXAMPLES.items():
            tried = effort(TRIED, max_examples=examples)
            try:
                seed(7)(tried(given(aimed(operation, mode, ids))(call)))()
            except Unsatisfiable:
                assert mode == GenerationMode.NEGATIVE  # nothing can be wrong with a call that asks for nothing
    assert list(found.values()) == []
    assert len(statuses) > 4 * len(operations) and audit.ledger().holds
