"""What people call the samplers; without the samplers themselves, so that it imports quickly."""

SAMPLER_WORDS: dict[str, tuple[str, ...]] = {
    "advisor": ("the advisor", "your own sampler", "own sampler", "recpilot's sampler"),
    "tpe": ("tree parzen", "parzen estimator", "tree structured parzen estimator"),
    "gp": ("gaussian process", "gaussian processes", "gp sampler"),
    "cmaes": ("cma es", "cma", "cmaes sampler"),
    "nsga2": ("nsga ii", "nsga", "nsga 2", "genetic"),
    "grid": ("grid search", "grid sampler", "full grid"),
    "random": (
        "random search",
        "random sampler",
        "random sampling",
        "sample randomly",
        "search randomly",
        "randomly sampled",
        "随机搜索",
    ),
}
"""Keys of `agent.advisor.SAMPLERS`."""
