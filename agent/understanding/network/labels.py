"""What the network tells apart."""

from agent.words.acts import ACTS

ACTIONS = ("pause", "resume", "stop")
MOODS = ("order", "question", "supposition", "refusal", "later")
RELATIONS = ("new", "edit", "yes", "no", "answer")
"""Of a whole message to the turn before: something new, a change of it, an answer to what was asked."""
BY_RULE = ("filter_dataset", "list_rules", "reject_trial", "show_influence", "show_pruning")
"""Tools that rules find before the network is asked: `data.filtering`, `asking.asked_of_us`, `asking.asked_of_influence`,
`asking.asked_of_pruning`, `waiting_trial`."""
LABELS = (
    *(tool for tool in ACTS if tool not in ("control_study", *BY_RULE)),
    *(f"control_study:{action}" for action in ACTIONS),
    "none",
)
"""Of a clause: a tool, or an action of `control_study`; "none": it asks for nothing."""
