"""What every fragment of a page has to keep to, and its text as a person reads it."""

import re
from html.parser import HTMLParser

VOID = {"input", "br", "hr", "img", "meta", "link", "col"}


class _Read(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.said: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        self.faults += [
            f"<{tag} {name}>" for name in names if name.startswith("on") or (name == "style" and tag != "i")
        ]
        self.faults += [f"<{tag}>"] if tag in ("script", "iframe", "object") else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def _read(html: str) -> _Read:
    found = _Read()
    found.feed(re.sub(r"<svg.*?</svg>", "", html, flags=re.DOTALL))
    return found


def texts(html: str) -> str:
    """The words of a fragment, figures aside, with single blanks."""
    return " ".join("".join(f"{part} " for part in _read(html).said).split())


def assert_sound(html: str) -> None:
    """Tags are closed in order, and nothing in it runs."""
    found = _read(html)
    assert not found.faults
    assert not found.open
