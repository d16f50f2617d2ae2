"""The setting `llm` -> a chat model; every model is a LangChain `BaseChatModel` with tools, streaming and proposals."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from agent.errors import SetupError
from agent.llm.errors import KeyRefusedError
from agent.origins import is_url
from agent.secrets import is_without_secrets, masked_address
from recmodels.pretrained.shelf import is_name, none_of_that_name, shelved

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from agent.settings import Settings

_HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")


def load_chat_model(settings: "Settings") -> "BaseChatModel | None":
    """The chat model that `settings.llm` names; None for `none`.

    Args:
        settings: `llm` is `pilot`, `none`, the name of a kept model, a folder, a hub id, or the URL of an
            OpenAI-compatible server.

    Raises:
        SetupError: The folder, the model or the server is not there, or cannot be used; one sentence.
    """
    name = settings.llm.strip()
    if settings.llm_model and not is_without_secrets(settings.llm_model):
        raise SetupError("the name of a model holds no key; set RECPILOT_LLM_API_KEY")
    if name == "none":
        return None
    if name == "pilot":
        from agent.llm.pilot.chat import PilotChat

        return PilotChat()
    if is_url(name):
        return _connect(name, settings)
    return _load_local(name, settings)


def _connect(url: str, settings: "Settings") -> "BaseChatModel":
    from agent.llm.openai_compatible import OpenAICompatibleChat

    key = settings.key_for(url)
    try:
        return OpenAICompatibleChat.connect(url, settings.llm_model, key, timeout_s=settings.llm_timeout_s)
    except KeyRefusedError as error:
        if key is None and settings.llm_api_key:
            owner = settings.llm_key_origin or "no server, since RECPILOT_LLM names none"
            raise SetupError(f"{url} asks for an API key; the one that is set belongs to {owner}") from error
        raise


def _load_local(name: str, settings: "Settings") -> "BaseChatModel":
    kept = shelved(name, settings.models)
    folder = Path(name).expanduser() if kept is None else kept.folder
    if name and folder.is_dir():
        if not (folder / "config.json").is_file():
            raise SetupError(f"`{name}` holds no config.json, so it is no model folder of transformers")
        name = str(folder)
    elif is_name(name):
        raise SetupError(f"{none_of_that_name(name, settings.models)}, and `--llm pilot` is built in")
    elif not _HUB_ID.fullmatch(name) or name.startswith("."):
        raise SetupError(
            f"the language model must be `pilot`, `none`, a name that `recpilot models list` gives, an existing "
            f"folder, a hub id such as Qwen/Qwen3-4B-Instruct-2507, or a URL such as "
            f"http://localhost:11434/v1, got `{masked_address(name)}`"
        )
    from agent.llm.transformers_chat import TransformersChat

    return TransformersChat.load(
        name, device=settings.device, load_in_4bit=settings.llm_4bit, timeout_s=settings.llm_timeout_s
    )
