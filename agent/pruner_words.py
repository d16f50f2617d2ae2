"""What people call the pruners; without the pruners themselves, so that it imports quickly."""

PRUNER_WORDS: dict[str, tuple[str, ...]] = {
    "hurdle": ("hurdle",),
    "quartile": ("quartile", "lower quartile"),
    "halving": ("halving", "successive halving", "asha", "逐次减半", "连续减半"),
    "none": (
        "no pruning",
        "no pruner",
        "without pruning",
        "without a pruner",
        "never prune",
        "do not prune",
        "don't prune",
        "dont prune",
        "pruning off",
        "no early pruning",
        "let every trial run to its end",
        "不剪枝",
        "不要剪枝",
    ),
}
"""Keys of `agent.studies.pruners.PRUNERS`."""
DEFAULT_PRUNER = "hurdle"
EARLIER_PRUNER = "quartile"  # of a study that was begun when there was no choice
