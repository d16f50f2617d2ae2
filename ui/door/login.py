"""The login: nothing of the page is answered before it, and wrong passwords are answered ever more slowly."""

import math
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import parse_qs

import anyio
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.datastructures import Headers
from starlette.requests import Request, cookie_parser
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.door.audit import address_of
from ui.door.delays import Delays
from ui.door.people import People
from ui.door.refusing import Refusal, refuse
from ui.door.sessions import Sessions

PERSON = "recpilot.person"  # where a request says whose it is
IS_OPEN = "recpilot.is_open"  # and whether that login still holds, for answers that go on
COOKIE = "recpilot-session"  # and the port, since the browser sends a cookie to every port of a host
MOST_BYTES = 4_096  # of a filled-in form
WITHOUT_LOGIN = ("/favicon.ico",)
LOG_IN_FIRST = Refusal(status=401, sentence="Log in first, at /login.")
WRONG = "The name or the password is wrong."


class LoginGuard:
    """Lets through the requests of people who have logged in, and says whose they are."""

    def __init__(self, app: ASGIApp, people: People, delays: Delays | None = None) -> None:
        self._app = app
        self._people = people
        self._delays = delays or Delays()
        self._sessions = Sessions(people)
        self._one_at_a_time = anyio.CapacityLimiter(1)  # passwords that are looked at, each for a quarter of a second

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        token = _token(scope)
        person = self._sessions.person(token) if token else None
        if scope["type"] == "http" and scope["path"] in ("/login", "/logout"):
            answer = await self._form(Request(scope, receive), token, person)
            await answer(scope, receive, send)
        elif person is not None or scope["path"] in WITHOUT_LOGIN:
            await self._app({**scope, PERSON: person, IS_OPEN: partial(self._sessions.is_open, token)}, receive, send)
        elif scope["path"] == "/" and scope.get("method") == "GET":
            await RedirectResponse(_with_query("/login", Request(scope)), 303)(scope, receive, send)
        else:
            await refuse(LOG_IN_FIRST, scope, receive, send)

    async def _form(self, request: Request, token: str, person: str | None) -> Response:
        is_login = request.url.path == "/login"
        if is_login and request.method == "GET":
            return RedirectResponse(_with_query("/", request), 303) if person else _page()
        if request.method != "POST":
            return Response(status_code=405, headers={"Allow": "GET, POST" if is_login else "POST"})
        if is_login:
            return await self._log_in(request)
        self._sessions.end(token)
        answer = RedirectResponse("/login", 303)
        answer.delete_cookie(_cookie(request.scope), path="/")
        return answer

    async def _log_in(self, request: Request) -> Response:
        name, password = await _filled_in(request)
        name, address = name.strip().lower(), address_of(request.scope)
        left_s = math.ceil(self._delays.left_s(name, address))
        if left_s:
            again = f"Too many wrong passwords; try again in {left_s} s."
            return _page(again, 429, {"Retry-After": str(left_s)}, name=name)
        self._delays.begin(name, address)
        person = await anyio.to_thread.run_sync(self._people.check, name, password, limiter=self._one_at_a_time)
        token = self._sessions.begin(person) if person else None
        if token is None:
            return _page(WRONG, 401, name=name)
        self._delays.right(name, address)
        answer = RedirectResponse(_with_query("/", request), 303)
        is_safe = request.url.scheme == "https"
        answer.set_cookie(_cookie(request.scope), token, path="/", httponly=True, samesite="lax", secure=is_safe)
        return answer


def person_of(request: Any) -> str | None:
    """Whose request it is, for Gradio."""
    found: str | None = request.scope.get(PERSON)
    return found


def is_open_of(request: Any) -> Callable[[], bool]:
    """Asks whether the login of a request still holds; where nobody logs in it does."""
    found: Callable[[], bool] = request.scope.get(IS_OPEN, lambda: True)
    return found


async def _filled_in(request: Request) -> tuple[str, str]:
    """Name and password of the form; empty where it is too long or holds none."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            return "", ""
    fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=8)
    return fields.get("name", [""])[0], fields.get("password", [""])[0]


def _with_query(path: str, request: Request) -> str:
    """An address here that keeps what the request's link shows of the page."""
    return f"{path}?{request.url.query}" if request.url.query else path


def _page(said: str = "", status: int = 200, headers: dict[str, str] | None = None, *, name: str = "") -> Response:
    environment = Environment(loader=PackageLoader("ui", "assets"), autoescape=True, undefined=StrictUndefined)
    html = environment.get_template("login.html.j2").render(title="recpilot", said=said, name=name)
    return HTMLResponse(html, status, {"Cache-Control": "no-store", **(headers or {})})


def _token(scope: Scope) -> str:
    return cookie_parser(Headers(scope=scope).get("cookie", "")).get(_cookie(scope), "")


def _cookie(scope: Scope) -> str:
    server = scope.get("server")
    return f"{COOKIE}-{server[1]}" if server else COOKIE
