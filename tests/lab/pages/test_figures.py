"""Numbers as people read them."""

from lab.telling import figures


def test_a_number_is_rounded_and_not_cut():
    assert figures.number(8.249) == "8.25" and figures.number(-0.01387, signed=True) == "−0.0139"
    assert figures.number(1e-7, signed=True) == "0.000000"
