"""Whether people have the same item again: the evidence in a dataset, and what a ranking does by it."""

from typing import TYPE_CHECKING

import numpy as np

from recmodels.errors import ParamError
from recmodels.repeats import KEEP, MASK, RepeatChoice, RepeatEvents, parse_repeats, words_of
from recmodels.request import SplitKind

if TYPE_CHECKING:
    from recmodels.data.interactions import Interactions
    from recmodels.data.split import Split

# of the validation events; ratings have none, baskets about 0.19 (Ta-Feng) to 0.6 (Instacart): Li et al. 2023
KEEP_FROM = 0.1
FEWEST = 5  # repeats, or a tenth of a few rows would decide
DAY_S = 86_400


def choice_of(
    text: str | None, interactions: "Interactions", parts: "Split", *, set_by: str = "as set"
) -> RepeatChoice:
    """What is asked for, or where None is what suits the data: `keep` from a tenth of repeats on.

    Args:
        interactions: Under the rule of what counts as a like.
        parts: Of these.
        set_by: Who asked for `text`, in words.

    Raises:
        ParamError: The text is no choice, or no repeat can be held out by this split.
    """
    asked = None if text is None else parse_repeats(text)
    check_split(asked, parts.kind)
    if parts.kind == "random":
        return unmeasured(asked)
    n_repeats, n_events = repeats_across(interactions, parts)
    is_kept = n_repeats >= max(KEEP_FROM * n_events, FEWEST)
    kind: RepeatEvents = asked or (KEEP if is_kept else MASK)
    if asked is None and not n_repeats:
        return RepeatChoice()
    counted = f"{n_repeats:,} of {n_events:,} validation events are such repeats"
    if asked is not None:
        return RepeatChoice(kind=kind, says=f"{words_of(kind)}, {set_by}; {counted}")
    bound = f"at least {KEEP_FROM:.0%}" if is_kept else f"fewer than {KEEP_FROM:.0%} or than {FEWEST}"
    return RepeatChoice(kind=kind, says=f"{words_of(kind)}, by the data: {counted}, {bound}")


def check_split(text: str | None, kind: SplitKind) -> None:
    """Raises ParamError: repeats shall be kept, and by this split none can be held out."""
    if text == KEEP and kind == "random":
        raise ParamError(
            "`keep` needs a split that follows time: under `random` all events of a user with an item are in one part, "
            "so that no repeat is ever asked for; take another split, or `mask`"
        )


def unmeasured(text: str | None) -> RepeatChoice:
    """What is asked for, where no repeat can be measured."""
    return RepeatChoice() if text is None else RepeatChoice(kind=parse_repeats(text))


def repeats_across(interactions: "Interactions", parts: "Split") -> tuple[int, int]:
    """How many validation events are on an item that their user had in train, and of how many: those of users in train.

    A duplicate is no repeat: one counts that comes at a later time, with another item between or a day after. Without
    an order of the rows nothing is known to come again.
    """
    users, items, times = interactions.users, interactions.items, interactions.times
    in_train = np.bincount(users[parts.train], minlength=interactions.n_users) > 0
    asked = parts.valid[in_train[users[parts.valid]]]
    if interactions.time_kind == "none" or times is None or not len(asked):
        return 0, len(asked)
    pairs = users * interactions.n_items + items
    runs = np.cumsum(np.concatenate([[False], pairs[1:] != pairs[:-1]]))  # rows of one user and item on end are one
    order = parts.train[np.argsort(pairs[parts.train], kind="stable")]  # by pair, the latest last
    places = np.searchsorted(pairs[order], pairs[asked], side="right") - 1
    earlier = order[places.clip(min=0)]
    is_again = (places >= 0) & (pairs[earlier] == pairs[asked]) & (times[asked] > times[earlier])
    is_apart = runs[asked] != runs[earlier]
    if interactions.time_kind == "timestamp":
        is_apart |= times[asked] - times[earlier] >= DAY_S
    return int((is_again & is_apart).sum()), len(asked)
