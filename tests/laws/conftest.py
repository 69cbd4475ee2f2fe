"""The cast with its plans, and a way to write, as in the tests of InMail."""

from tests.inmail.conftest import cast, letter, send

__all__ = ["cast", "letter", "send"]
