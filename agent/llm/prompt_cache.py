"""The states of what a model read and said last, so that the next prompt is read from where it differs.

A turn of a chat asks the model several times, and each prompt repeats the one before with a few lines more; so do the
decisions of a study. On a CPU, reading the prompt is most of the wait.
"""

from collections.abc import Sequence
from itertools import takewhile
from typing import Any

from transformers import DynamicCache

MAX_BYTES = 1 << 30  # of the states that are kept


class PromptCache:
    """Of one model; to be used by one answer at a time."""

    def __init__(self) -> None:
        self._tokens: list[int] = []  # whose states they are
        self._states: Any = None

    def states_for(self, ids: Sequence[int]) -> Any:
        """The states of what `ids` begins with, but for its last token at least; None where nothing is known.

        They belong to the caller, who gives them back with `keep`.
        """
        states, self._states = self._states, None
        pairs = zip(self._tokens, ids[:-1], strict=False)
        n_shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        if states is None or n_shared == 0:
            return None
        states.crop(n_shared - states.get_seq_length())
        return states

    def keep(self, tokens: Sequence[int], states: Any) -> None:
        """Keep the states of a prompt with its answer, where they can be cut and are not too large.

        Args:
            tokens: Prompt and answer; the last of them has no states yet.
            states: What `generate` gave back as `past_key_values`.
        """
        if type(states) is not DynamicCache or any(states.is_sliding) or not states.is_croppable:
            return
        layers: list[Any] = states.layers
        if sum(layer.keys.nbytes + layer.values.nbytes for layer in layers) <= MAX_BYTES:
            self._tokens, self._states = list(tokens)[: states.get_seq_length()], states
