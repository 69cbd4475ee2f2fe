"""JSON in, and nothing of views here: the framework loads this while it makes its own.

The law: a body means one thing only. What can be read in two ways (a name said twice, no UTF-8) is refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

DEEPEST = 20  # nothing here asks for more than a list in an object


class StrictParser(JSONParser):
    """JSON; what no JSON library can read is a 400. NaN and the like reach their field, which refuses them."""

    strict = False

    def parse(self, stream, media_type=None, parser_context=None) -> Any:
        try:
            # A middleware refuses what says that it is larger; what lies about it is cut, and then is no JSON.
            text = stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE).decode()
            found = json.loads(text, object_pairs_hook=once_each)
        except UnicodeDecodeError:
            raise ParseError(_("This is not a text in UTF-8.")) from None
        except RecursionError:
            raise ParseError(_("This JSON is nested too deeply.")) from None
        except ValueError as error:
            raise ParseError(_("This is not JSON: %(error)s.") % {"error": error}) from None
        if any(depth > DEEPEST for depth in depths(found)):
            raise ParseError(_("This JSON is nested too deeply."))
        return found


def once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose names are all different: which of two values was meant, nobody knows."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ParseError(_("A name stands twice in this JSON; which value is meant?"))
    return found


def depths(value: Any) -> Iterator[int]:
    """How deep each list and object of `value` lies; walked without recursion, for that has an end of its own."""
    todo = [(value, 1)]
    while todo:
        one, depth = todo.pop()
        if isinstance(one, dict | list):
            yield depth
            todo += [(inner, depth + 1) for inner in (one.values() if isinstance(one, dict) else one)]
