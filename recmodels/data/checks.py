"""What was found in the rows of a dataset and can hardly be right, as notes that a person should look at."""

import re
from collections.abc import Iterator, Sequence

from recmodels.data.interactions import Interactions
from recmodels.data.leaks import leaks
from recmodels.data.outcomes import rows_of_outcomes
from recmodels.data.outliers import giants, outliers

CHECK = "check this: "  # begins each of these notes
_STILL_LARGE = 0.1  # of all events: a user that was pointed at before stays so down to this share
_COUNTED = re.compile(r"\d (?:rows|events|users?|items|lines|values|ratings|marks|pairs)\b")
_OF_A_FILE = re.compile(r"(?:check this: )?[^`]*\.\w{2,8}: ")  # begins a note on a file that was joined
_MARK = re.compile(r" \(counted in [^()]*\)$")


def findings(interactions: Interactions, before: Sequence[str] = ()) -> tuple[str, ...]:
    """The leaks and the outliers.

    Args:
        before: The notes on the dataset that these events come from, which point at users with a large part of it.
    """
    found = [CHECK + one for one in (*leaks(interactions), *outliers(interactions))]
    subjects = {note.partition(" has ")[0] for note in before if note.startswith(f"{CHECK}the user ")}
    large = (CHECK + one for one in giants(interactions, _STILL_LARGE))
    found += [one for one in large if one.partition(" has ")[0] in subjects and one not in found]
    return tuple(found)


def lasting(interactions: Interactions, *, is_marked: bool = True) -> tuple[str, ...]:
    """The notes on a dataset that hold for one that is made of it too: all but what `findings` finds again.

    Args:
        is_marked: Numbers in them are said to be of this dataset, in which they were counted.
    """
    has_some = any(note.startswith(CHECK) for note in interactions.notes)  # else none can be found again
    found = {*findings(interactions, interactions.notes)} if has_some else set()
    notes = (note for note in interactions.notes if note not in found)
    return tuple(_marked(note, interactions.name) if is_marked else note for note in notes)


def counted_again(notes: Sequence[str], interactions: Interactions) -> Iterator[str]:
    """The notes with the rows of each kind of event as they are in these data; what is said of one file stays."""
    counts = {name[:30]: n for name, n in rows_of_outcomes(interactions).items()}
    kinds = "|".join(re.escape(kind) for kind in sorted(counts, key=len, reverse=True)) or "(?!)"
    counted = re.compile(rf"(?<=[ :])({kinds}) \(\d[\d,]* rows\)")
    for note in notes:
        if _OF_A_FILE.match(note):
            yield note
            continue
        again = counted.sub(lambda match: f"{match[1]} ({counts[match[1]]:,} rows)", note)
        yield _MARK.sub("", again) if counted.search(note) and not _COUNTED.search(counted.sub("", note)) else again


def _marked(note: str, name: str) -> str:
    return f"{note} (counted in {name})" if _COUNTED.search(note) and not _MARK.search(note) else note
