"""An API key goes to the origin that it was set for, and is never shown; two real servers keep what they are sent."""

import http.server
import json
import threading
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from agent.assembly import Deciders
from agent.errors import SetupError
from agent.llm.errors import ModelError
from agent.llm.loading import load_chat_model
from agent.llm.openai_compatible import OpenAICompatibleChat
from agent.llm.server_errors import Retries
from agent.origins import is_loopback, origin_of
from agent.recording.recorder import UNRECORDED
from agent.secrets import masked
from agent.settings import Settings
from agent.workspace import Workspace

KEY = "sk-SECRET-KEY-123"
ANSWER = {
    "id": "1",
    "object": "chat.completion",
    "created": 1,
    "model": "tiny",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "hi"}, "finish_reason": "stop"}],
}


@dataclass
class Recorder:
    """A model server that keeps every request's path and headers; it may refuse, or send on to `redirect`."""

    url: str = ""
    redirect: str = ""
    refuses_with: int = 0
    seen: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def keys(self) -> set[str]:
        """Every header's value that holds the key."""
        return {value for _, headers in self.seen for value in headers.values() if KEY in value}


def handler_of(recorder: Recorder) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            recorder.seen.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            said = self.headers.get("Authorization", "")
            answer = {"data": [{"id": "tiny"}]} if self.path.endswith("/models") else ANSWER
            if recorder.redirect:
                self.send_response(307)
                self.send_header("Location", recorder.redirect + self.path)
            elif recorder.refuses_with and not self.path.endswith("/models"):
                self.send_response(recorder.refuses_with)
                answer = {"error": {"message": f"Incorrect API key provided: {said}. Find yours at our site."}}
            else:
                self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None: ...

    return Handler


@pytest.fixture
def servers() -> Iterator[tuple[Recorder, Recorder]]:
    pair, running = (Recorder(), Recorder()), []
    for recorder in pair:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler_of(recorder))
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        recorder.url = f"http://127.0.0.1:{server.server_port}/v1"
        running.append(server)
    yield pair
    for server in running:
        server.shutdown()
        server.server_close()


@pytest.fixture
def configured(servers: tuple[Recorder, Recorder], monkeypatch: pytest.MonkeyPatch) -> tuple[Recorder, Recorder]:
    """The first server is the one that the key was set for."""
    monkeypatch.setenv("RECPILOT_LLM", servers[0].url)
    monkeypatch.setenv("RECPILOT_LLM_API_KEY", KEY)
    return servers


def test_the_configured_server_gets_the_key_with_every_request(configured: tuple[Recorder, Recorder]) -> None:
    ours, _ = configured
    model = load_chat_model(Settings())
    assert model is not None
    assert model.invoke("hello").text == "hi"
    assert [path for path, _ in ours.seen] == ["/v1/models", "/v1/chat/completions"]
    assert ours.keys() == {f"Bearer {KEY}"}
    assert all(headers["authorization"] == f"Bearer {KEY}" for _, headers in ours.seen)


def test_another_url_on_the_command_line_gets_no_key(configured: tuple[Recorder, Recorder]) -> None:
    _, other = configured
    model = load_chat_model(Settings(llm=other.url))
    assert model is not None
    assert model.invoke("hello").text == "hi"
    assert len(other.seen) == 2
    assert not other.keys()


