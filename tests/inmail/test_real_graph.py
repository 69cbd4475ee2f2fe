"""Between two members of a real network: an InMail is sent, delivered, settled and audited."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import call_command

from accounts import network
from accounts.models import Member
from clock import timeline as clock
from inmail import audit, ledger, subscriptions
from inmail.models import Inmail

GRAPH = settings.SHARED_DATA / "github_developers.csv.gz"


@pytest.mark.django_db
@pytest.mark.skipif(not GRAPH.exists(), reason=f"the real graph {GRAPH} is not on this machine")
def test_an_inmail_lives_its_whole_life_on_a_real_network(live, send, noon):
    call_command("import_network", str(GRAPH), verbosity=0)
    sender, recipient = Member.objects.get(handle="n7"), Member.objects.get(handle="n31")
    subscriptions.join(sender, plan="business", at=noon)
    sent = send(sender, recipient)
    assert ledger.balance(live, sender) == 9
    clock.advance(live, until=noon + timedelta(days=8))
    row = Inmail.objects.get(pk=sent.inmail_id)
    assert row.delivered_at and row.settled_at and row.outcome.degree == network.degree(sender, recipient)
    assert row.returned == (row.answer not in ("interested", "reply", "not_interested", "inappropriate", "spam"))
    assert audit.ledger().violations == []
