"""How dataclasses are declared: with slots, frozen, and built by name; those that differ are named here."""

import re
from pathlib import Path

import pytest

PACKAGES = ("agent", "memory", "recmodels", "ui")
CHANGED_IN_PLACE = {"resuming.Progress", "running.RunningTrial", "study_state.SavedState", "workspace.Workspace"}
BUILT_BY_PLACE = {
    "chroma.Section",
    "likeness.Feature",
    "order_words.Verbs",
    "search_space.Choice",
    "search_space.Float",
    "search_space.Int",
}
DECLARED = re.compile(r"^ *@(?:dataclasses\.)?dataclass\b(?:\(([^)]*)\))?\s+class (\w+)", re.MULTILINE)


@pytest.mark.parametrize("package", PACKAGES)
def test_every_dataclass_is_frozen_has_slots_and_is_built_by_name(package: str) -> None:
    for path in sorted((Path(__file__).parent.parent / package).rglob("*.py")):
        for options, cls in DECLARED.findall(path.read_text(encoding="utf-8")):
            name = f"{path.stem}.{cls}"
            is_so = {"frozen": name not in CHANGED_IN_PLACE, "slots": True, "kw_only": name not in BUILT_BY_PLACE}
            expected = {f"{option}=True" for option, value in is_so.items() if value}
            found = set(filter(None, re.split(r",\s*", options.strip())))
            assert found == expected, f"{name}: declare it so, or name it above if it has to differ"
