"""What is kept with an answer that this project worded itself, from facts, in its response_metadata."""

WORDED = "recpilot_worded"  # no model wrote it: it is not checked again
CARD = "plan"  # the plan card that its text tells, as JSON
