"""What an answer rests on and how it is worded: evidence, analysis, wording, grounding."""
