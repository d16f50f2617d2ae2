"""How dataclasses are declared: with slots, frozen, and built by name; those that differ are named here."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGES = ("agent", "memory", "recmodels", "ui")
CHANGED_IN_PLACE = {
    "acts_log.Entry",
    "answer_assembly._Call",
    "at_hand.Hand",
    "meanwhile.Followed",
    "one_turn.OneTurn",
    "resuming.Progress",
    "worker.Outcome",
    "workspace.Workspace",
}
BUILT_BY_PLACE = {
    "chroma.Section",
    "likeness.Feature",
    "pairing._State",
    "search_space.Choice",
    "search_space.Float",
    "search_space.Int",
}
KEEPS_WHAT_IT_WORKED_OUT = {"study_data.StudyData", "uncertainty.UserValues"}  # which slots leave no place for
DECLARED = re.compile(r"^ *@(?:dataclasses\.)?dataclass\b(?:\(([^)]*)\))?\s+class (\w+)", re.MULTILINE)


def declared(package: str) -> Iterator[tuple[str, set[str]]]:
    """Each dataclass and the options that it is declared with."""
    for path in sorted((Path(__file__).parent.parent / package).rglob("*.py")):
        for options, cls in DECLARED.findall(path.read_text(encoding="utf-8")):
            yield f"{path.stem}.{cls}", set(filter(None, re.split(r",\s*", options.strip())))


@pytest.mark.parametrize("package", PACKAGES)
def test_every_dataclass_is_frozen_has_slots_and_is_built_by_name(package: str) -> None:
    for name, found in declared(package):
        is_so = {
            "frozen": name not in CHANGED_IN_PLACE,
            "slots": name not in KEEPS_WHAT_IT_WORKED_OUT,
            "kw_only": name not in BUILT_BY_PLACE,
        }
        expected = {f"{option}=True" for option, value in is_so.items() if value}
        assert found == expected, f"{name}: declare it so, or name it above if it has to differ"


def test_those_that_differ_exist() -> None:
    names = {name for package in PACKAGES for name, _ in declared(package)}
    assert names >= CHANGED_IN_PLACE | BUILT_BY_PLACE | KEEPS_WHAT_IT_WORKED_OUT
