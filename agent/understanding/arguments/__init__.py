"""The arguments of a call, read from the words that ask for it."""
