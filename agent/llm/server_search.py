"""Where below a URL a server speaks the OpenAI protocol, and which of its models is meant."""

from typing import Any

import openai
from pydantic import SecretStr

from agent.errors import SetupError
from agent.llm import hanging_up
from agent.llm.errors import LostConnectionError, ModelError
from agent.llm.server_errors import NO_KEY, RedirectedError, WrongPathError, sentences, wrong_path
from agent.origins import check_proxies, is_loopback, origin_of
from agent.secrets import hold, is_without_secrets, masked

PROBE_TIMEOUT_S = 10.0
ONE_CONNECTION_EACH = {"Connection": "close"}  # uvicorn resets a kept connection after an error, which looks like death


def check_url(url: str) -> None:
    if origin_of(url) is None:
        raise SetupError(f"{masked(url)} is no URL that can be called")
    if not is_without_secrets(url):
        raise SetupError(
            f"the URL of a language model may hold no password or key, got {masked(url)}; set RECPILOT_LLM_API_KEY"
        )


def client_of(url: str) -> Any:
    """An HTTP client that talks to the URL's origin only: no redirect takes a key or a conversation elsewhere."""
    origin = origin_of(url)

    def stay(request: Any) -> None:
        if origin_of(str(request.url)) != origin:
            raise RedirectedError(f"{url} redirects to another server, {masked(str(request.url))}: name that one")

    check_proxies()
    return openai.DefaultHttpxClient(event_hooks={"request": [stay, hanging_up.watch]}, mounts=_mounts(url))


def _mounts(url: str) -> dict[str, None]:
    """No proxy for this machine: it would be sent the key, and could not come back here."""
    return dict.fromkeys(("http://", "https://", "all://")) if is_loopback(url) else {}


def models_at(url: str, key: SecretStr | None) -> tuple[str, list[str]]:
    """Where below a URL the protocol is spoken, and the models that are listed there.

    Raises:
        SetupError: It is no URL that may be called, or no server answers; one sentence.
    """
    check_url(url)
    key = key or SecretStr(NO_KEY)
    hold({"API_KEY": key.get_secret_value()})
    with client_of(url) as client:
        return find_models(url.rstrip("/"), key, "any", client)


def find_models(url: str, key: SecretStr, model_name: str | None, http_client: Any) -> tuple[str, list[str]]:
    """Where the protocol is spoken, and the models listed there; an empty list where none is given out."""
    for candidate in (url, f"{url}/v1"):
        client = openai.OpenAI(
            base_url=candidate,
            api_key=key.get_secret_value(),
            timeout=PROBE_TIMEOUT_S,
            max_retries=0,
            default_headers=ONE_CONNECTION_EACH,
            http_client=http_client,
        )
        listed = _listed(client, candidate)
        if listed is not None:
            return candidate, listed
        if _takes_chats(client, candidate):
            if model_name:
                return candidate, []
            raise SetupError(f"{candidate} gives no list of its models: name the model with `--llm-model`")
    raise wrong_path(url)


def _listed(client: openai.OpenAI, url: str) -> list[str] | None:
    try:
        with sentences(url, None, ()):
            answer: Any = client.get("/models", cast_to=object)
    except LostConnectionError as error:
        raise SetupError(str(error)) from error
    except (ModelError, WrongPathError):
        return None
    if not isinstance(answer, dict) or not isinstance(answer.get("data"), list):
        return None
    return [str(entry["id"]) for entry in answer["data"] if isinstance(entry, dict) and "id" in entry]


def _takes_chats(client: openai.OpenAI, url: str) -> bool:
    """Whether an empty request for a chat is refused for its content, not for its path."""
    try:
        with sentences(url, None, ()):
            client.post("/chat/completions", body={}, cast_to=object)
    except WrongPathError:
        return False
    except ModelError:
        return True
    return False


def only_one(listed: list[str], url: str) -> str:
    if len(listed) == 1:
        return listed[0]
    if not listed:
        raise SetupError(f"{url} lists no model: load one there (`ollama pull NAME`) or name it with `--llm-model`")
    names = ", ".join(listed[:12]) + (", …" if len(listed) > 12 else "")
    raise SetupError(f"{url} has {len(listed)} models, name one with `--llm-model`: {names}")
