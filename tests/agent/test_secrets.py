"""Secrets are found by their place, by their shape and by their value, and nothing else is changed."""

import base64
import json
import logging
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.debug_log import NAME, debug_log, keep_secrets
from agent.errors import SetupError
from agent.secrets import MASK, REMOVED, Held, hold, is_only_keys, is_without_secrets, masked, without_keys
from agent.settings import Settings
from recmodels.environment import is_of_the_hub, secrets_in, without_secrets
from tests import canaries

KEY = "sk-proj-0123456789abcdefghij"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("see http://me:hunter22@host/v1?api_key=abc&x=1.", "see http://***@host/v1?api_key=***&x=1."),
        ("`postgresql+psycopg://u:pa/s#s?@h:1/db`", "`postgresql+psycopg://***@h:1/db`"),
        ("(https://h/#access_token=abc)", "(https://h/#access_token=***)"),
        ('{"url":"http://h?key=abc","n":1}', '{"url":"http://h?key=***","n":1}'),
        (f"use {KEY}, please", "use ***, please"),
        ("AKIAIOSFODNN7EXAMPLE and ghp_0123456789abcdefghijABCDEFGHIJ012345", "*** and ***"),
        ("Authorization: Bearer abcdef123456==", "Authorization: Bearer ***"),
        ("export OPENAI_API_KEY=abc123xyz", "export OPENAI_API_KEY=***"),
        ("host=db password=hunter22 user=me", "host=db password=*** user=me"),
        ('{"api_key": "abcdefg"}', '{"api_key": "***"}'),
        ("my password: hunter2hunter2, thanks", "my password: ***, thanks"),
        ("the Password is Tr0ub4dor!", "the Password is ***"),
        ("Passwort: geheim123", "Passwort: ***"),
        ("密码：abc12345", "密码：***"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----", "***"),
    ],
)
def test_a_secret_is_masked_where_secrets_stand_and_by_its_shape(text: str, said: str) -> None:
    assert masked(text) == said
    assert masked(said) == said


@pytest.mark.parametrize(
    "text",
    [
        "http://localhost:8000/v1",
        "http://host:8080/@scope/package",
        "hf-internal-testing/tiny-random-gpt2",
        "sk-learn-like-things-are-nice, risk-adjusted-returns-2024",
        "the bearer recommends books; basic instinct",
        "user=visitorid session_key=visitor item=sku time=ts",
        "ndcg@10 >= 0.2, learning_rate=0.01, n_tokens=128",
        "mail me: john@example.org",
        "password: needed by everyone; the password is forgotten",
        "where do passwords live? pwd: unknown",
    ],
)
def test_what_only_looks_like_a_secret_stays(text: str) -> None:
    assert masked(text) == text


@given(
    value=st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=6, max_size=40),
    before=st.binary(max_size=5),
)
def test_a_held_value_is_masked_in_every_spelling(value: str, before: bytes) -> None:
    held = Held()
    held.hold({"A_KEY": value})
    if not secrets_in("A_KEY", value):
        return
    for spelling in (value, quote(value), quote(value, safe=""), quote_plus(value), json.dumps(value)[1:-1]):
        assert held.masked(f"[{spelling}]", "_") == "[_]"
    encoded = base64.b64encode(before + value.encode() + b"tail").decode()
    assert "_" not in encoded
    assert "_" in held.masked(encoded, "_")


def test_variables_hold_secrets_by_their_name_or_in_their_url() -> None:
    assert secrets_in("OPENAI_API_KEY", "abcdefgh") == ("abcdefgh",)
    assert secrets_in("RECPILOT_AUTH", "ann:s3cret-word") == ("ann:s3cret-word", "s3cret-word")
    assert secrets_in("HTTPS_PROXY", "http://me:p%2Fword1@proxy") == ("p%2Fword1", "p/word1")
    assert secrets_in("ANY_URL", "https://h/?a=1&sig=abcdefg") == ("abcdefg",)
    for name, value in (("PATH", "/usr/bin"), ("SHORT_KEY", "on"), ("LLM_API_KEY", "ollama"), ("OLDPWD", "/home/me")):
        assert not secrets_in(name, value)


def test_a_process_that_is_started_gets_what_it_needs() -> None:
    environment = {**canaries.IN_ENVIRONMENT, "PATH": "/bin", "HF_TOKEN": "hf_abcdefghij", "RECPILOT_HOME": "/h"}
    assert without_secrets(environment) == {"PATH": "/bin", "RECPILOT_HOME": "/h"}
    assert without_secrets(environment, is_of_the_hub).keys() == {"PATH", "RECPILOT_HOME", "HF_TOKEN", "FTP_PROXY"}


@pytest.mark.parametrize(
    "message", [KEY, f"use this key {KEY}", f"My OpenAI API key: {KEY}, please!", "RECPILOT_LLM_API_KEY=abc123xyz"]
)
def test_a_message_that_is_only_a_key_is_known(message: str) -> None:
    kept = without_keys(message)
    assert is_only_keys(kept) and REMOVED in kept
    assert not is_only_keys(f"tune sasrec, {kept}")
    assert not is_only_keys("use this key")


def test_a_url_is_looked_at_by_itself_whatever_this_process_holds() -> None:
    hold({"A_KEY": "model-server"})
    assert is_without_secrets("http://model-server:8000/v1")
    assert MASK in masked("http://model-server:8000/v1")


def test_a_setting_that_cannot_be_read_is_told_in_one_sentence_without_the_key() -> None:
    with pytest.raises(SetupError, match=r"`RECPILOT_LLM_TIMEOUT_S` cannot be read: .* got 'soon'") as caught:
        Settings(llm_timeout_s="soon", llm_api_key=KEY)
    assert KEY not in str(caught.value)


def test_no_logger_writes_a_secret(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hold({"A_KEY": "CANARYinURL9"})
    keep_secrets()
    with debug_log(tmp_path):
        for name in ("agent.somewhere", "httpx"):
            log = logging.getLogger(name)
            log.warning("key %s, %d times", "CANARYinURL9", 2)
            try:
                raise ValueError("with CANARYinURL9")
            except ValueError:
                log.exception("broke")
    said = capsys.readouterr().err + (tmp_path / NAME).read_text()
    assert "key ***, 2 times" in said and "ValueError: with ***" in said
    assert canaries.leaks("a log", said) == []


def test_no_traceback_and_no_warning_shows_a_secret() -> None:
    code = """
import threading, warnings
from agent.debug_log import keep_secrets
keep_secrets()
key = 'CANARYinURL9'
def fail():
    raise ValueError(key)
threading.Thread(target=fail).start()
warnings.warn(key)
class Odd:
    def __del__(self):
        fail()
del Odd().x
""".replace("del Odd().x", "odd = Odd()\ndel odd\nraise RuntimeError(key)")
    run = subprocess.run(
        [sys.executable, "-c", code.replace("'CANARYinURL9'", "__import__('os').environ['A_KEY']")],
        env={"A_KEY": "CANARYinURL9", "PYTHONPATH": str(Path.cwd())},
        capture_output=True,
        text=True,
    )
    for words in ("ValueError: ***", "UserWarning: ***", "RuntimeError: ***", "__del__"):
        assert words in run.stderr, run.stderr
    assert canaries.leaks("the terminal", run.stderr) == []
