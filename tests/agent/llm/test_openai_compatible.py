"""Against real servers: one that decodes under grammars, `transformers serve`, which does not, and none at all."""

import http.server
import json
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import jsonschema
import pytest
from langchain_core.tools import tool
from pydantic import SecretStr

from agent.errors import SetupError
from agent.llm.errors import CutOffError, LostConnectionError, ModelAnswerError, ModelError, ModelTimeoutError
from agent.llm.openai_compatible import OpenAICompatibleChat
from agent.llm.server_errors import Retries

SCHEMA = {
    "type": "object",
    "properties": {"n": {"type": "integer", "minimum": 1, "maximum": 9}, "why": {"type": "string", "maxLength": 12}},
    "required": ["n"],
    "additionalProperties": False,
}


@tool
def study_status() -> str:
    """How the study stands."""
    return "running"


@pytest.fixture
def connect(grammar_server):
    def make(model, path="/v1", **options):
        return OpenAICompatibleChat.connect(grammar_server + path, model, **options)

    return make


def test_the_only_model_of_a_server_is_found(connect):
    assert connect(None, "/one/v1").model_name == "tiny"


def test_several_models_must_be_chosen_from(connect):
    with pytest.raises(SetupError, match=r"has 5 models, name one with `--llm-model`: tiny, slow"):
        connect(None)


def test_the_missing_v1_is_found(connect, grammar_server):
    assert str(connect("tiny", "").openai_api_base) == f"{grammar_server}/v1"


def test_text_streams_from_the_server(connect):
    texts = [
        chunk.text for chunk in connect("tiny").stream("Tell me a story.", max_tokens=30, temperature=0.0) if chunk.text
    ]
    assert len(texts) > 3


def test_a_call_forced_through_the_server_is_valid(connect):
    answer = connect("tiny").bind_tools([study_status], tool_choice="any").invoke("Go.")
    assert [(call["name"], call["args"]) for call in answer.tool_calls] == [("study_status", {})]


def test_a_server_that_knows_schemas_gives_twenty_of_twenty_valid_proposals(connect):
    propose = connect("tiny").with_structured_output(SCHEMA)
    for number in range(20):
        jsonschema.validate(propose.invoke(f"Propose {number}."), SCHEMA)


@pytest.mark.parametrize("model", ["plain", "stubborn"])
def test_a_server_that_refuses_or_ignores_schemas_is_told_the_rule_once(connect, model):
    assert connect(model).with_structured_output(SCHEMA).invoke("Propose.") == {"n": 7}


def test_an_answer_that_stays_wrong_is_a_model_error_with_the_rule(connect):
    strict = SCHEMA | {"properties": {"n": {"type": "integer", "maximum": 5}}}
    with pytest.raises(ModelAnswerError, match=r"`n` breaks the schema: '7 is greater than the maximum of 5'"):
        connect("stubborn").with_structured_output(strict).invoke("Propose.")


def test_thinking_is_taken_out_whole_and_streamed(connect):
    model = connect("thinker")
    assert model.invoke("Think.").text == "it is forty-two"
    assert "".join(chunk.text for chunk in model.stream("Think.")) == "it is forty-two"


def test_a_slow_server_is_a_timeout_error(connect):
    model = connect("slow")
    started = time.monotonic()
    with pytest.raises(ModelTimeoutError, match="no complete answer came in time"):
        model.invoke("Go.", timeout=0.3)
    with pytest.raises(ModelTimeoutError):
        model.with_structured_output(SCHEMA, timeout=0.3).invoke("Go.")
    assert time.monotonic() - started < 3


def test_an_unknown_model_is_a_setup_error_that_lists_the_known(connect):
    with pytest.raises(SetupError, match=r"has no model `gpt` \(it lists tiny, slow.*ollama pull gpt"):
        connect("gpt").invoke("Hello.")


def test_a_refused_key_is_a_setup_error_that_names_the_setting_and_not_the_key(connect):
    with pytest.raises(SetupError, match="refused the API key: set the right one in RECPILOT_LLM_API_KEY") as caught:
        connect("tiny", "/locked/v1", api_key=SecretStr("wrong-key"))
    assert "wrong-key" not in str(caught.value)


def test_the_right_key_is_taken_and_never_shown(connect):
    model = connect("tiny", "/locked/v1", api_key=SecretStr("secret"))
    assert model.invoke("Hello.", max_tokens=3).text is not None
    assert "secret" not in repr(model)
    assert "secret" not in str(model)


