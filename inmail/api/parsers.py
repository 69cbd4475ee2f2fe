"""JSON in, and nothing of views here: the framework loads this while it makes its own."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class StrictParser(JSONParser):
    """JSON; what no JSON library can read is a 400. NaN and the like reach their field, which refuses them."""

    strict = False

    def parse(self, stream, media_type=None, parser_context=None):
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError(_("This JSON is nested too deeply.")) from None
