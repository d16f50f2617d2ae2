"""The words that people use: one vocabulary, one reader of quantities, for chat, command line and grounding."""
