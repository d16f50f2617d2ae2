"""How numbers and the values of params are written wherever people read them."""


def number(value: object) -> str:
    """A number as a person would write it; four significant digits, thousands apart."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "–" if value is None else str(value)
    if value == value // 1 and abs(value) < 1e15:  # neither infinite nor not a number
        return f"{int(value):,}"
    return f"{value:,.1f}" if abs(value) >= 1000 else f"{value:.4g}"


def written(value: object) -> str:
    """A param's value: 2048, 0.001, bpr, on."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return number(value) if isinstance(value, float) else str(value)
