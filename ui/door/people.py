"""The people who may use the page: names and hashed passwords in a file that its owner alone can read."""

import hashlib
import hmac
import json
import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from filelock import FileLock
from pydantic import BaseModel, ConfigDict, ValidationError

from agent.errors import SetupError, UserError

NAME: Final = r"[a-z0-9][a-z0-9._-]{0,31}"
SHORTEST, LONGEST = 8, 200  # characters of a password
RESERVED = "chat"  # whose chats those of a server without logins are


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one try of a password costs: memory of 128 · r · 2^log_n bytes, p times."""

    log_n: int = 15  # 32 MiB
    r: int = 8
    p: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """A hashed password (scrypt, RFC 7914)."""

    cost: Cost
    salt: bytes
    key: bytes

    @classmethod
    def of(cls, password: str, cost: Cost | None = None) -> "Secret":
        cost, salt = cost or Cost(), secrets.token_bytes(16)
        return cls(cost=cost, salt=salt, key=_derived(password, salt, cost))

    @classmethod
    def parse(cls, text: str) -> "Secret":
        """Raises ValueError: it is written otherwise."""
        kind, log_n, r, p, salt, key = text.split("$")
        if kind != "scrypt":
            raise ValueError(f"passwords are hashed with scrypt, not {kind[:20]!r}")
        cost = Cost(log_n=int(log_n), r=int(r), p=int(p))
        return cls(cost=cost, salt=bytes.fromhex(salt), key=bytes.fromhex(key))

    def __str__(self) -> str:
        cost = self.cost
        return f"scrypt${cost.log_n}${cost.r}${cost.p}${self.salt.hex()}${self.key.hex()}"

    def __repr__(self) -> str:
        return "Secret(***)"

    def fits(self, password: str) -> bool:
        """Takes as long for a wrong password as for the right one."""
        return hmac.compare_digest(self.key, _derived(password, self.salt, self.cost))


def _derived(password: str, salt: bytes, cost: Cost) -> bytes:
    n = 2**cost.log_n
    memory = 128 * cost.r * (n + cost.p + 2)
    return hashlib.scrypt(password.encode(), salt=salt, n=n, r=cost.r, p=cost.p, maxmem=2 * memory, dklen=32)


class _Stored(BaseModel):
    """The file."""

    model_config = ConfigDict(extra="forbid")

    format: Literal[1] = 1
    people: dict[str, str]


class People:
    """Those of one home folder, and one more that the environment may name. Changes to the file are seen at once."""

    def __init__(self, path: Path, extra: Mapping[str, Secret] | None = None, cost: Cost | None = None) -> None:
        self._path = path
        self._extra = dict(extra or {})
        self._cost = cost or Cost()
        # what is compared with where there is no such person: no password has this key
        self._nobody = Secret(cost=self._cost, salt=secrets.token_bytes(16), key=secrets.token_bytes(32))

    def __bool__(self) -> bool:
        return bool(self._all())

    def names(self) -> list[str]:
        """In alphabetical order."""
        return sorted(self._all())

    def add(self, name: str, password: str) -> str:
        """The name as it is kept, in lower case.

        Raises:
            UserError: The name or the password cannot be one, or the person is there already.
        """
        name = name.strip().lower()
        if not re.fullmatch(NAME, name) or name == RESERVED:
            raise UserError(
                f"a name has up to 32 of a-z, 0-9, '.', '_' and '-', begins with a letter or digit and is not "
                f"{RESERVED!r}, got {name[:40]!r}"
            )
        check_password(password)
        with self._locked():
            kept = self._kept()
            if name in kept:
                raise UserError(f"{name} is there already; `recpilot users remove {name}` first")
            self._write({**kept, name: Secret.of(password, self._cost)})
        return name

    def remove(self, name: str) -> str:
        """Ends their sessions too.

        Raises:
            UserError: There is no such person.
        """
        name = name.strip().lower()
        with self._locked():
            kept = self._kept()
            if kept.pop(name, None) is None:
                known = f"known are {', '.join(sorted(kept))}" if kept else "there are none yet"
                raise UserError(f"there is no user {name[:40]!r}; {known}")
            self._write(kept)
        return name

    def secret_of(self, name: str) -> Secret | None:
        """None: there is no such person, any more."""
        return self._all().get(name)

    def check(self, name: str, password: str) -> str | None:
        """The name as it is kept, if the password is theirs; it takes as long where there is no such person."""
        name = name.strip().lower()
        secret = self._all().get(name)
        fits = (secret or self._nobody).fits(password[:LONGEST])
        return name if secret is not None and fits and len(password) <= LONGEST else None

    def _all(self) -> dict[str, Secret]:
        return {**self._kept(), **self._extra}

    def _kept(self) -> dict[str, Secret]:
        """Raises SetupError: the file is damaged; nobody is let in then."""
        try:
            text = self._path.read_text("utf-8")
        except FileNotFoundError:
            return {}
        except (OSError, UnicodeDecodeError) as error:
            raise SetupError(f"the users in {self._path} cannot be read ({error})") from None
        try:
            stored = _Stored.model_validate_json(text)
            return {name: Secret.parse(secret) for name, secret in stored.people.items()}
        except (ValidationError, ValueError):
            raise SetupError(
                f"the users in {self._path} cannot be read; move the file away and add them with `recpilot users add`"
            ) from None

    def _write(self, people: Mapping[str, Secret]) -> None:
        stored = _Stored(people={name: str(secret) for name, secret in sorted(people.items())})
        descriptor, draft = tempfile.mkstemp(dir=self._path.parent, prefix=".users-")  # its owner's alone
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(stored.model_dump(), file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(self._path)

    def _locked(self) -> FileLock:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SetupError(f"the home folder {self._path.parent} cannot be written ({error.strerror})") from None
        return FileLock(self._path.with_suffix(".lock"), timeout=30, mode=0o600)


def check_password(password: str) -> None:
    """Raises UserError: it is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise UserError(f"a password has {SHORTEST} to {LONGEST} characters, got {len(password)}")


def from_environment(text: str, cost: Cost | None = None) -> dict[str, Secret]:
    """The person that `RECPILOT_AUTH` names, written `user:password`.

    Raises:
        SetupError: It is written otherwise.
    """
    name, _, password = text.partition(":")
    name = name.lower()
    if not (re.fullmatch(NAME, name) and name != RESERVED and password):
        raise SetupError("RECPILOT_AUTH is written user:password; better is `recpilot users add NAME`")
    return {name: Secret.of(password, cost)}
