"""What is wrong with a scenario, in the reader's own sentences or in another language.

Law: the reader knows no languages; each of its sentences has its pattern here, and one without stays as it is.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop


def translated(sentence: str) -> str:
    """The same in the language of the page."""
    for pattern, words in PATTERNS:
        if found := pattern.fullmatch(sentence):
            return _(words) % found.groupdict()
    return sentence


def _pattern(words: str) -> tuple[re.Pattern, str]:
    plain = re.escape(words).replace("%%", "%")
    return re.compile(re.sub(r"%\\\((\w+)\\\)s", r"(?P<\1>.+?)", plain), re.S), words


PATTERNS = [
    _pattern(words)
    for words in (
        gettext_noop("This is not TOML: %(why)s."),
        gettext_noop("This is nested too deeply, or has a number of too many digits."),
        gettext_noop("%(key)s is not known in %(table)s. Known here: %(names)s."),
        gettext_noop("%(key)s is not known. Known here: %(names)s."),
        gettext_noop("%(key)s is missing in %(table)s."),
        gettext_noop("%(key)s is missing."),
        gettext_noop("%(key)s must be a table, not %(value)s."),
        gettext_noop("%(key)s must be a text of 1 to 100 printable characters, not %(value)s."),
        gettext_noop("%(key)s must be a whole number from %(low)s to %(high)s, not %(value)s."),
        gettext_noop("%(key)s must be a whole number, not %(value)s."),
        gettext_noop("%(key)s must be a number, not %(value)s."),
        gettext_noop("%(key)s must be a list, not %(value)s."),
        gettext_noop("%(key)s must lie between %(low)s and %(high)s, not %(value)s."),
        gettext_noop("%(key)s must be one of %(names)s, not %(value)s."),
        gettext_noop("%(key)s must be true or false, not %(value)s."),
        gettext_noop("%(key)s must be a calendar day such as 2014-06-02, not %(value)s."),
        gettext_noop("off and no_free together must not exceed 1."),
        gettext_noop("%(key)s must be %(size)s shares that sum to 1, not %(value)s."),
        gettext_noop("popularity must be 8 numbers above 0."),
        gettext_noop("degrees must be three shares (out of network, 1st, 2nd) of 1 at most together."),
        gettext_noop("lowest_score must lie between 0 and 5 stars."),
        gettext_noop("An experiment has two to twelve arms, each a table [[arms]]."),
        gettext_noop("Two arms are called %(name)s; each needs a name of its own."),
        gettext_noop("%(key)s must be a finite number, not %(value)s."),
        gettext_noop("%(key)s must be more than 0 and at most 1000, not %(value)s."),
        gettext_noop("%(key)s must be less than 1: odds cannot express certainty."),
        gettext_noop("delay_mu must lie between -10 and 10, and delay_sigma between 0 and 10."),
        gettext_noop("%(one)s and %(other)s together must be less than 1."),
        gettext_noop("%(key)s times answer must be less than 1: no rate of answers exceeds all."),
        gettext_noop("%(key)s must be %(size)s shares between 0 and 1 that sum to 1, not %(value)s."),
        gettext_noop("candidates must lie between 1 and 1024, not %(value)s."),
        gettext_noop("learns_below must be a score between 0 and 5 stars, not %(value)s."),
        gettext_noop("volumes must lead from share 0 to share 1 in rising order, with InMails a month above 0."),
    )
]
