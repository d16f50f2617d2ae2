"""Times as a list shows them: the day, and how long ago in words."""

from datetime import UTC, datetime


def ago(moment: str, now: datetime | None = None) -> str:
    """`just now`, `5 min ago`, `3 h ago`, `yesterday`, else the day; empty where it is no time.

    Args:
        moment: ISO 8601; UTC where it says no zone.
    """
    at = moment_of(moment)
    if at is None:
        return ""
    seconds = ((now or datetime.now(UTC)) - at).total_seconds()
    if seconds < 60:
        return "just now"
    if seconds < 3600:
        return f"{seconds // 60:.0f} min ago"
    if seconds < 86_400:
        return f"{seconds // 3600:.0f} h ago"
    return "yesterday" if seconds < 2 * 86_400 else day(moment)


def day(moment: str) -> str:
    """`2026-05-31`; empty where it is no time."""
    at = moment_of(moment)
    return "" if at is None else at.strftime("%Y-%m-%d")


def moment_of(moment: str) -> datetime | None:
    """The time that a text of ISO 8601 says; None where it is none."""
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
