"""What the API accepts, to the letter: JSON types as documented, no unknown fields, texts under `inmail.text`."""

from __future__ import annotations

import math

from django.core.exceptions import ValidationError as DjangoValidationError
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from accounts.models import HANDLE
from inmail import text
from inmail.api.errors import printable

UNKNOWN = _("There is no such field.")
NO_MEMBER = _("There is no such member.")


class Strict(serializers.Serializer):
    """A JSON object in which every field is known."""

    def to_internal_value(self, data):
        unknown = {}
        if isinstance(data, dict):
            unknown = {printable(str(name)): [UNKNOWN] for name in data if name not in self.fields}
        try:
            found = super().to_internal_value(data)
        except ValidationError as error:
            raise ValidationError({**error.detail, **unknown}) from None
        if unknown:
            raise ValidationError(unknown)
        return found


class Nothing(Strict):
    """A call without a body, or with an empty object."""


class Text(serializers.CharField):
    """A string under the law of `inmail.text`."""

    def __init__(self, *, limit: int, blank: bool = False, one_line: bool = False, **kwargs):
        self.limit, self.blank, self.one_line = limit, blank, one_line
        kwargs.setdefault("help_text", _("Counted in code points after CRLF became LF; no NUL."))
        super().__init__(max_length=limit, allow_blank=blank, trim_whitespace=False, **kwargs)
        self.validators = []

    def run_validation(self, data=serializers.empty):
        return serializers.Field.run_validation(self, data)

    def to_internal_value(self, data) -> str:
        try:
            return text.clean(data, limit=self.limit, required=not self.blank, one_line=self.one_line)
        except DjangoValidationError as error:
            raise ValidationError(error.messages) from None


class Handle(serializers.CharField):
    """The handle of a member, in any case."""

    def __init__(self, **kwargs):
        super().__init__(max_length=60, **kwargs)
        self.validators = []

    def run_validation(self, data=serializers.empty):
        return serializers.Field.run_validation(self, data)

    def to_internal_value(self, data) -> str:
        handle = data.strip().lower() if isinstance(data, str) else ""
        if not HANDLE.regex.match(handle):
            raise ValidationError([NO_MEMBER])
        return handle


class WholeNumber(serializers.IntegerField):
    """A JSON number without a fraction, within its bounds; never a string or a boolean."""

    def __init__(self, *, least: int, most: int, sentence, **kwargs):
        self.least, self.most, self.sentence = least, most, sentence
        super().__init__(min_value=least, max_value=most, **kwargs)
        self.validators = []

    def to_internal_value(self, data) -> int:
        if type(data) is not int or not self.least <= data <= self.most:
            raise ValidationError([self.sentence])
        return data


class Number(serializers.FloatField):
    """A finite JSON number."""

    def to_internal_value(self, data) -> float:
        if type(data) not in (int, float) or abs(data) > 1e9 or not math.isfinite(data):
            raise ValidationError([_("Write a number.")])
        return data


class YesNo(serializers.BooleanField):
    def to_internal_value(self, data) -> bool:
        if not isinstance(data, bool):
            raise ValidationError([_("Write true or false.")])
        return data


class Choice(serializers.ChoiceField):
    """One of the given strings; what was sent instead is not repeated."""

    def to_internal_value(self, data) -> str:
        if not isinstance(data, str) or data not in self.choices:
            raise ValidationError([_("Choose one of: %(choices)s.") % {"choices": ", ".join(map(str, self.choices))}])
        return data


def read(of: type[Strict], request) -> dict:
    """The body of `request`, valid, or a 400."""
    given = of(data=request.data, context={"request": request})
    given.is_valid(raise_exception=True)
    return given.validated_data


def query(of: type[serializers.Serializer], request) -> dict:
    """The known query parameters of `request`, valid, or a 400."""
    given = of(data=request.query_params)
    given.is_valid(raise_exception=True)
    return given.validated_data
