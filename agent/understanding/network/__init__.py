"""The trained network that reads a message: which act each clause asks for, in which mood, and how it relates to the turn before."""
