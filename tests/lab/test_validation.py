"""The page of validation is what its command writes, and a row that does not agree says so."""

from io import StringIO

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from scipy import stats

from lab.validation import facts, page

SMALL = page.Sizes(members=20_000, days=20, replications=1, drawn=2_000, built=2_000, dense=500)


def row(**changes) -> facts.Row:
    found = facts.Estimate(0.5, 0.45, 0.55, 100)
    plain = {
        "about": "x",
        "fact": "y",
        "published": "60 %",
        "low": 0.595,
        "high": 0.605,
        "source": "P",
        "fitted": False,
    }
    return facts.Row(**(plain | {"found": found, "unit": facts.PERCENT} | changes))


def test_the_page_is_what_the_command_writes(monkeypatch, tmp_path):
    said = StringIO()
    call_command("validate", check=True, stdout=said)
    assert "is what would be written" in said.getvalue()
    (tmp_path / "other.md").write_text(page.PLACE.read_text().replace("yes", "no", 1))
    monkeypatch.setattr(page, "PLACE", tmp_path / "other.md")
    with pytest.raises(CommandError, match="is not what"):
        call_command("validate", check=True)


def test_another_seed_gives_another_page_with_the_same_rows():
    one, other = (page.written(SMALL, seed=seed) for seed in (1, 7))
    assert one != other and " nan " not in one + other
    facts_of = [[line.split("|")[1] for line in text.splitlines() if line.startswith("| ")] for text in (one, other)]
    assert facts_of[0] == facts_of[1] and len(facts_of[0]) > 50


def test_a_row_whose_interval_misses_the_published_range_does_not_agree():
    assert not row().agrees and "**no**" in page.line(row(), raw=False)
    assert row(found=facts.Estimate(0.58, 0.56, 0.5951, 100)).agrees
    assert "| no | **no** |" in page.line(row(), raw=True) and "| yes | **no** |" in page.line(
        row(fitted=True), raw=True
    )


def test_a_share_has_wilsons_interval():
    low, high = stats.binomtest(7, 60).proportion_ci(method="wilson")
    assert facts.share(7, 60)[1:3] == pytest.approx((low, high))


def test_intervals_of_ratios_and_medians_hold_the_truth_in_95_of_100_samples():
    rng, held, middle = np.random.default_rng(1), 0, 0
    for _ in range(400):
        luck = rng.random(2000)
        found = facts.ratio(luck < 0.12, luck < 0.1)
        held += found.low <= 1.2 <= found.high
        found = facts.median(rng.normal(size=200))
        middle += found.low <= 0 <= found.high
    assert 370 <= held <= 395 and 370 <= middle <= 398
