"""Verdicts: no more is said than intervals, corrected for the number of questions, allow."""

import numpy as np
import pytest
from scipy import stats

from lab import statistics

MORE = {"m": True, "less": False}


def verdict(base, other, name="m", margin=0.01):
    return statistics.compare({name: base}, {name: other}, margin=margin, more_is_better=MORE)[name].verdict


def test_a_clear_difference_is_better_or_worse_as_the_measure_has_it():
    base, more = [1.0, 1.1, 0.9, 1.0], [2.0, 2.2, 1.9, 2.1]
    assert verdict(base, more) == statistics.BETTER and verdict(more, base) == statistics.WORSE
    assert verdict(base, more, "less") == statistics.WORSE


def test_the_same_is_exactly_the_same():
    assert verdict([1.0, 2.0, 3.0], [1.0, 2.0, 3.0]) == statistics.SAME


def test_noise_and_a_single_replication_are_undecided():
    assert verdict([1.0, 2.0, 3.0], [3.0, 1.0, 2.5]) == statistics.UNDECIDED
    assert verdict([1.0], [2.0]) == statistics.UNDECIDED
    assert verdict([float("nan")] * 3, [1.0, 2.0, 3.0]) == statistics.UNDECIDED


def test_a_difference_within_the_margin_is_of_no_relevance():
    base = np.array([1.0, 1.1, 0.9, 1.05, 0.95])
    assert verdict(base, base + 1e-4 * np.array([1, 1.1, 0.9, 1, 1])) == statistics.SAME


def test_the_interval_is_students_of_the_paired_differences():
    base, other = np.array([1.0, 2.0, 4.0, 3.0]), np.array([1.5, 2.1, 4.4, 3.9])
    found = statistics.compare({"m": base}, {"m": other}, margin=0.01, more_is_better=MORE)["m"]
    low, high = stats.t.interval(0.95, 3, loc=(other - base).mean(), scale=stats.sem(other - base))
    assert (found.low, found.high) == pytest.approx((low, high))
    assert found.p == pytest.approx(stats.ttest_rel(other, base).pvalue)


def test_several_questions_are_corrected_for_as_holm_does():
    assert statistics.holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    base, other = np.array([1.0, 2.0, 4.0, 3.0]), np.array([1.5, 2.6, 4.4, 3.9])
    alone = statistics.compare({"m": base}, {"m": other}, margin=0, more_is_better=MORE)["m"]
    among = statistics.compare(
        {"m": base, **{f"x{i}": base for i in range(9)}}, {"m": other, **{f"x{i}": base[::-1] for i in range(9)}},
        margin=0, more_is_better=MORE,
    )["m"]  # fmt: skip
    assert alone.p < 0.05 < among.p and (alone.verdict, among.verdict) == ("better", "undecided")


def test_arms_that_were_not_replicated_alike_cannot_be_paired():
    with pytest.raises(ValueError):
        statistics.compare({"m": [1.0, 2.0]}, {"m": [1.0]}, margin=0, more_is_better=MORE)