def test_without_a_url_in_the_environment_the_key_belongs_to_the_one_on_the_command_line(
    servers: tuple[Recorder, Recorder], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECPILOT_LLM_API_KEY", KEY)
    settings = Settings(llm=servers[0].url)
    load_chat_model(settings)
    load_chat_model(settings.model_copy(update={"llm": servers[1].url}))
    assert servers[0].keys()
    assert servers[1].seen
    assert not servers[1].keys()


def test_a_model_chosen_while_it_runs_never_gets_the_key_and_the_first_one_does_again(
    configured: tuple[Recorder, Recorder],
) -> None:
    ours, other = configured
    workspace = workspace_of(Settings())
    assert workspace.use_llm(f"{other.url} evil", "a") == f"{other.url} evil"
    workspace.chat_model_of("a").invoke("hello")  # type: ignore[union-attr]
    assert [path for path, _ in other.seen] == ["/v1/models", "/v1/chat/completions"]
    assert not other.keys()
    workspace.use_llm("pilot", "a")
    workspace.use_llm(ours.url, "a")
    workspace.chat_model_of("a").invoke("hello")  # type: ignore[union-attr]
    assert len(ours.seen) == 2
    assert all(headers["authorization"] == f"Bearer {KEY}" for _, headers in ours.seen)
    with pytest.raises(SetupError, match="the language model can be"):
        workspace.use_llm("http://192.0.2.1/v1 evil", "a")
    assert workspace.settings_of("a").llm == ours.url


def workspace_of(settings: Settings) -> Workspace:
    """A workspace with nothing in it but its language model."""
    nothing: Any = None
    return Workspace(
        settings=settings,
        catalogue=nothing,
        memory=nothing,
        ledger=nothing,
        runner=nothing,
        open_chats=nothing,
        load_model=Deciders(UNRECORDED, settings).load,
    )


@pytest.mark.parametrize("text", ["http://example.com/v1", "https://127.0.0.1.example.com/v1 m", "Qwen/Qwen3-4B", "."])
def test_with_a_key_only_the_configured_the_built_in_and_this_machines_models_are_offered(
    configured: tuple[Recorder, Recorder], text: str
) -> None:
    settings = Settings()
    with pytest.raises(SetupError, match=r"while RECPILOT_LLM_API_KEY is set, the language model can be http://127.*"):
        settings.switched(*[*text.split(), None][:2], started=settings)  # type: ignore[arg-type]
    assert settings.switched("pilot", None, settings).switched(settings.llm, None, settings) == settings


def test_another_model_of_a_distant_configured_server_is_not_offered() -> None:
    settings = Settings(llm="https://api.example.com/v1", llm_model="small", llm_api_key=SecretStr(KEY))
    assert settings.switched(settings.llm, "small", settings) == settings
    assert settings.switched("none", None, settings).switched(settings.llm, None, settings) == settings
    with pytest.raises(SetupError, match="start again with `--llm`"):
        settings.switched(settings.llm, "large", settings)


def test_without_a_key_any_model_may_be_chosen() -> None:
    settings = Settings(llm="pilot")
    assert settings.switched("http://example.com/v1", "m", settings).llm_model == "m"


def test_no_redirect_takes_the_key_or_the_conversation_to_another_server(configured: tuple[Recorder, Recorder]) -> None:
    ours, other = configured
    model = load_chat_model(Settings())
    assert model is not None
    ours.redirect = other.url.removesuffix("/v1")
    with pytest.raises(SetupError, match="redirects to another server"):
        model.invoke("hello")
    with pytest.raises(SetupError, match="redirects to another server"):
        list(model.stream("hello"))
    with pytest.raises(SetupError, match="redirects to another server"):
        load_chat_model(Settings())
    assert not other.seen


def test_a_redirect_within_the_server_is_followed(configured: tuple[Recorder, Recorder]) -> None:
    ours, _ = configured
    ours.redirect = ours.url.removesuffix("/v1")
    with pytest.raises(SetupError, match="no server answers"):  # since it sends us round for ever
        load_chat_model(Settings())
    assert len(ours.seen) > 2


def test_a_server_that_wants_a_key_which_belongs_elsewhere_is_told_apart(configured: tuple[Recorder, Recorder]) -> None:
    ours, other = configured
    other.refuses_with = 401
    model = load_chat_model(Settings(llm=other.url))
    assert model is not None
    with pytest.raises(SetupError, match="refused the API key") as caught:
        model.invoke("hello")
    assert KEY not in repr(caught.value)
    assert str(origin_of(ours.url)) == Settings().llm_key_origin


@pytest.mark.parametrize("status", [400, 401, 403, 500])
def test_a_server_that_repeats_the_key_does_not_make_us_show_it(
    configured: tuple[Recorder, Recorder], status: int
) -> None:
    model = load_chat_model(Settings())
    assert isinstance(model, OpenAICompatibleChat)
    model.retries = Retries(n=1, first_s=0.01)  # a server that fails is asked again
    configured[0].refuses_with = status
    with pytest.raises((ModelError, SetupError)) as caught:
        model.invoke("hello")
    assert KEY not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    "url", ["http://user:pw-SECRET@127.0.0.1:9/v1", "http://127.0.0.1:9/v1?api_key=pw-SECRET", "HTTP://pw-SECRET@h"]
)
def test_a_password_in_a_url_is_refused_and_not_shown(url: str) -> None:
    for attempt in (lambda: load_chat_model(Settings(llm=url)), lambda: OpenAICompatibleChat.connect(url, "m")):
        with pytest.raises(SetupError, match=r"may hold no password or key, got .*\*\*\*") as caught:
            attempt()
        assert "SECRET" not in repr(caught.value)


def test_the_settings_show_no_key(configured: tuple[Recorder, Recorder]) -> None:
    settings = Settings()
    assert KEY not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"
    assert KEY not in repr(load_chat_model(settings))


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("HTTPS://API.Example.com/v1", "https://api.example.com:443"),
        ("http://h:80", "http://h:80"),
        ("http://h:8080/v1/", "http://h:8080"),
        ("http://evil@h/v1", "http://h:80"),
        ("http://h.example.com.evil.org", "http://h.example.com.evil.org:80"),
        ("http://", None),
        ("http://h:port", None),
        ("ftp://h", None),
        ("pilot", None),
    ],
)
def test_origins_have_one_spelling(url: str, origin: str | None) -> None:
    assert origin_of(url) == origin


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.9.9.9:1", "[::1]:11434", "LOCALHOST:80"])
def test_this_machine_is_known_by_name(host: str) -> None:
    assert is_loopback(f"http://{host}/v1")


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1.evil.org", "http://localhost.evil.org", "http://127.0.0.1@evil.org", "http://10.0.0.1", "pilot"],
)
def test_what_only_looks_like_this_machine_is_not_taken_for_it(url: str) -> None:
    assert not is_loopback(url)


@given(
    secret=st.text(st.characters(codec="ascii", categories=["Lu", "Nd"]), min_size=8),
    place=st.sampled_from(
        ["http://u:{}@h/v1", "see https://{}@h:1, then", "http://h/?a=1&api_key={}", "postgresql+x://u:{}@h"]
    ),
)
def test_no_secret_survives_masking(secret: str, place: str) -> None:
    assert secret not in masked(place.format(secret))
    assert "***" in masked(place.format(secret))
