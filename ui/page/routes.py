"""The addresses under `/api/`, which the page asks; each takes and gives JSON, and refuses with one sentence."""

import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import anyio
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from ui.door.login import is_open_of, person_of
from ui.owners import fresh_chat
from ui.page import chat_answers, settings_answers, study_answers
from ui.page.feed import Tab, stream
from ui.page.refusals import REFUSED, Refused, sentence_of, status_of
from ui.page.site import Answer, Site

API = "/api"
BROKEN = "Something went wrong here; `debug.log` in the home folder says what."
FILE_TYPES = (
    ".csv", ".tsv", ".txt", ".dat", ".inter", ".parquet", ".jsonl", ".json", ".gz", ".zip", ".tar", ".tgz",
)  # fmt: skip
GET: Mapping[str, Answer] = {
    "/alive": lambda site, request, body: {},
    "/chats": chat_answers.find,
    "/chats/{chat}/earlier": chat_answers.earlier_of,
    "/chats/{chat}/export.{form}": chat_answers.export,
    "/file": study_answers.file,
    "/start": chat_answers.start,
    "/view": study_answers.view,
}
POST: Mapping[str, Answer] = {
    "/say": chat_answers.say,
    "/chats/{chat}/{act}": chat_answers.act,
    "/studies/{study}/{act}": study_answers.act,
    "/settings/{act}": settings_answers.act,
    "/studies/{study}/trials/{trial}/note": study_answers.note,
}
_log = logging.getLogger(__name__)


def routes(site: Site) -> list[Route]:
    """All addresses."""
    return [
        Route(f"{API}/feed", _listening(site), methods=["GET"]),
        *(Route(f"{API}{path}", _answering(site, answer), methods=["GET"]) for path, answer in GET.items()),
        *(Route(f"{API}{path}", _answering(site, answer), methods=["POST"]) for path, answer in POST.items()),
    ]


def _answering(site: Site, answer: Answer) -> Callable[[Request], Awaitable[Response]]:
    async def answered(request: Request) -> Response:
        try:
            body = await _body(request)
            found = await anyio.to_thread.run_sync(answer, site, request, body)
        except REFUSED as error:
            return JSONResponse({"error": sentence_of(error)}, status_of(error))
        except Exception:  # noqa: BLE001 - a bug ends this request, not the server
            _log.exception("%s broke", request.url.path)
            return JSONResponse({"error": BROKEN}, 500)
        return found if isinstance(found, Response) else JSONResponse(found or {})

    return answered


def _listening(site: Site) -> Callable[[Request], Awaitable[Response]]:
    async def listened(request: Request) -> Response:
        person, asked = person_of(request), request.query_params
        try:
            named = asked.get("study")
            known = await anyio.to_thread.run_sync(site.workspace.runner.called, named) if named else None
            tab = await anyio.to_thread.run_sync(_tab, site, person, asked.get("chat"), known)
        except REFUSED as error:
            return JSONResponse({"error": sentence_of(error)}, status_of(error))
        hello: dict[str, object] = {
            "chat": tab.chat.id,
            "unknown": named if named and known is None else None,
            "person": person,
            "uploadMib": site.upload_mib,
            "fileTypes": FILE_TYPES,
        }
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(
            stream(tab, hello, is_open_of(request)), media_type="text/event-stream", headers=headers
        )

    return listened


def _tab(site: Site, person: str | None, asked: str | None, study: str | None) -> Tab:
    """Of the chat that is asked for, else of the person's latest, else of a new one."""
    if asked == "new" or not asked:
        asked = (None if asked else site.list.latest(person)) or fresh_chat(person)
    chat = site.acts.chat(asked, person)
    return Tab(chat, study, person, site.looks, site.list)


async def _body(request: Request) -> Mapping[str, Any]:
    if request.method != "POST":
        return {}
    try:
        body = json.loads(await request.body() or b"{}")
    except (ValueError, RecursionError):
        raise Refused("This is no JSON.") from None
    if not isinstance(body, dict):
        raise Refused("This is no JSON object.")
    return body
