"""Answers under a JSON schema: how the model is told, how its text is read, which rule it broke."""

import json
from collections.abc import Mapping
from typing import Any

from langchain_core.language_models import LanguageModelInput
from langchain_core.messages import AIMessage, BaseMessage, SystemMessage
from langchain_core.runnables import Runnable, RunnableLambda
from pydantic import BaseModel

from agent.llm.errors import ModelAnswerError
from agent.llm.thinking import without_thinking

Schema = dict[str, Any]


def as_json_schema(schema: Mapping[str, Any] | type) -> Schema:
    """The plain JSON schema of an object, from a JSON schema, an OpenAI function or a pydantic model.

    Raises:
        TypeError: For anything else.
    """
    if isinstance(schema, type):
        if not issubclass(schema, BaseModel):
            raise TypeError(f"a schema must be a JSON schema or a pydantic model, got {schema.__name__}")
        return schema.model_json_schema()
    function = schema.get("function", schema)
    return dict(function.get("parameters", function))


def with_schema_rule(messages: list[BaseMessage], schema: Schema) -> list[BaseMessage]:
    """The messages with the schema told in the system message, which is made where there is none."""
    rule = f"Answer with one JSON object and nothing else. It must follow this JSON schema:\n{json.dumps(schema)}"
    if messages and isinstance(messages[0], SystemMessage):
        return [SystemMessage(f"{messages[0].text}\n\n{rule}"), *messages[1:]]
    return [SystemMessage(rule), *messages]


def parse_answer(text: str, schema: Schema) -> dict[str, Any]:
    """The first JSON object of the text, checked against the schema; fences and thinking around it are ignored.

    Raises:
        ModelAnswerError: No object, or one against the schema; the text says the rule, the place and the value.
    """
    found = first_object(without_thinking(text))
    if found is None:
        raise ModelAnswerError("the answer must be one JSON object, and it holds none")
    broken = broken_rule(found, schema)
    if broken is not None:
        raise ModelAnswerError(broken)
    return found


def parsed_by(
    model: Runnable[LanguageModelInput, AIMessage], schema: dict[str, Any] | type, include_raw: bool
) -> Runnable[LanguageModelInput, dict[str, Any] | BaseModel]:
    """The model, then the parser of its answers; `include_raw`: LangChain's dict of raw, parsed and parsing_error."""
    plain = as_json_schema(schema)

    def read(message: AIMessage) -> Any:
        value = parse_answer(message.text, plain)
        return schema.model_validate(value) if isinstance(schema, type) and issubclass(schema, BaseModel) else value

    def read_with_raw(message: AIMessage) -> dict[str, Any]:
        try:
            return {"raw": message, "parsed": read(message), "parsing_error": None}
        except ModelAnswerError as error:
            return {"raw": message, "parsed": None, "parsing_error": error}

    return model | RunnableLambda(read_with_raw if include_raw else read)


def first_object(text: str) -> dict[str, Any] | None:
    """The first JSON object that stands in the text, or None."""
    decoder = json.JSONDecoder()
    start = text.find("{")
    while start >= 0:
        try:
            value, _ = decoder.raw_decode(text, start)
        except (json.JSONDecodeError, RecursionError):
            start = text.find("{", start + 1)
            continue
        return value if isinstance(value, dict) else None
    return None


def broken_rule(value: Mapping[str, Any], schema: Schema) -> str | None:
    """One sentence on the first rule of the schema that the value breaks, or None where it keeps them all."""
    import jsonschema  # type: ignore[import-untyped]

    error = jsonschema.exceptions.best_match(jsonschema.Draft202012Validator(schema).iter_errors(value))
    if error is None:
        return None
    place = ".".join(str(part) for part in error.absolute_path) or "the answer"
    return f"`{place}` breaks the schema: {_short(error.message)}"


def _short(text: str, length: int = 200) -> str:
    text = " ".join(text.split())
    return repr(text if len(text) <= length else text[:length] + "…")
