"""Secrets that are made up, one for each way in, and a search for them in whatever was written."""

import base64
import html
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

API_KEY = "sk-CANARY/llm+key_1xyz"
PASSWORD = "CANARY auth&pw \"2'é"  # noqa: S105 - of a person that is made up
PROXY = "CANARY/proxy:4x"
PASTED = "sk-proj-CANARYpasted8abcdefgh01"
IN_ENVIRONMENT = {
    "RECPILOT_LLM_API_KEY": API_KEY,
    "RECPILOT_AUTH": f"eve:{PASSWORD}",
    "RECPILOT_MCP_TOKEN": "CANARY-mcp-token-3-abcdef",
    "OPENAI_API_KEY": "CANARYopenai5abcdefgh1",
    "FTP_PROXY": f"http://puser:{quote(PROXY, safe='')}@127.0.0.1:9",
}
SECRETS = (API_KEY, PASSWORD, PROXY, PASTED, "CANARY-mcp-token-3-abcdef", "CANARYopenai5abcdefgh1", "CANARYinURL9")


def leaks(where: str, written: bytes | str) -> list[str]:
    """The secrets that stand in it, in any spelling, each with what stands before it."""
    data = written.encode("utf-8", "backslashreplace") if isinstance(written, str) else written
    return [
        f"{secret} in {where}, {data[max(0, at - 60) : at + 40]!r}"
        for secret in SECRETS
        if (at := max(data.find(spelling) for spelling in _spellings(secret))) >= 0
    ]


def leaks_below(folder: Path) -> list[str]:
    """Those in the files of a folder, databases as their bytes."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    assert files
    return [leak for path in files for leak in leaks(str(path), path.read_bytes())]


def _spellings(secret: str) -> Iterator[bytes]:
    yield from (text.encode() for text in (secret, quote(secret), quote(secret, safe=""), quote_plus(secret)))
    yield from (text.encode() for text in (json.dumps(secret)[1:-1], repr(secret)[1:-1], html.escape(secret)))
    for before in (b"", b"u", b"u:", b"user:"):  # at least one of them as it stands within base64
        encoded = base64.b64encode(before + secret.encode())
        yield encoded[len(base64.b64encode(before).rstrip(b"=")) : -4]
