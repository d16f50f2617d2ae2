"""The epoch from which a pruner may stop trials, which is asked about and never read as something else."""

import pytest

from agent.understanding.arguments.arguments import read_arguments
from agent.understanding.arguments.pruner_grace import grace_words
from agent.understanding.bounds.stretch import Stretch
from agent.understanding.known import Known
from agent.words.names import Names, read

KNOWN = Known(datasets=("shop",))


@pytest.mark.parametrize(
    "words",
    ["don't prune before epoch 5", "no pruning in the first 5 epochs", "grace period of 5 epochs", "前5轮不要剪枝"],
)
def test_it_is_seen_and_gives_neither_pruner_nor_epochs(words: str) -> None:
    say = f"tune bpr_mf on shop, 6 trials, quartile pruner, {words}"
    assert grace_words(say) == (words,)
    said = read(say, Names(datasets=("shop",)))
    (args,) = read_arguments("start_study", Stretch(said, [(0, len(said.text))]), KNOWN)
    assert (args["pruner"], args.get("epochs")) == ("quartile", None)


@pytest.mark.parametrize("words", ["don't prune", "without pruning, 5 epochs", "halving, 20 epochs"])
def test_a_pruner_alone_says_no_epoch(words: str) -> None:
    assert grace_words(f"tune bpr_mf on shop, 6 trials, {words}") == ()
