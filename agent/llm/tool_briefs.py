"""Tools told in fewer words, for models that read little; the grammar of a call still holds it to the whole schema."""

from collections.abc import Mapping, Sequence
from typing import Any

SHARE = 0.4  # of what a model reads at most, that whole descriptions of tools may take
_KEPT = ("type", "enum", "items", "minimum", "maximum")


def briefs(tools: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each tool's name, the first sentence of what it does, and its arguments with their kinds alone."""
    return [{"type": "function", "function": _brief(tool["function"])} for tool in tools]


def _brief(function: Mapping[str, Any]) -> dict[str, Any]:
    told = str(function.get("description", "")).split("\n\n")[0].split(". ")[0].rstrip(".")
    schema = function.get("parameters") or {}
    arguments = {name: _kind(one) for name, one in schema.get("properties", {}).items()}
    required = {"required": schema["required"]} if schema.get("required") else {}
    parameters = {"type": "object", "properties": arguments} | required
    return {"name": function["name"], "description": " ".join(told.split()), "parameters": parameters}


def _kind(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of one argument without words; of an argument that may be left out, the schema that it then has."""
    options = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    if options:
        return _kind(options[0]) if len(options) == 1 else {}
    found = {key: schema[key] for key in _KEPT if key in schema}
    if isinstance(found.get("items"), Mapping):
        found["items"] = _kind(found["items"])
    return found


def signature(function: Mapping[str, Any]) -> str:
    """`name(argument, argument): what it does`"""
    told = _brief(function)
    return f"{told['name']}({', '.join(told['parameters']['properties'])}): {told['description']}"
