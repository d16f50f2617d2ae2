"""Decoding under a grammar: JSON schema or tool call -> llguidance matcher -> logits processor.

Two modes. *Forced*: the whole answer follows the grammar (a proposal, or a call with tool_choice="any"). *Triggered*:
the answer is free text until it opens a tool call with the marker of its format; from there on the call follows the
live schema of the tool that it names, and after the call the answer is free again.
"""

import json
import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import torch
from llguidance import LLMatcher, LLTokenizer
from numpy.typing import NDArray
from tokenizers.decoders import DecodeStream
from transformers import LogitsProcessor

from agent.errors import SetupError
from agent.llm.formats import ToolFormat
from agent.llm.schema_bounds import LONGEST_STRING, bounded
from agent.llm.structured import Schema
from agent.llm.thinking import CLOSE, OPEN

_LONG_NUMBER = re.compile(r"[:\[,>\n] ?-?[0-9.]{17,}\Z")  # a double holds 17 digits
_JSON_STYLE = {
    "whitespace_flexible": False,
    "item_separator": ", ",
    "key_separator": ": ",
    "coerce_one_of": True,
    "lenient": True,
}


class Guide:
    """The grammar engine of one tokenizer; it makes matchers and keeps the compiled ones.

    Args:
        tokenizer: A fast tokenizer of transformers.
        vocab_size: Of the model's logits; may be more than the tokenizer has.
        end_ids: The tokens that end a turn.

    Raises:
        SetupError: The tokenizer is not a fast one.
    """

    def __init__(self, tokenizer: Any, vocab_size: int, end_ids: Sequence[int]) -> None:
        backend = getattr(tokenizer, "backend_tokenizer", None)
        if backend is None:
            raise SetupError(
                f"a local model needs a fast tokenizer (a `tokenizer.json`), `{tokenizer.name_or_path}` has none"
            )
        self.backend = backend
        self.tokenizer = tokenizer
        self.vocab_size = vocab_size
        self.end_ids = frozenset(end_ids)
        self._engine = LLTokenizer(backend.to_str(), n_vocab=vocab_size, eos_token=list(end_ids))
        self._compiled: dict[str, Any] = {}

    def json_matcher(self, schema: Schema) -> Any:
        """A matcher of one JSON object under the schema."""
        return self._matcher(f"start: {_json(schema)}")

    def call_matcher(self, form: ToolFormat, tools: Sequence[Mapping[str, Any]], after_trigger: bool) -> Any:
        """A matcher of one call of one of the tools, whole or from behind the trigger on."""
        begin = form.begin.removeprefix(form.trigger) if after_trigger else form.begin
        rules = [self._tool_rule(form, tool["function"], number) for number, tool in enumerate(tools)]
        options = " | ".join(f"tool_{number}" for number in range(len(rules)))
        return self._matcher("\n".join([f"start: {self._text(begin)} ({options}) {self._text(form.end)}", *rules]))

    def tokens_of(self, text: str) -> list[int]:
        return list(self._engine.tokenize_str(text))

    def _matcher(self, grammar: str) -> Any:
        if grammar not in self._compiled:
            compiled = LLMatcher(self._engine, LLMatcher.grammar_from_lark(grammar), log_level=0)
            if compiled.is_error():
                raise ValueError(f"no grammar can be made: {compiled.get_error()}")
            if len(self._compiled) >= 32:
                self._compiled.pop(next(iter(self._compiled)), None)  # the oldest
            self._compiled[grammar] = compiled
        return self._compiled[grammar].deep_copy()

    def _tool_rule(self, form: ToolFormat, function: Mapping[str, Any], number: int) -> str:
        head = self._text(function["name"] + form.middle)
        schema = function.get("parameters") or {"type": "object", "properties": {}}
        body = _json(schema) if form.arguments == "json" else self._tags(schema)
        return f"tool_{number}: {head} {body}"

    def _tags(self, schema: Schema) -> str:
        """Arguments as `<parameter=key>` tags in the schema's order; strings stand bare, the rest as JSON."""
        required = set(schema.get("required", ()))
        parts = []
        for key, value in schema.get("properties", {}).items():
            body = _bare(value) or _json(value | {"$defs": schema.get("$defs", {})})
            opening, closing = self._text(f"<parameter={key}>\n"), self._text("\n</parameter>\n")
            parts.append(f"({opening} {body} {closing})" + ("" if key in required else "?"))
        return " ".join(parts)

    def _text(self, text: str) -> str:
        """The text as Lark: strings, and by number what the engine takes for special tokens, such as `<tool_call>`."""
        special = self.special
        pieces = re.split("(" + "|".join(map(re.escape, special)) + ")", text) if special else [text]
        return " ".join(f"<[{special[p]}]>" if p in special else json.dumps(p, ensure_ascii=False) for p in pieces if p)

    @cached_property
    def special(self) -> dict[str, int]:
        """The tokens that are markers and no text, with their numbers."""
        added = self.tokenizer.added_tokens_decoder.items()
        return {token.content: number for number, token in added if self._engine.is_special_token(number)}

    @cached_property
    def digits(self) -> NDArray[np.bool_]:
        """Which tokens begin with a digit. (vocab_size,)"""
        return self._which(lambda token: token[0].isdigit())

    @cached_property
    def zeros(self) -> NDArray[np.bool_]:
        """Which tokens are zeros and nothing else. (vocab_size,)"""
        return self._which(lambda token: not token.strip("0"))

    def _which(self, test: Any) -> NDArray[np.bool_]:
        out = np.zeros(self.vocab_size, dtype=bool)
        out[[number for token, number in self.tokenizer.get_vocab().items() if token and test(token)]] = True
        return out


