"""The built-in, offline chat model: chat.py, on the planner of `agent.understanding`; plain.py, words of the field."""
