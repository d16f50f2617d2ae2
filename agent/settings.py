"""Everything that can be set from outside, read from `RECPILOT_*` variables; the command line overrides it."""

from pathlib import Path

from platformdirs import user_data_path
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Where state lives and which parts are used. Secrets are never shown or logged."""

    model_config = SettingsConfigDict(env_prefix="RECPILOT_", extra="forbid", frozen=True)

    home: Path = Field(default_factory=lambda: user_data_path("recpilot"))
    data_folder: Path | None = None  # tools may read files below it and below `uploads`; None: the working folder
    memory_url: str | None = None  # a Chroma server, http://host:8000; None: embedded under `home`
    ledger_url: str | None = None  # an Optuna storage; None: SQLite under `home`
    llm: str = "pilot"  # pilot, none, a folder or hub id, or the URL of an OpenAI-compatible server
    llm_model: str | None = None  # the name of the model on that server
    llm_api_key: SecretStr | None = None
    llm_4bit: bool = False
    llm_timeout_s: float = 120.0
    needs_approval: bool = False  # studies begun in the chat ask the person before each trial
    device: str = "auto"
    n_threads: int | None = None

    @property
    def ledger(self) -> str:
        """The Optuna storage's URL."""
        return self.ledger_url or f"sqlite:///{self.home / 'studies.db'}"

    @property
    def chats(self) -> Path:
        return self.home / "chats.db"

    @property
    def memory(self) -> Path:
        return self.home / "memory"

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
