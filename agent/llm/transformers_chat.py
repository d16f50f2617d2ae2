"""Any local causal language model as a LangChain chat model, with token streaming and tool calls valid by construction.

chat = TransformersChat.load("Qwen/Qwen3-4B-Instruct-2507")
chat.bind_tools([start_study]).invoke("Tune sasrec on the demo data")
"""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.language_models.chat_models import generate_from_stream
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

from agent.llm.constrained import GrammarProcessor, Guide
from agent.llm.errors import ModelAnswerError, ModelTimeoutError
from agent.llm.formats import ToolFormat, tool_format
from agent.llm.generation import Generation, sampling
from agent.llm.model_files import end_ids, load_model
from agent.llm.prompt_cache import PromptCache
from agent.llm.prompting import Turn, as_turns, defused, fit, render
from agent.llm.streaming import AnswerReader, JsonReader
from agent.llm.structured import Schema, as_json_schema, parsed_by, with_schema_rule
from agent.llm.thinking import CLOSE, ends_thinking
from agent.llm.tool_briefs import SHARE, briefs


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """What one call asks for beyond the messages."""

    tools: tuple[Turn, ...] = ()  # shown to the model
    callable_tools: tuple[Turn, ...] = ()  # that the grammar lets it call
    schema: Schema | None = None
    is_forced: bool = False  # all of the answer is under the grammar


class TransformersChat(BaseChatModel):
    """A causal language model of transformers with its tokenizer; one answer at a time, from any thread.

    Per call, `invoke`, `stream` and `bind` also take `timeout` (seconds), `max_new_tokens` and `temperature`.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True, protected_namespaces=())

    model: Any = Field(exclude=True, repr=False)  # a PreTrainedModel
    tokenizer: Any = Field(exclude=True, repr=False)
    name_or_path: str = "local"
    max_new_tokens: int = 1024
    timeout_s: float | None = 120.0
    temperature: float | None = None  # None: forced answers greedily, others as the model's settings say; 0: greedily
    thinking: bool = False  # where the chat template leaves the choice

    _cache: PromptCache = PrivateAttr(default_factory=PromptCache)
    _lock: threading.Lock = PrivateAttr(default_factory=threading.Lock)
    _guide: Guide = PrivateAttr()
    _format: ToolFormat = PrivateAttr()

    @classmethod
    def load(
        cls, name_or_path: str | Path, *, device: str = "auto", load_in_4bit: bool = False, **options: Any
    ) -> "TransformersChat":
        """The model of a folder or a hub id; safetensors only, no code of the model's own is run.

        Args:
            name_or_path: A folder with `config.json`, tokenizer and safetensors, or a hub id.
            device: auto, cpu, cuda, cuda:1, mps.
            load_in_4bit: Needs bitsandbytes and a CUDA device.
            options: The other fields of the class.

        Raises:
            SetupError: Nothing usable is there, or what 4 bits need is missing.
        """
        model, tokenizer = load_model(str(name_or_path), device, load_in_4bit)
        return cls(model=model, tokenizer=tokenizer, name_or_path=str(name_or_path), **options)

    def model_post_init(self, context: Any, /) -> None:
        """Set up the grammar engine and read the tool format off the chat template."""
        super().model_post_init(context)
        ends = end_ids(self.model, self.tokenizer)
        self._guide = Guide(self.tokenizer, self.model.get_output_embeddings().weight.shape[0], ends)
        self._format = tool_format(self.tokenizer, [self.tokenizer.decode([token]) for token in ends])

    @property
    def _llm_type(self) -> str:
        return "transformers"

    @property
    def _identifying_params(self) -> Mapping[str, Any]:
        return {"name_or_path": self.name_or_path, "max_new_tokens": self.max_new_tokens}

    @property
    def context_length(self) -> int:
        """The longest prompt plus answer, in tokens."""
        config = self.model.config.get_text_config()
        return int(min(getattr(config, "max_position_embeddings", 4096), self.tokenizer.model_max_length))

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: str | bool | dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """The model with tools; `tool_choice` is auto (default), none, any (one call is forced), or one tool's name.

        Raises:
            ValueError: No tool has the name.
        """
        formatted = [convert_to_openai_tool(tool) for tool in tools]
        return self.bind(tools=formatted, tool_choice=_choice(tool_choice, formatted), **kwargs)

    def with_structured_output(
        self, schema: dict[str, Any] | type, *, include_raw: bool = False, **kwargs: Any
    ) -> Runnable[LanguageModelInput, dict[str, Any] | BaseModel]:
        """Answers as a dict under the JSON schema (or as the pydantic model given), decoded under its grammar.

        Takes `timeout` and the other options of a call. When invoked it raises `ModelTimeoutError`, and
        `ModelAnswerError` where the answer is cut off at `max_new_tokens`.
        """
        options = {key: value for key, value in kwargs.items() if key not in ("method", "strict")}
        return parsed_by(self.bind(json_schema=as_json_schema(schema), **options), schema, include_raw)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return generate_from_stream(self._stream(messages, stop, **kwargs))

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        *,
        tools: Sequence[Turn] = (),
        tool_choice: str | None = None,
        json_schema: Schema | None = None,
        timeout: float | None = None,
        max_new_tokens: int | None = None,
        temperature: float | None = None,
        **_: Any,
    ) -> Iterator[ChatGenerationChunk]:
        timeout_s = self.timeout_s if timeout is None else timeout
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        task = _task(tools, tool_choice, json_schema)
        n_new = min(max_new_tokens or self.max_new_tokens, self.context_length // 2)
        prompt = self._prompt(messages, task, self.context_length - n_new)
        processor = self._processor(task, prompt)
        config = sampling(self.model, tuple(self._guide.end_ids), n_new, self._temperature(task, temperature))
        generation = Generation(
            self.model,
            self._guide,
            self._lock,
            ids=self._encode(prompt),
            processor=processor,
            config=config,
            deadline=deadline,
            cache=self._cache,
        )
        reader = JsonReader() if task.schema else AnswerReader(self.tokenizer, self._format, prompt, task.tools)
        for text in generation.texts(stop or ()):
            for chunk in reader.feed(text):
                yield ChatGenerationChunk(message=chunk)
        _check(generation, processor, reader, timeout_s)
        for chunk in reader.finish():
            yield ChatGenerationChunk(message=chunk)
        yield _end(generation, reader, self.name_or_path)

    def _prompt(self, messages: list[BaseMessage], task: _Task, room: int) -> str:
        messages = [defused(message, self._guide.special) for message in messages]
        if task.schema:
            messages = with_schema_rule(messages, task.schema)

        is_brief = len(self._encode(json.dumps(task.tools))) > SHARE * room
        told = briefs(task.tools) if is_brief else list(task.tools)

        def prompt(these: list[BaseMessage]) -> str:
            native_tools = told if self._format.is_native else ()
            thinking = self.thinking and not task.is_forced
            return render(self.tokenizer, as_turns(these, self._format, task.tools, is_brief), native_tools, thinking)

        text = prompt(fit(messages, lambda these: len(self._encode(prompt(these))), room))
        return f"{text.rstrip()}\n{CLOSE}\n\n" if task.is_forced and ends_thinking(text) else text

    def _encode(self, prompt: str) -> list[int]:
        return list(self.tokenizer(prompt, add_special_tokens=False, verbose=False)["input_ids"])

    def _processor(self, task: _Task, prompt: str) -> GrammarProcessor:
        if task.schema:
            return GrammarProcessor(self._guide, self._guide.json_matcher(task.schema))
        if task.is_forced:
            matcher = self._guide.call_matcher(self._format, task.callable_tools, after_trigger=False)
            return GrammarProcessor(self._guide, matcher)
        form = self._format if task.callable_tools else None
        return GrammarProcessor(
            self._guide, form=form, tools=task.callable_tools, starts_thinking=ends_thinking(prompt)
        )

    def _temperature(self, task: _Task, asked: float | None) -> float | None:
        chosen = self.temperature if asked is None else asked
        return 0.0 if chosen is None and task.is_forced else chosen


def _task(tools: Sequence[Turn], tool_choice: str | None, schema: Schema | None) -> _Task:
    if schema is not None:
        return _Task(schema=schema, is_forced=True)
    if tool_choice == "none" or not tools:
        return _Task()
    named = tuple(tool for tool in tools if tool["function"]["name"] == tool_choice)
    return _Task(
        tools=tuple(tools), callable_tools=named or tuple(tools), is_forced=bool(named) or tool_choice == "any"
    )


def _choice(asked: str | bool | dict[str, Any] | None, tools: Sequence[Turn]) -> str | None:
    """None (the model decides), none, any, or a tool's name."""
    if isinstance(asked, dict):
        asked = str(asked["function"]["name"])
    if asked in (None, False, "auto"):
        return None
    if asked in (True, "any", "required"):
        return "any"
    names = [tool["function"]["name"] for tool in tools]
    if asked != "none" and asked not in names:
        raise ValueError(f"`tool_choice` must be auto, none, any or one of {names}, got {asked!r}")
    return str(asked)


