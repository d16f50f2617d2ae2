"""Bounds for a JSON schema that has none: an answer under a grammar must end, whatever the model is worth."""

from typing import Any

from agent.llm.structured import Schema

LONGEST_STRING = 600  # characters, where the schema sets no bound
MOST_ITEMS = 24  # of an array or an open object
LARGEST_INTEGER = 2**53
LARGEST_NUMBER = 1e12  # with bounds on both sides numbers are written without an exponent, so none is infinite
_VERBATIM = ("enum", "const", "required", "default", "examples", "properties")
_SCALAR: Schema = {
    "anyOf": [{"type": "string", "maxLength": 60}, {"type": "number"}, {"type": "boolean"}, {"type": "null"}]
}


def bounded(schema: Any) -> Any:
    """The schema with bounds where it has none, so that every answer under it ends; it allows nothing new."""
    if isinstance(schema, list):
        return [bounded(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    out = {key: bounded(value) for key, value in schema.items() if key not in _VERBATIM}
    out |= {key: schema[key] for key in _VERBATIM if key in schema}
    if "properties" in schema and isinstance(schema["properties"], dict):
        out["properties"] = {key: bounded(value) for key, value in schema["properties"].items()}
    kinds = schema.get("type", ())
    kinds = (kinds,) if isinstance(kinds, str) else tuple(kinds)
    if not {"enum", "const", "$ref"} & out.keys():
        for kind in kinds:
            _bound_kind(out, kind)
    return out


def _bound_kind(out: Schema, kind: str) -> None:
    if kind == "string" and "pattern" not in out:
        out.setdefault("maxLength", LONGEST_STRING)
    elif kind in ("integer", "number"):
        largest = LARGEST_INTEGER if kind == "integer" else LARGEST_NUMBER
        if not {"minimum", "exclusiveMinimum"} & out.keys():
            out["minimum"] = -largest
        if not {"maximum", "exclusiveMaximum"} & out.keys():
            out["maximum"] = largest
    elif kind == "array":
        out.setdefault("maxItems", max(MOST_ITEMS, out.get("minItems", 0)))
    elif kind == "object":
        _bound_object(out)


def _bound_object(out: Schema) -> None:
    """No undeclared keys beside declared ones; an open object gets a bounded number of short keys."""
    if "properties" in out or "patternProperties" in out:
        out.setdefault("additionalProperties", False)
        return
    values = out.get("additionalProperties", True)
    if values is False:
        return
    out["patternProperties"] = {
        r"^[A-Za-z_][A-Za-z0-9_.@-]{0,39}$": values if isinstance(values, dict) else bounded(_SCALAR)
    }
    out["additionalProperties"] = False
    out.setdefault("maxProperties", MOST_ITEMS)
