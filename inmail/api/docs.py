"""`/api/docs/`: the schema as a page that needs no script, made from the very schema that is served."""

from __future__ import annotations

import json
from functools import lru_cache
from http import HTTPStatus

from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

_METHODS = ("get", "post", "patch", "delete")


@require_safe
def docs(request):
    """Every call with its parameters, its body and its answers, by subject."""
    return render(request, "api/docs.html", description(get_language()))


@lru_cache(maxsize=8)
def description(language: str) -> dict:
    """The calls by the first word of their address, and the shapes they share.

    Made once a language: the schema never changes while the platform runs.
    """
    schema = SchemaGenerator().get_schema(request=None, public=True)
    found: dict[str, list[dict]] = {}
    for path, methods in schema["paths"].items():
        for method in _METHODS:
            if method in methods:
                call = methods[method]
                found.setdefault(call["tags"][0], []).append(_call(schema, path, method, call))
    return {
        "subjects": [{"name": name, "calls": calls} for name, calls in sorted(found.items())],
        "shapes": [
            {"name": name, "fields": _fields(schema, shape)}
            for name, shape in sorted(schema["components"]["schemas"].items())
            if "properties" in shape
        ],
    }


def _call(schema: dict, path: str, method: str, call: dict) -> dict:
    body = call.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    return {
        "id": call["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": _said(call.get("summary", "")),
        "public": call.get("security") in ([], [{}]),
        "parameters": [_parameter(found) for found in call.get("parameters", [])],
        "body": _fields(schema, body) if body else [],
        "answers": [_answer(schema, int(code), answer) for code, answer in sorted(call["responses"].items())],
    }


def _said(text: str) -> str:
    """The first paragraph in the reader's language (`locale/api`); what may follow is a list of values."""
    sentence, *values = text.split("\n\n")
    return "\n\n".join([gettext(sentence) if sentence else "", *values])


def _parameter(found: dict) -> dict:
    return {
        "name": found["name"],
        "where": found["in"],
        "required": found.get("required", False),
        "type": _type({}, found["schema"]),
        "description": _said(found.get("description") or found["schema"].get("description", "")),
    }


def _answer(schema: dict, code: int, answer: dict) -> dict:
    content = answer.get("content", {}).get("application/json", {})
    examples = [found["value"] for found in content.get("examples", {}).values()]
    return {
        "code": code,
        "phrase": HTTPStatus(code).phrase,
        "description": _said(answer.get("description", "")),
        "fields": _fields(schema, content.get("schema")) if code < 400 else [],
        "example": json.dumps(examples[0], indent=2, ensure_ascii=False) if examples else "",
    }


def _fields(schema: dict, of: dict | None) -> list[dict]:
    """The properties of an object, or of the objects in a list."""
    of = _resolved(schema, of or {})
    if of.get("type") == "array":
        of = _resolved(schema, of["items"])
    required = of.get("required", ())
    return [
        {
            "name": name,
            "type": _type(schema, found),
            "required": name in required,
            "description": _said(_resolved(schema, found).get("description", "")) if "$ref" not in found else "",
        }
        for name, found in of.get("properties", {}).items()
    ]


def _resolved(schema: dict, of: dict) -> dict:
    while "$ref" in of:
        of = schema["components"]["schemas"][of["$ref"].rsplit("/", 1)[-1]]
    return of


def _type(schema: dict, of: dict) -> str:
    """A type in a few words: `integer`, `string (date-time) or null`, `list of Member`."""
    if "$ref" in of:
        target = _resolved(schema, of) if schema else {}
        return _choices(target) or of["$ref"].rsplit("/", 1)[-1]
    for key in ("oneOf", "anyOf", "allOf"):
        if key in of:
            return " or ".join(dict.fromkeys(_type(schema, each) for each in of[key]))
    if of.get("type") == "array":
        return f"list of {_type(schema, of['items'])}"
    if "enum" in of:
        return _choices(of)
    kinds = of.get("type", "any")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return " or ".join(kinds) + (f" ({of['format']})" if of.get("format") else "")


def _choices(of: dict) -> str:
    return ", ".join(json.dumps(value) for value in of.get("enum", ()))
