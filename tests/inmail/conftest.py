"""The cast with its plans on the live timeline, and a way to write."""

import pytest

from inmail import messaging


@pytest.fixture
def cast(cast_with_plans):
    return cast_with_plans


@pytest.fixture
def letter():
    return messaging.Letter(
        category="consulting_offer", subject="A question on your work", body="We need a week of your advice on churn."
    )


@pytest.fixture
def send(live, letter):
    """Send `letter` from one member to another, at the live now unless said otherwise."""

    def send(sender, recipient, *, at=None, **options):
        chosen = options.pop("letter", letter)
        return messaging.send(live, sender, recipient, chosen, at=at or live.now_at, **options)

    return send
