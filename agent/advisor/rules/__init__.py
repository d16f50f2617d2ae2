"""Rules: what the literature and measured histories say of params, as data (`rules.toml`), with reason and source.

rules_with(Path("my-rules.toml"))  # → those that came with recpilot and the person's own
"""

import functools
from pathlib import Path

from agent.advisor.rules.reading import read_rules
from agent.advisor.rules.rule import Rule, leanings_of, words

__all__ = ["Rule", "leanings_of", "rules_with", "shipped_rules", "words"]


@functools.cache
def shipped_rules() -> tuple[Rule, ...]:
    """Those that came with recpilot."""
    return read_rules(Path(__file__).with_name("rules.toml"))


def rules_with(own: Path | None) -> tuple[Rule, ...]:
    """Those, and the person's own; read at each call, so that a change of the file counts from then on.

    Raises:
        agent.errors.SetupError: The file cannot be read, or a rule in it is wrong; one sentence with the place.
    """
    return shipped_rules() if own is None else read_rules(own, known=shipped_rules(), file=str(own))
