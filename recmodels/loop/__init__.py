"""How a model is fitted: preparation, epochs of gradient steps, rates, going on after an interruption, the refit."""
