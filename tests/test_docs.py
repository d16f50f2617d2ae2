"""What README and docs/ tell people to type exists, with these very options; links lead somewhere, examples run."""

import re
import runpy
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from ui.cli.app import app

ROOT = Path(__file__).parent.parent
DOCS = sorted((ROOT / "docs").glob("*.md"))
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *DOCS]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")


def blocks(page: Path, language: str = "") -> list[str]:
    """What stands in fences of a language; by default in those of none, which hold what is typed."""
    found = re.findall(r"^```(\w*)\n(.*?)^```$", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    return [block for kind, block in found if kind == language]


def typed(program: str) -> list[str]:
    """The lines of all pages that call a program, each once."""
    lines = (line for page in PAGES for block in blocks(page) for line in block.splitlines())
    plain = (line.partition("#")[0].partition(" >")[0].strip() for line in lines)
    return list(dict.fromkeys(line for line in plain if line.startswith(f"{program} ")))


def links() -> Iterator[tuple[str, str]]:
    """Each page, and where it points within the repository."""
    for page in PAGES:
        for link in re.findall(r"\]\(((?!http)[^)]+)\)", page.read_text("utf-8")):
            yield page.relative_to(ROOT).as_posix(), link


def anchors(page: Path) -> set[str]:
    """What GitHub makes of the headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("command", typed("recpilot"))
def test_a_command_of_the_docs_is_one_that_recpilot_reads(command: str) -> None:
    found, args = typer.main.get_command(app), shlex.split(command)[1:]
    while commands := getattr(found, "commands", None):
        name = args.pop(0)
        assert name in commands
        found = commands[name]
    found.make_context(command, args)  # raises for an option or an argument that does not exist


@pytest.mark.parametrize("line", typed("make"))
def test_a_make_target_of_the_docs_exists(line: str) -> None:
    assert re.search(rf"^{line.split()[1]}:", MAKEFILE, flags=re.MULTILINE)


@pytest.mark.parametrize(("page", "link"), list(links()))
def test_a_link_of_the_docs_leads_somewhere(page: str, link: str) -> None:
    path, _, anchor = link.partition("#")
    target = (ROOT / page).parent / path if path else ROOT / page
    assert target.exists()
    assert not anchor or anchor in anchors(target)


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.stem)
def test_a_page_of_the_docs_is_found_from_their_first_one_and_leads_back(page: Path) -> None:
    first = ROOT / "docs/README.md"
    if page != first:
        assert f"]({page.name})" in first.read_text("utf-8")
        assert page.read_text("utf-8").startswith("[Documentation](README.md)\n")


def test_pictures_are_shown_and_small() -> None:
    shown = {(ROOT / page).parent / link for page, link in links()}
    for picture in (ROOT / "docs/pictures").iterdir():
        assert picture in shown
        assert picture.stat().st_size < (1_200_000 if picture.suffix == ".webp" else 250_000)


def test_a_file_of_the_tree_exists() -> None:
    (tree,) = blocks(ROOT / "docs/architecture.md", "text")
    known = {path.name for package in ("agent", "memory", "recmodels", "ui") for path in (ROOT / package).rglob("*.py")}
    assert set(re.findall(r"\b\w+\.py\b", tree)) <= known


def test_the_example_in_python_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (example,) = blocks(ROOT / "docs/python.md", "python")
    script = tmp_path / "example.py"
    script.write_text(example, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert len(runpy.run_path(str(script))["recommender"].recommend_after(["b1", "b2"], k=3)) == 3


def test_the_readme_shows_commands_and_targets() -> None:
    readme = "\n".join(blocks(ROOT / "README.md"))
    assert all(start in readme for start in ("make install", "make demo", "make ui", "make test", "recpilot tune"))
