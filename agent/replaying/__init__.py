"""A recording read back, and run again without a language model, as a test of the code around it."""