def test_a_key_in_the_environment_is_not_sent_to_the_server(connect, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    with pytest.raises(SetupError, match="refused the API key"):
        connect("tiny", "/locked/v1")


def test_a_wrong_path_is_a_setup_error_that_names_the_usual_one(connect):
    with pytest.raises(SetupError, match=r"no OpenAI-compatible server answers at .*/api: check the path.*/v1"):
        connect("tiny", "/api")


def test_a_dead_server_is_a_setup_error_with_the_command_that_starts_one():
    with pytest.raises(
        SetupError, match=r"no server answers at http://127.0.0.1:9/v1: start it \(Ollama: `ollama serve`"
    ):
        OpenAICompatibleChat.connect("http://127.0.0.1:9/v1", "tiny")


class Page(http.server.BaseHTTPRequestHandler):
    """A web server that answers everything in the same way."""

    content: bytes

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "application/json" if self.content.startswith(b"{") else "text/html")
        self.end_headers()
        self.wfile.write(self.content)

    def do_POST(self):
        self.do_GET()

    def log_message(self, *_): ...


@contextmanager
def web_server(content, kind=Page):
    handler = type("Handler", (kind,), {"content": content})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def test_a_web_page_is_no_model_server():
    with (
        web_server(b"<html>hello</html>") as url,
        pytest.raises(SetupError, match="no OpenAI-compatible server answers"),
    ):
        OpenAICompatibleChat.connect(url, "tiny")


def test_a_server_that_dies_after_the_start_is_a_setup_error():
    with web_server(b'{"data": [{"id": "tiny"}]}') as url:
        model = OpenAICompatibleChat.connect(url).model_copy(update={"retries": Retries(first_s=0.01)})
    with pytest.raises(SetupError, match="no server answers"):
        model.invoke("Hello.")
    with pytest.raises(SetupError, match="no server answers"):
        list(model.stream("Hello."))


class Breaking(Page):
    """Streams one token and then breaks off, or hangs when the message says so."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.close_connection = True
        super().do_GET()

    def do_POST(self):
        hangs = b"hang" in self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        choice = {"index": 0, "delta": {"content": "hi"}}
        event = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "tiny", "choices": [choice]}
        data = f"data: {json.dumps(event)}\n\n".encode()
        self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))
        self.wfile.flush()
        time.sleep(2 * hangs)
        self.close_connection = True


@pytest.mark.parametrize(("message", "error"), [("break off", LostConnectionError), ("hang", ModelTimeoutError)])
def test_a_stream_that_breaks_off_is_said_after_what_came(message, error):
    with web_server(b'{"data": [{"id": "tiny"}]}', Breaking) as url:
        stream = OpenAICompatibleChat.connect(url).stream(message, timeout=0.5)
        assert next(stream).text == "hi"
        with pytest.raises(error):
            list(stream)


def test_an_answer_that_is_no_chat_completion_is_a_model_error():
    with web_server(b'{"data": [{"id": "tiny"}]}') as url:
        model = OpenAICompatibleChat.connect(url)
        with pytest.raises(ModelError, match="no chat completion"):
            model.invoke("Hello.")


@pytest.fixture(scope="module")
def serve(start_server, tiny_folder):
    """`transformers serve`, which takes neither `response_format` nor `tool_choice`."""
    command = [str(Path(sys.executable).with_name("transformers")), "serve", str(tiny_folder)]
    options = ["--host", "127.0.0.1", "--port", "{port}", "--device", "cpu"]
    return start_server(command + options, "/health"), str(tiny_folder)


def test_transformers_serve_streams_text(serve):
    address, name = serve
    model = OpenAICompatibleChat.connect(f"{address}/v1", name)
    texts = []
    with pytest.raises(CutOffError, match="the longest that the server allows"):  # a model that never ends by itself
        texts.extend(chunk.text for chunk in model.stream("Tell me a story.", max_tokens=30, temperature=0.0))
    assert sum(map(bool, texts)) > 3


def test_transformers_serve_with_a_model_that_talks_nonsense_is_a_model_error(serve):
    address, name = serve
    model = OpenAICompatibleChat.connect(f"{address}/v1", name)
    with pytest.raises(CutOffError):
        model.with_structured_output(SCHEMA).invoke("Propose.", max_tokens=30)


def test_transformers_serve_with_another_model_says_so(serve):
    address, _ = serve
    with pytest.raises(SetupError, match="has no model `other`"):
        OpenAICompatibleChat.connect(f"{address}/v1", "other").invoke("Hello.")


def test_a_server_without_a_list_of_models_must_be_told_the_name(serve):
    address, _ = serve
    with pytest.raises(SetupError, match=r"name (the model|it) with `--llm-model`"):
        OpenAICompatibleChat.connect(f"{address}/v1")
