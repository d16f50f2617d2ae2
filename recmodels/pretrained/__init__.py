"""Pretrained language models: loaded, and fine-tuned through an adapter."""
