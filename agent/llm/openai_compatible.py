"""A model behind any OpenAI-compatible server (Ollama, llama.cpp, vLLM, `transformers serve`), on langchain-openai.

    chat = OpenAICompatibleChat.connect("http://localhost:11434/v1", "qwen3:4b")

Whatever a server can do wrong becomes one sentence: `SetupError` where the person can fix it, `ModelError` otherwise.
"""

import re
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import openai
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable, RunnableLambda
from langchain_openai import ChatOpenAI
from pydantic import BaseModel, PrivateAttr, SecretStr

from agent.errors import SetupError
from agent.llm.errors import KeyRefusedError, ModelAnswerError, ModelError, ModelTimeoutError
from agent.llm.structured import Schema, as_json_schema, parse_answer, parsed_by, with_schema_rule
from agent.llm.thinking import ThinkingFilter, without_thinking
from agent.origins import masked, origin_of

PROBE_TIMEOUT_S = 10.0
_NO_KEY = "none"  # sent where there is none, since the client wants one
_ONE_CONNECTION_EACH = {
    "Connection": "close"
}  # uvicorn resets a kept connection after an error, which looks like death
_UNKNOWN_MODEL = re.compile(
    r"model.*(not found|not exist|unknown|no such|invalid|not available|pinned)|"
    r"(not found|unknown|no such|invalid|pinned).*model|model_not_found",
    re.IGNORECASE | re.DOTALL,
)


class RequestRejectedError(ModelError):
    """The server does not take a request of this form (status 400 or 422)."""


class OpenAICompatibleChat(ChatOpenAI):
    """A chat model on a server; per call, `invoke`, `stream` and `bind` take `timeout` (seconds, whole answer)."""

    timeout_s: float = 120.0
    server_models: tuple[str, ...] = ()  # what the server lists

    _takes_schema: bool = PrivateAttr(default=True)

    @classmethod
    def connect(
        cls, url: str, model_name: str | None = None, api_key: SecretStr | None = None, timeout_s: float = 120.0
    ) -> "OpenAICompatibleChat":
        """The model of that name, or the only one that the server lists.

        Args:
            url: Where `/chat/completions` lies below, usually ending in `/v1`, which is tried too where it is missing.
            api_key: Sent as it is, to this URL's origin only; no key is read from the environment.
            timeout_s: For a whole answer.

        Raises:
            SetupError: No server, no OpenAI protocol there, the key is refused, the model cannot be told, or the URL
                holds a password.
            ModelError: The server is there and fails.
        """
        key = api_key or SecretStr(_NO_KEY)
        _check_url(url)
        http_client = _client_of(url)
        url, listed = _find_models(url.rstrip("/"), key, model_name, http_client)
        return cls(
            model=model_name or _only(listed, url),
            base_url=url,
            api_key=key,
            timeout=timeout_s,
            timeout_s=timeout_s,
            max_retries=0,
            default_headers=_ONE_CONNECTION_EACH,
            http_client=http_client,
            openai_proxy=None,  # else OPENAI_PROXY, which takes no client of ours
            use_responses_api=False,
            server_models=tuple(listed),
        )

    @property
    def _llm_type(self) -> str:
        return "openai-compatible"

    def with_structured_output(  # type: ignore[override]  # fewer ways to ask than OpenAI offers
        self, schema: dict[str, Any] | type, *, include_raw: bool = False, **kwargs: Any
    ) -> Runnable[LanguageModelInput, dict[str, Any] | BaseModel]:
        """Answers as a dict under the JSON schema (or as the pydantic model given).

        The server is asked for the schema by `response_format`; since many ignore it, the answer is checked here and
        sent back once with the rule that it breaks. Takes `timeout` for both together. When invoked it raises
        `ModelAnswerError` where the second answer is no better.
        """
        plain = as_json_schema(schema)
        bound = {key: value for key, value in kwargs.items() if key not in ("method", "strict")}

        def ask(given: LanguageModelInput, **options: Any) -> AIMessage:
            return self._ask(self._convert_input(given).to_messages(), plain, bound | options)

        return parsed_by(RunnableLambda(ask), schema, include_raw)

    def _ask(self, messages: list[BaseMessage], schema: Schema, options: dict[str, Any]) -> AIMessage:
        deadline = time.monotonic() + (options.pop("timeout", None) or self.timeout_s)
        messages = with_schema_rule(messages, schema)
        answer = self._under_schema(messages, schema, deadline, options)
        try:
            parse_answer(answer.text, schema)
        except ModelAnswerError as error:
            rule = HumanMessage(f"This cannot be used: {error}. Answer again, with the JSON object alone.")
            answer = self._under_schema([*messages, AIMessage(answer.text), rule], schema, deadline, options)
        return answer

    def _under_schema(
        self, messages: list[BaseMessage], schema: Schema, deadline: float, options: dict[str, Any]
    ) -> AIMessage:
        if self._takes_schema:
            wanted = {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}}
            try:
                return self.invoke(
                    messages, extra_body={"response_format": wanted}, timeout=self._left(deadline), **options
                )
            except RequestRejectedError:
                self._takes_schema = False
        return self.invoke(messages, timeout=self._left(deadline), **options)

    def _left(self, deadline: float) -> float:
        left = deadline - time.monotonic()
        if left <= 0:
            raise self._too_late()
        return left

    def _too_late(self) -> ModelTimeoutError:
        return ModelTimeoutError(f"`{self.model_name}` at {self.openai_api_base} gave no complete answer in time")

    def _sentences(self) -> AbstractContextManager[None]:
        key = self.openai_api_key
        return _sentences(
            str(self.openai_api_base),
            self.model_name,
            self.server_models,
            key if isinstance(key, SecretStr) else SecretStr(_NO_KEY),
        )

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        with self._sentences():
            result = super()._generate(messages, stop, run_manager, **kwargs)
        for generation in result.generations:
            if isinstance(generation.message.content, str):
                generation.message.content = without_thinking(generation.message.content).lstrip()
        return result

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        deadline = time.monotonic() + (kwargs.get("timeout") or self.timeout_s)
        thinking = ThinkingFilter()
        with self._sentences():
            for chunk in super()._stream(messages, stop, run_manager, **kwargs):
                self._left(deadline)
                yield _filtered(chunk, thinking)

    _agenerate = BaseChatModel._agenerate  # asynchronous callers run the synchronous code in a thread
    _astream = BaseChatModel._astream


