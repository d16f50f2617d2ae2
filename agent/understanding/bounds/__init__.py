"""Numbers, bounds and goals in a sentence, and which param each belongs to."""
