"""The way to Chroma: a folder that several processes share, or a server's URL; and its errors in one sentence each.

An embedded Chroma loads its vector index once and never sees what another process adds to the files, and two writers
lose each other's vectors. So each call to a folder holds a lock file, and a counter says when to load the index anew.
"""

import sqlite3
import threading
import weakref
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from memory.errors import DamagedError, UserError

_CHECKED_BYTES = 20_000_000  # up to this a look at every page takes some 25 ms
_FEW = 5_000  # records, among which every way to find one is quick
_PATIENCE_S = 60  # for another process that holds the folder
_ENDS_TOO_SOON = ("(code: 522)", "(code: 266)")  # in SQLite's codes
_DAMAGE = (
    "file is not a database",
    "malformed",
    "hnsw",
    "pickle",
    "no such table",
    "no such column",
    "finding id",
    "expecting embedding",
)
_OF_PLACE = ("readonly", "read-only", "locked", "unable to open", "ermission")  # not of what is in the files
_FULL = ("(code: 778)", "(code: 4874)", "disk is full", "No space left", "File too large")  # SQLite's codes of writing
_open_folders: "weakref.WeakValueDictionary[Path, FolderLink]" = weakref.WeakValueDictionary()
_opening = threading.Lock()


class Link(Protocol):
    """A store that can be reached."""

    def turn(self, *, writes: bool) -> AbstractContextManager[Any]:
        """The Chroma client, for as long as the block lasts; a folder belongs to nobody else meanwhile.

        Raises:
            UserError: The store cannot be reached, read or written; also for what Chroma raises in the block.
        """
        ...

    def close(self) -> None: ...


def link_to(place: str | Path) -> Link:
    """The link to a folder or a URL; the same one for the same folder, since Chroma keeps one index a process.

    Raises:
        UserError: A URL that is not http://host:port.
    """
    if "://" in str(place):
        return ServerLink(str(place))
    path = Path(place).expanduser().absolute()
    with _opening:
        return _open_folders.setdefault(path, FolderLink(path))


class FolderLink:
    """An embedded Chroma in a folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._seen: str | None = None
        self._held: list[Any] = []  # the open client; a list so that the finalizer sees the latest
        weakref.finalize(self, _close, self._held)

    @contextmanager
    def turn(self, *, writes: bool) -> Iterator[Any]:
        from chromadb.errors import ChromaError, NotFoundError
        from filelock import FileLock

        try:
            self.path.mkdir(parents=True, exist_ok=True)
            with self._lock, FileLock(self.path / "lock", timeout=_PATIENCE_S):
                client = self._fresh_client()
                if writes:
                    self._count_a_write()
                yield client
        except NotFoundError:
            raise
        except (ChromaError, OSError) as error:
            raise self._explained(error) from error

    def set_aside(self) -> Path:
        """Move the folder, which cannot be read, out of the way; returns where it lies now.

        Raises:
            UserError: It cannot be moved.
        """
        with self._lock:
            self.close()
            names = (self.path.with_name(f"{self.path.name}.damaged-{n}") for n in range(1, 10_000))
            place = next(name for name in names if not name.exists())
            try:
                return self.path.rename(place)
            except OSError as error:
                raise self._explained(error) from error

    def close(self) -> None:
        """Let go of the files; the next turn opens them again."""
        with self._lock:
            _close(self._held)

    def _fresh_client(self) -> Any:
        """The client, opened anew if another process wrote since."""
        count = self._read_count()
        if not self._held or count != self._seen:
            _close(self._held)
            self._check()
            self._held.append(_persistent_client(self.path))
            self._seen = count
        return self._held[0]

    def _check(self) -> None:
        """Look at the database before Chroma does, which ends the whole process where a text is no UTF-8.

        Opened for writing where that is allowed: what a killed process left half written is rolled back by the look.

        Raises:
            DamagedError: Its pages do not fit, or its schema cannot be read.
            UserError: It cannot be opened here.
        """
        file = self.path / "chroma.sqlite3"
        if file.is_dir():
            raise self._damaged("a folder is in the place of chroma.sqlite3")
        if not file.is_file():
            return
        try:
            with closing(sqlite3.connect(f"file:{file}?mode=rw", uri=True)) as connection:
                connection.execute("SELECT name, sql FROM sqlite_master").fetchall()
                _analyze(connection, self.path / "analyzed")
                small = file.stat().st_size <= _CHECKED_BYTES
                found = connection.execute("PRAGMA quick_check(1)").fetchone()[0] if small else "ok"
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            if any(sign in str(error) for sign in _OF_PLACE):
                raise self._explained(error) from error
            found = str(error)
        if found != "ok":
            raise self._damaged(_detail(ValueError(found)))

    def _damaged(self, detail: str) -> DamagedError:
        return DamagedError(
            f"the memory in {self.path} is damaged ({detail}); "
            "`recpilot memory rebuild` writes it again from the ledger"
        )

    def _count_a_write(self) -> None:
        """Before the write, so that after a crash the others look again rather than not."""
        self._seen = str(int(self._seen or 0) + 1)
        (self.path / "writes").write_text(self._seen)

    def _read_count(self) -> str:
        """Digits, or 0 where there is no count yet or a crash left it empty."""
        try:
            text = (self.path / "writes").read_text(errors="replace")
        except FileNotFoundError:
            return "0"
        return text if text.isdecimal() else "0"

    def _explained(self, error: Exception) -> UserError:
        detail = _detail(error)
        if isinstance(error, TimeoutError):
            return UserError(f"the memory in {self.path} is held by another process for over {_PATIENCE_S} s")
        if isinstance(error, FileExistsError | NotADirectoryError):
            return DamagedError(
                f"a file is in the place of the memory's folder {self.path}; "
                "`recpilot memory rebuild` moves it aside and "
                "writes the memory from the ledger"
            )
        if any(sign in detail for sign in _FULL):
            return UserError(
                f"the memory in {self.path} cannot be written: the disk is full, or a limit of file sizes was reached"
            )
        is_of_content = type(error).__name__ == "InternalError" and not any(sign in detail for sign in _OF_PLACE)
        if is_of_content or any(sign in detail for sign in (*_DAMAGE, *_ENDS_TOO_SOON)):
            return self._damaged(detail)
        return UserError(f"the memory in {self.path} cannot be opened or written: {detail}")


def check_url(url: str) -> None:
    """Raises UserError: it is not http://host:port; nothing is connected."""
    ServerLink(url)


