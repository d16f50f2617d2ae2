"""Everything that can be set from outside, read from `RECPILOT_*` variables; the command line overrides it."""

import dataclasses
import os
from pathlib import Path
from typing import Any

from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from agent.errors import SetupError
from agent.limits import Limits
from agent.origins import is_loopback, origin_of
from agent.secrets import hold, masked, masked_address
from recmodels.pretrained.shelf import is_name

_LIMITS = Limits()


def _configured_origin(given: dict[str, Any]) -> str | None:
    """The origin of RECPILOT_LLM, which the key was set with; else of the URL on the command line."""
    if not given.get("llm_api_key"):
        return None
    return origin_of(os.environ.get("RECPILOT_LLM", "")) or origin_of(given.get("llm", ""))


def _problem(error: ValidationError) -> str:
    """Which variable cannot be read, and why; the key is never told."""
    first = error.errors(include_url=False)[0]
    name, got = "_".join(map(str, first["loc"])), first["input"]
    told = f", got {masked_address(got)!r:.80}" if isinstance(got, str) and "key" not in name else ""
    return f"`RECPILOT_{name.upper()}` cannot be read: {first['msg']}{told}"


class Settings(BaseSettings):
    """Where state lives and which parts are used. Secrets are never shown or logged."""

    model_config = SettingsConfigDict(env_prefix="RECPILOT_", extra="forbid", frozen=True)

    home: Path = Field(default_factory=lambda: user_data_path("recpilot"))
    data_folder: Path | None = None  # tools may read files below it and below `uploads`; None: below `uploads` only
    memory_url: str | None = None  # a Chroma server, http://host:8000; None: embedded under `home`
    ledger_url: str | None = None  # an Optuna storage; None: SQLite under `home`
    llm: str = "pilot"  # pilot, none, a kept model, a folder or hub id, or the URL of an OpenAI-compatible server
    llm_model: str | None = None  # the name of the model on that server
    llm_api_key: SecretStr | None = None
    llm_key_origin: str | None = Field(default_factory=_configured_origin)  # scheme://host:port, all that gets the key
    llm_4bit: bool = False
    llm_timeout_s: float = 120.0  # for one answer with all its attempts; a turn of a chat may take three times as long
    needs_approval: bool = False  # studies begun in the chat ask the person before each trial
    answer_wait_s: float = Field(default=0.0, ge=0)  # for the person's answer to a model's question; 0: nobody is there
    card_minutes: float = Field(default=30.0, ge=0)  # what would train for longer is asked about first
    max_trials: int = Field(default=int(_LIMITS.max_trials), ge=1)  # this and the next four: see limits.py
    max_hours: float = Field(default=_LIMITS.max_hours, gt=0)
    max_studies: int = Field(default=int(_LIMITS.max_studies), ge=1)
    max_disk_gib: float = Field(default=_LIMITS.max_disk_gib, gt=0)
    min_free_mib: float = Field(default=_LIMITS.min_free_mib, ge=0)
    rules: Path | None = None  # a file of rules for the advisor; None: `rules.toml` under `home`, where there is one
    record: Path | None = None  # a folder that keeps each prompt, reply and tool call; None: nothing is recorded
    device: str = "auto"
    n_threads: int | None = None

    def __init__(self, **given: Any) -> None:
        """
        Raises:
            SetupError: A value cannot be read; one sentence.
        """
        try:
            super().__init__(**given)
        except ValidationError as error:
            raise SetupError(_problem(error)) from None
        urls = {"llm": self.llm, "memory": self.memory_url, "ledger": self.ledger_url}
        hold({name: url for name, url in urls.items() if url})
        if self.llm_api_key:
            hold({"API_KEY": self.llm_api_key.get_secret_value()})

    @property
    def limits(self) -> Limits:
        """How much a chat, `ask` or an attached model may start."""
        names = [one.name for one in dataclasses.fields(Limits)]
        return Limits(**{name: getattr(self, name) for name in names})

    @property
    def ledger(self) -> str:
        """The Optuna storage's URL."""
        return self.ledger_url or f"sqlite:///{self.home / 'studies.db'}"

    @property
    def ledger_file(self) -> Path | None:
        """The ledger's SQLite file; None: it is on a database server."""
        kind, _, path = self.ledger.partition(":///")
        return Path(path.partition("?")[0]) if kind.startswith("sqlite") and path else None

    @property
    def own_rules(self) -> Path | None:
        """The person's file of rules; None: there is none."""
        usual = self.home / "rules.toml"
        return self.rules or (usual if usual.exists() else None)

    @property
    def backups(self) -> Path:
        return self.home / "backups"

    @property
    def chats(self) -> Path:
        return self.home / "chats.db"

    @property
    def users(self) -> Path:
        """Who may log in to the page."""
        return self.home / "users.json"

    @property
    def memory(self) -> Path:
        return self.home / "memory"

    @property
    def models(self) -> Path:
        """The language models that are kept by name."""
        return self.home / "models"

    @property
    def datasets(self) -> Path:
        return self.home / "datasets"

    @property
    def checkpoints(self) -> Path:
        return self.home / "checkpoints"

    @property
    def reports(self) -> Path:
        return self.home / "reports"

    @property
    def uploads(self) -> Path:
        return self.home / "uploads"

    @property
    def data_root(self) -> Path:
        """Where a file is looked for that a person names in a chat."""
        return self.data_folder or self.uploads

    @property
    def chosen_llm(self) -> str:
        """The language model as a person names it; after a server's URL stands its model."""
        return f"{self.llm} {self.llm_model}" if self.llm_model else self.llm

    def key_for(self, url: str) -> SecretStr | None:
        """The API key, if `url` is of the origin that it was set for."""
        return self.llm_api_key if self.llm_key_origin and origin_of(url) == self.llm_key_origin else None

    def switched(self, llm: str, model: str | None, started: "Settings") -> "Settings":
        """These settings with another language model, as a person chooses it in a chat that has begun.

        Args:
            started: The settings at the start.

        Raises:
            SetupError: A key is set, and it is neither the model of the start, nor built in, nor on this machine.
        """
        if llm == started.llm and model in (None, started.llm_model):
            model = started.llm_model
        elif self.llm_api_key and llm not in ("pilot", "none") and not is_loopback(llm) and not is_name(llm):
            legal = dict.fromkeys((started.llm, "pilot", "none"))
            raise SetupError(
                f"while RECPILOT_LLM_API_KEY is set, the language model can be {', '.join(map(masked, legal))} or a "
                f"server on this machine, got {masked_address(llm)}; start again with `--llm` for another"
            )
        return self.model_copy(update={"llm": llm, "llm_model": model})