def _check(
    generation: Generation, processor: GrammarProcessor, reader: AnswerReader | JsonReader, timeout_s: float | None
) -> None:
    """Raise for an answer that was cut off in a place where nothing can be made of it; the rest says its reason."""
    if generation.finish_reason == "circles":  # what it keeps in mind of it, it would go on with
        raise ModelAnswerError("the model said the same again and again")
    if generation.finish_reason == "stop" and not processor.is_open:
        return
    if not processor.is_open and (reader.has_spoken or reader.n_calls):
        return
    if generation.finish_reason == "timeout":
        raise ModelTimeoutError(f"the model gave no complete answer within {timeout_s:g} s")
    raise ModelAnswerError(f"the model's answer was cut off after {generation.n_tokens} tokens (max_new_tokens)")


def _end(generation: Generation, reader: AnswerReader | JsonReader, name: str) -> ChatGenerationChunk:
    """The last chunk: why the answer ended, and how long it was."""
    whole = generation.finish_reason == "stop"
    reason = "tool_calls" if whole and reader.n_calls else generation.finish_reason
    usage = UsageMetadata(
        input_tokens=generation.n_prompt_tokens,
        output_tokens=generation.n_tokens,
        total_tokens=generation.n_prompt_tokens + generation.n_tokens,
    )
    metadata = {"finish_reason": reason, "model_name": name}
    chunk = AIMessageChunk(content="", response_metadata=metadata, usage_metadata=usage, chunk_position="last")
    return ChatGenerationChunk(message=chunk, generation_info={"finish_reason": reason})
