"""Trials that were measured once for everybody: the records, the files that ship, and how they are read."""
