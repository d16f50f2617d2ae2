"""What the client of a server raises -> one sentence, and whether and when the same request is worth sending again."""

import random
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import openai

from agent.errors import SetupError
from agent.llm.errors import (
    KeyRefusedError,
    LostConnectionError,
    ModelAnswerError,
    ModelError,
    ModelTimeoutError,
    NoServerError,
    ServerFailedError,
)
from agent.plain_words import plain
from agent.secrets import masked

NO_KEY = "none"  # sent where there is none, since the client wants one
_PASSES = {408, 409, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529}
_BREAKS = {"ReadError", "WriteError", "CloseError", "RemoteProtocolError"}  # of httpx 1 or 2, after it was reached
_NO_CREDIT = re.compile(r"insufficient_quota|billing|credit", re.IGNORECASE)
_UNKNOWN_MODEL = re.compile(
    r"model.*(not found|not exist|unknown|no such|invalid|not available|pinned)|"
    r"(not found|unknown|no such|invalid|pinned).*model|model_not_found",
    re.IGNORECASE | re.DOTALL,
)


class RequestRejectedError(ModelError):
    """The server does not take a request of this form (status 400 or 422)."""


class RedirectedError(SetupError):
    """The server sends the caller to another one."""


class WrongPathError(SetupError):
    """Nothing is served under this path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retries:
    """How often a request that failed is sent again, and after what wait."""

    n: int = 5  # at most; 2 where nothing listens at all
    first_s: float = 0.5  # doubled each time
    most_s: float = 8.0  # unless the server names a time itself

    def wait_s(self, error: Exception, attempt: int, left_s: float) -> float | None:
        """How long to wait before the next attempt; None where none is worth it, or the time would not do.

        Args:
            attempt: Those made before this one failed.
            left_s: Until the answer must be there.
        """
        asked = error.retry_after_s if isinstance(error, ServerFailedError) else None
        if attempt >= self._most(error) or (asked is not None and asked >= left_s):
            return None
        wait = asked if asked is not None else min(self.first_s * 2**attempt, self.most_s) * random.uniform(1, 1.25)  # noqa: S311
        return wait if wait < left_s else None

    def _most(self, error: Exception) -> int:
        if isinstance(error, NoServerError):
            return min(self.n, 2)
        passes = isinstance(error, LostConnectionError) or (isinstance(error, ServerFailedError) and error.passes)
        return self.n if passes else 0


def wrong_path(url: str) -> WrongPathError:
    return WrongPathError(f"no OpenAI-compatible server answers at {url}: check the path, usually it ends in /v1")


@contextmanager
def sentences(url: str, model: str | None, listed: tuple[str, ...]) -> Iterator[None]:
    """Turn what the client raises into one sentence, in which the key is masked should the server repeat it."""
    try:
        yield
    except openai.APITimeoutError as error:
        raise ModelTimeoutError(f"{url} gave no answer in time") from error
    except openai.APIConnectionError as error:
        raise _connection_error(url, error) from error
    except (openai.AuthenticationError, openai.PermissionDeniedError):  # which often repeats the key
        raise KeyRefusedError(f"{url} refused the API key: set the right one in RECPILOT_LLM_API_KEY") from None
    except openai.APIStatusError as error:
        raise _status_error(url, model, listed, error, _said(error)) from None
    except openai.APIError as error:
        raise ServerFailedError(f"{url} failed: {_said(error)}") from None
    except ValueError as error:  # of a body that is no JSON
        raise ModelAnswerError(f"{url} answered with something that cannot be read") from error


def _connection_error(url: str, error: openai.APIConnectionError) -> Exception:
    cause = error.__cause__
    if isinstance(cause, RedirectedError):
        return cause
    if type(cause).__name__ in _BREAKS:
        return LostConnectionError(f"the connection to {url} broke before an answer came")
    return NoServerError(
        f"no server answers at {url}: start it (Ollama: `ollama serve`) or choose another with `--llm`"
    )


def _status_error(
    url: str, model: str | None, listed: tuple[str, ...], error: openai.APIStatusError, said: str
) -> Exception:
    status = error.status_code
    if model and status in (400, 404, 422) and _UNKNOWN_MODEL.search(f"{said} {error.body}"):
        has = f"it lists {', '.join(listed[:12])}" if listed else "it lists none"
        return SetupError(
            f"{url} has no model `{model}` ({has}): name one of its models with `--llm-model`, or load it there "
            f"(Ollama: `ollama pull {model}`)"
        )
    if status in (404, 405, 501):
        return wrong_path(url)
    if status in (400, 422):
        return RequestRejectedError(f"{url} refused the request: {said or _phrase(status)}")
    passes = status in _PASSES and not (status == HTTPStatus.TOO_MANY_REQUESTS and _NO_CREDIT.search(str(error.body)))
    text = f"{url} failed with status {status} ({_phrase(status)})" + (f": {said}" if said else "")
    return ServerFailedError(text, passes=passes, retry_after_s=_retry_after_s(error))


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase.lower()
    except ValueError:
        return "no usual one"


def _retry_after_s(error: openai.APIStatusError) -> float | None:
    """Seconds, as a number or as a date."""
    given = error.response.headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,9}(\.\d*)?", given):
        return float(given)
    try:
        return max(0.0, parsedate_to_datetime(given).timestamp() - time.time())
    except (TypeError, ValueError):
        return None


def _said(error: openai.APIError) -> str:
    """What the server said, or else the client, in one line; masked before it is cut."""
    response, whole = getattr(error, "response", None), 10_000
    text = plain(error.body, whole) or plain(getattr(response, "text", ""), whole)
    text = text or ("" if response is not None else plain(str(error), whole))
    return plain(masked(text))