class ServerLink:
    """A Chroma server, which keeps order among its clients itself."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        parts = urlsplit(self.url)
        try:
            self._address = {
                "host": parts.hostname,
                "port": parts.port or (443 if parts.scheme == "https" else 80),
                "ssl": parts.scheme == "https",
            }
        except ValueError:
            parts = parts._replace(scheme="")
        is_more = bool(parts.path or parts.query) or "@" in parts.netloc
        if parts.scheme not in ("http", "https") or not parts.hostname or is_more:
            told = "one with more in it, which may be a password" if set("@?#") & set(url) else repr(url)
            raise UserError(f"the URL of the memory must read http://host:port, got {told}")
        self._lock = threading.Lock()
        self._client: Any = None

    @contextmanager
    def turn(self, *, writes: bool) -> Iterator[Any]:
        import httpx
        from chromadb.errors import ChromaError, NotFoundError

        try:
            with self._lock:
                self._client = self._client or self._connect()
            yield self._client
        except NotFoundError:
            raise
        except httpx.HTTPError as error:
            raise UserError(
                f"no Chroma server answers at {self.url} ({_detail(error)}); start one with `chroma run`, or leave the "
                "URL out to keep the memory in a folder"
            ) from error
        except ChromaError as error:
            raise UserError(f"the Chroma server at {self.url} refused: {_detail(error)}") from error

    def close(self) -> None:
        """Let go of the connection; the next turn connects again."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def _connect(self) -> Any:
        import chromadb
        import httpx

        httpx.get(f"{self.url}/api/v2/heartbeat", timeout=5).raise_for_status()  # Chroma itself would wait for ever
        try:
            return chromadb.HttpClient(**self._address, settings=_settings())  # type: ignore[arg-type]
        except ValueError as error:  # what Chroma makes of every failure here
            raise httpx.ConnectError(str(error)) from error


def _persistent_client(path: Path) -> Any:
    import chromadb
    from chromadb.api.shared_system_client import SharedSystemClient

    try:
        return chromadb.PersistentClient(path, settings=_settings())
    except Exception:
        SharedSystemClient.clear_system_cache()  # Chroma would hand out the half-opened store next time
        raise


def _analyze(connection: sqlite3.Connection, note: Path) -> None:
    """Tell SQLite how its tables are filled, when they have grown fourfold since it was told.

    Else it looks for a dataset's trials by walking through all of the model's: 12 ms for 50,000 trials instead of 3.

    Args:
        note: A file that says at how many records it was told.
    """
    with suppress(sqlite3.OperationalError, OSError, ValueError):  # only to be read, or its tables are not made yet
        (n,) = connection.execute("SELECT coalesce(max(id), 0) FROM embeddings").fetchone()
        told = int(note.read_text()) if note.is_file() else 0
        if n > max(4 * told, _FEW):
            note.write_text(str(n))
            connection.execute("PRAGMA analysis_limit = 1000")
            connection.execute("ANALYZE")
            connection.commit()


def _settings() -> Any:
    from chromadb.config import Settings

    return Settings(anonymized_telemetry=False)


def _close(held: list[Any]) -> None:
    while held:
        held.pop().close()


def _detail(error: Exception) -> str:
    """The first line of the message, capped."""
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= 200 else text[:199] + "…"