def _filtered(chunk: ChatGenerationChunk, thinking: ThinkingFilter) -> ChatGenerationChunk:
    if isinstance(chunk.message.content, str):
        text = thinking.feed(chunk.message.content)
        ended = (chunk.generation_info or {}).get("finish_reason")
        chunk.message.content = text + thinking.finish() if ended else text
        chunk.text = chunk.message.content
    return chunk


def _check_url(url: str) -> None:
    if origin_of(url) is None:
        raise SetupError(f"{masked(url)} is no URL that can be called")
    if masked(url) != url:
        raise SetupError(
            f"the URL of a language model may hold no password or key, got {masked(url)}; set RECPILOT_LLM_API_KEY"
        )


def _client_of(url: str) -> Any:
    """An HTTP client that talks to the URL's origin only: no redirect takes a key or a conversation elsewhere."""
    origin = origin_of(url)

    def stay(request: Any) -> None:
        if origin_of(str(request.url)) != origin:
            raise _RedirectedError(f"{url} redirects to another server, {masked(str(request.url))}: name that one")

    return openai.DefaultHttpxClient(event_hooks={"request": [stay]})


def _find_models(url: str, key: SecretStr, model_name: str | None, http_client: Any) -> tuple[str, list[str]]:
    """Where the protocol is spoken, and the models listed there; an empty list where none is given out."""
    for candidate in (url, f"{url}/v1"):
        client = openai.OpenAI(
            base_url=candidate,
            api_key=key.get_secret_value(),
            timeout=PROBE_TIMEOUT_S,
            max_retries=0,
            default_headers=_ONE_CONNECTION_EACH,
            http_client=http_client,
        )
        listed = _listed(client, candidate)
        if listed is not None:
            return candidate, listed
        if _takes_chats(client, candidate):
            if model_name:
                return candidate, []
            raise SetupError(f"{candidate} gives no list of its models: name the model with `--llm-model`")
    raise _wrong_path(url)


