"""Recommender models and the tool that trains them; knows nothing of language models, memory or screens."""
