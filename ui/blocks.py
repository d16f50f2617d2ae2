"""Gradio's page without what it does for nothing at each event, which costs most of a server with many pages open."""

import os
import sys
from collections.abc import Sequence
from copy import copy
from typing import Any

import gradio as gr

ANSWERS_AT_ONCE = 256  # that are watched; more wait for a place
_NO_STATISTICS = {"GRADIO_ANALYTICS_CACHE_FREQUENCY": str(sys.maxsize), "GRADIO_ANALYTICS_MAX_EVENTS": "1"}


class Blocks(gr.Blocks):
    """A page whose handlers leave most of it as it is.

    Gradio builds a new component, and the schema of what it takes, for each output that a handler skips; and makes
    statistics of the last 10,000 events after each event, whether someone looks at them or not.
    """

    def __init__(self, **options: Any) -> None:
        os.environ.update(_NO_STATISTICS)  # read when a queue is made, which the next line does
        super().__init__(**options)
        self.max_threads = ANSWERS_AT_ONCE
        self.queue()

    async def postprocess_data(self, block_fn: Any, predictions: Any, state: Any) -> list[Any]:
        """What the page is sent of the values that a handler returned."""
        n_outputs = len(block_fn.outputs)
        if predictions == gr.skip() and n_outputs > 0:
            return _sent(block_fn.outputs)
        if not isinstance(predictions, list | tuple) or len(predictions) != n_outputs:
            return await super().postprocess_data(block_fn, predictions, state)
        kept = [place for place, value in enumerate(predictions) if not _is_skipped(value)]
        changed = copy(block_fn)
        changed.outputs = [block_fn.outputs[place] for place in kept]
        values = [predictions[place] for place in kept]
        made = await super().postprocess_data(changed, values[0] if len(values) == 1 else values, state) if kept else []
        sent = _sent(block_fn.outputs)
        for place, value in zip(kept, made, strict=True):
            sent[place] = value
        return sent


def _is_skipped(value: Any) -> bool:
    return isinstance(value, dict) and value == gr.skip()


def _sent(outputs: Sequence[Any]) -> list[Any]:
    """What is sent where nothing changes."""
    return [None if output.stateful else gr.skip() for output in outputs]