def _listed(client: openai.OpenAI, url: str) -> list[str] | None:
    try:
        with _sentences(url, None, (), SecretStr(client.api_key)):
            answer: Any = client.get("/models", cast_to=object)
    except (ModelError, _WrongPathError):
        return None
    if not isinstance(answer, dict) or not isinstance(answer.get("data"), list):
        return None
    return [str(entry["id"]) for entry in answer["data"] if isinstance(entry, dict) and "id" in entry]


def _takes_chats(client: openai.OpenAI, url: str) -> bool:
    """Whether an empty request for a chat is refused for its content, not for its path."""
    try:
        with _sentences(url, None, (), SecretStr(client.api_key)):
            client.post("/chat/completions", body={}, cast_to=object)
    except _WrongPathError:
        return False
    except ModelError:
        return True
    return False


def _only(listed: list[str], url: str) -> str:
    if len(listed) == 1:
        return listed[0]
    if not listed:
        raise SetupError(f"{url} lists no model: load one there (`ollama pull NAME`) or name it with `--llm-model`")
    names = ", ".join(listed[:12]) + (", …" if len(listed) > 12 else "")
    raise SetupError(f"{url} has {len(listed)} models, name one with `--llm-model`: {names}")


class _RedirectedError(SetupError):
    """The server sends the caller to another one."""


class _WrongPathError(SetupError):
    """Nothing is served under this path."""


def _wrong_path(url: str) -> _WrongPathError:
    return _WrongPathError(f"no OpenAI-compatible server answers at {url}: check the path, usually it ends in /v1")


@contextmanager
def _sentences(url: str, model: str | None, listed: tuple[str, ...], key: SecretStr) -> Iterator[None]:
    """Turn what the client raises into one sentence, in which the key is masked should the server repeat it."""
    try:
        yield
    except openai.APITimeoutError as error:
        raise ModelTimeoutError(f"{url} gave no answer in time") from error
    except openai.APIConnectionError as error:
        if isinstance(error.__cause__, _RedirectedError):
            raise error.__cause__ from None
        raise SetupError(
            f"no server answers at {url}: start it (Ollama: `ollama serve`) or choose another with `--llm`"
        ) from error
    except (openai.AuthenticationError, openai.PermissionDeniedError):  # which often repeats the key
        raise KeyRefusedError(f"{url} refused the API key: set the right one in RECPILOT_LLM_API_KEY") from None
    except openai.APIStatusError as error:
        raise _status_error(url, model, listed, error, _short(error, key)) from None
    except openai.APIError as error:
        raise ModelError(f"{url} failed: {_short(error, key)}") from None
    except (TypeError, AttributeError, KeyError) as error:  # what langchain-openai raises for JSON of another shape
        raise ModelError(f"{url} answered with something that is no chat completion") from error


def _status_error(
    url: str, model: str | None, listed: tuple[str, ...], error: openai.APIStatusError, said: str
) -> Exception:
    if model and error.status_code in (400, 404, 422) and _UNKNOWN_MODEL.search(said):
        has = f"it lists {', '.join(listed[:12])}" if listed else "it lists none"
        return SetupError(
            f"{url} has no model `{model}` ({has}): name one of its models with `--llm-model`, or load it there "
            f"(Ollama: `ollama pull {model}`)"
        )
    if error.status_code in (404, 405, 501):
        return _wrong_path(url)
    if error.status_code in (400, 422):
        return RequestRejectedError(f"{url} refused the request: {said}")
    return ModelError(f"{url} failed with status {error.status_code}: {said}")


def _short(error: openai.APIError, key: SecretStr) -> str:
    """What the server said, or else the client, in one line."""
    response = getattr(error, "response", None)
    text = str(error.body) if error.body else getattr(response, "text", "") or str(error)
    secret = key.get_secret_value()
    return masked(" ".join(text.split()), *[secret] * (secret != _NO_KEY))[:200]
