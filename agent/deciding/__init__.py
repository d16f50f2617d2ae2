"""Who decides among the candidates: a language model, checked by a gate, or the advisor alone."""
