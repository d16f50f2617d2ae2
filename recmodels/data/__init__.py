"""Interaction data: reading, describing, dividing and keeping it."""