def _json(schema: Schema) -> str:
    return "%json " + json.dumps(bounded(schema) | {"x-guidance": _JSON_STYLE})


def _bare(schema: Schema) -> str | None:
    """The Lark of a string without quotes, or None for what is written as JSON."""
    if schema.get("enum") and all(isinstance(value, str) for value in schema["enum"]):
        return "(" + " | ".join(json.dumps(value, ensure_ascii=False) for value in schema["enum"]) + ")"
    if schema.get("type") != "string":
        return None
    least, most = schema.get("minLength", 0), schema.get("maxLength", LONGEST_STRING)
    return rf"/[^<\n]{{{least},{most}}}/"


class GrammarProcessor(LogitsProcessor):
    """Masks the logits of one answer, in batches of one.

    Args:
        guide: Of the model's tokenizer.
        matcher: For a forced answer; None leaves the answer free until the trigger.
        trigger: The text that opens a call in a free answer, with the matcher's maker.
        starts_thinking: The prompt ends inside a thinking block.
    """

    def __init__(
        self,
        guide: Guide,
        matcher: Any = None,
        *,
        form: ToolFormat | None = None,
        tools: Sequence[Mapping[str, Any]] = (),
        starts_thinking: bool = False,
    ) -> None:
        self._guide, self._matcher = guide, matcher
        self._form, self._tools = form, tools
        self._is_forced = matcher is not None
        self._decoder = DecodeStream(skip_special_tokens=False)
        self._text = OPEN if starts_thinking else ""
        self._free_from = 0  # where the text after the last call begins
        self._n_seen: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether the answer, as it stands, lacks the end of an object or a call."""
        return self._matcher is not None and not self._matcher.is_accepting()

    @property
    def is_free(self) -> bool:
        """Whether the answer, as it stands, may go on in any words."""
        return self._matcher is None

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        """The scores with -inf where the grammar forbids the token. (1, n) int64, (1, V) -> (1, V)"""
        self.catch_up(input_ids)
        if self._matcher is None:
            return scores
        allowed = torch.from_numpy(self._allowed(scores.shape[1])).to(scores.device)
        return scores.masked_fill(~allowed, -torch.inf)

    def catch_up(self, input_ids: torch.Tensor) -> None:
        """Take in the tokens that are new since the last call; the first call sees the prompt alone. (1, n) int64"""
        n = input_ids.shape[1]
        for token in input_ids[0, n if self._n_seen is None else self._n_seen :].tolist():
            self._accept(token)
        self._n_seen = n

    def _accept(self, token: int) -> None:
        if token in self._guide.end_ids:
            return
        self._text += self._decoder.step(self._guide.backend, token) or ""
        if self._matcher is not None:
            self._matcher.consume_token(token)
        elif self._form is not None:
            self._look_for_call(self._form)
        if self._matcher is not None and not self._is_forced and self._matcher.is_accepting():
            self._matcher, self._free_from = None, len(self._text)

    def _look_for_call(self, form: ToolFormat) -> None:
        if self._text.count(OPEN) > self._text.count(CLOSE):
            return
        spoken = self._text[self._free_from :]
        if form.at_start_only:
            spoken = spoken.rpartition(CLOSE)[2].lstrip()
            at = 0 if spoken.startswith(form.trigger) and not self._free_from else -1
        else:
            at = spoken.find(form.trigger)
        if at < 0:
            return
        matcher = self._guide.call_matcher(form, self._tools, after_trigger=True)
        if matcher.consume_tokens(self._guide.tokens_of(spoken[at + len(form.trigger) :])):
            self._matcher = matcher
        else:  # the token that closed the trigger went on with something else: no call
            self._free_from = len(self._text)

    def _allowed(self, vocab_size: int) -> NDArray[np.bool_]:
        """Which tokens may come next. (V,)"""
        bits = np.frombuffer(self._matcher.compute_bitmask(), dtype=np.uint8)
        allowed = np.unpackbits(bits, count=vocab_size, bitorder="little").view(bool)  # 0 beyond the last bit
        if _LONG_NUMBER.search(self._text[-40:]):
            allowed = _unless_empty(allowed & ~self._guide.digits, allowed & ~self._guide.zeros, allowed)
        return allowed


def _unless_empty(*masks: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return next((mask for mask in masks if mask.any()), masks[-1])
