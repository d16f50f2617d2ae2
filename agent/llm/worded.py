"""The mark of an answer that this project worded itself, from facts, and no model wrote: it is not checked again."""

WORDED = "recpilot_worded"  # a key of a message's response_metadata
