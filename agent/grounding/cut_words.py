"""What a person is told of what was cut from an answer, and a model of what to put right; one wording for all screens."""

from agent.grounding.checking import Checked

_SHOWN = 3  # reasons
_LONGEST = 90  # characters of a reason


def cut_note(found: Checked) -> str:
    """One line in brackets; empty where nothing was cut."""
    if not found.cuts:
        return ""
    reasons = list(dict.fromkeys(_short(cut.why) for cut in found.cuts))
    more = f"; and {len(reasons) - _SHOWN} more" if len(reasons) > _SHOWN else ""
    return f"(Something was cut: {'; '.join(reasons[:_SHOWN])}{more}.)"


def put_right(found: Checked) -> str:
    """What a model is told once, before anything is cut."""
    return (
        "Not sent yet: some sentences of your answer do not hold against what the tools found.\n"
        f"{found.reasons}\n{_loose(found)}"
        "Write the whole answer again. Give each number to the trial, metric and unit that it belongs to, or cite a "
        "fact by its id like {t7.recall@10}; leave out what no tool found; never say that something was done that no "
        "tool did in this turn. Do not mention this correction."
    )


def _loose(found: Checked) -> str:
    """The sentences that would be marked, of which a model may say better what they are of."""
    if not found.not_checked:
        return ""
    said = "\n".join(f"- “{sentence}”" for sentence in found.not_checked[:5])
    return f"Of these it is not clear what they rest on; say whose each number is, or leave them out:\n{said}\n"


def _short(reason: str) -> str:
    return reason if len(reason) <= _LONGEST else f"{reason[: _LONGEST - 1].rstrip()}…"
