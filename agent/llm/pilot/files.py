"""Paths and the names given to them: unix, windows, `~`, quoted, urls."""

import re

from agent.llm.pilot.numbers import Reader

_EXTENSION = r"(?:csv|tsv|parquet|pq|jsonl|ndjson|json|inter|dat|data|txt|xlsx|gz|zip|feather|base)"
_START = r"(?:[A-Za-z]:[\\/]|~/|\.{1,2}/|/|\\\\|[a-z][a-z0-9]+://)"
_PATHS = (
    rf"[\"“`](?P<path>[^\"”`]*(?:[/\\\\][^\"”`]*|\.{_EXTENSION}))[\"”`]",
    rf"(?<!\w)['‘](?P<path>[^'’]*(?:[/\\\\][^'’]*|\.{_EXTENSION}))['’](?!\w)",
    rf"(?<![\w])(?P<path>{_START}(?:[^\s,;\"']+)\.{_EXTENSION}(?:\.gz|\.zip)?)(?![\w])",
    rf"(?<![\w])(?P<path>{_START}[^\s,;\"']*(?: (?!and\b|as\b|name\b|call\b|"
    rf"und\b)[^\s,;\"']+){{1,3}}?\.{_EXTENSION})(?![\w])",
    rf"(?<![\w.])(?P<path>{_START}[^\s,;\"')]+)",
    rf"(?<![\w/])(?P<path>[\w.-]+(?:[/\\][\w.-]+)*\.{_EXTENSION}(?:\.gz|\.zip)?)(?![\w])",
    r"(?<![\w/])(?P<path>(?:data|uploads?|datasets?)/[\w./-]+)",
)
_WORD = r"[\"'“‘`]?(?P<name>[\w][\w.-]*)[\"'”’`]?"
_NAMES = (
    rf"\b(?:call|name|alias|nenne?|nombre|title)\s+(?:it|this|that|them|the dataset|the data)\s*[:=]?\s*{_WORD}",
    rf"\b(?:named|called|genannt|namens|nommée?|llamado)\s+{_WORD}",
    rf"\b(?:dataset\s+|the\s+)?(?:name|alias)(?:\s+(?:is|should be|shall be))?\s*[:=]?\s*{_WORD}",
    rf"\b(?:under|con|sous|unter)\s+(?:the\s+name\s+|el nombre\s+|le nom\s+|dem namen\s+)?{_WORD}",
    rf"\b(?:refer to it|save it|keep it)\s+as\s+{_WORD}",
    rf"\b(?:as|als|comme|como)\s+(?:an?\s+)?(?:new\s+)?(?:dataset\s+)?{_WORD}",
    rf"(?:=>|→|->)\s*{_WORD}",
    rf"\b(?:i'd|we'd|i would|we) call it\s+{_WORD}",
    rf"{_WORD}\s+(?:is (?:fine for the name|a good name)|for (?:the|a) name)|"
    rf"[\"'](?P<quoted>[\w-]+)[\"'] is a good name",
    rf"\bdataset\s+{_WORD}\s*(?:$|(?:from|out of)\b)",
    r";\s*[,:]?\s*(?P<name>[A-Za-z][\w-]*)\s*[.!]?\s*$",
)
_NO_NAME = re.compile(
    r"here|there|a|add|again|an|and|as|before|csv|data|data-set|dataset|file|for|from|hinzu|in|is|"
    r"it|later|load|long|my|name|new|now|of|on|one|or|parquet|path|please|pls|possible|"
    r"set|soon|thanks|that|the|them|this|thx|to|today|too|tsv|up|use|usual|well|with"
)


def read_path(reader: Reader) -> str | None:
    """A file, folder or url in the message; "the file x.csv from /data" becomes /data/x.csv."""
    split = reader.take(rf"\b(?P<file>[\w.-]+\.{_EXTENSION}) (?:from|in|under) (?P<folder>{_START}[^\s,;\"']+)")
    if split:
        return f"{split['folder'].rstrip('/')}/{split['file']}"
    for pattern in _PATHS:
        if match := reader.take(pattern):
            path = match["path"].rstrip(".,;:!?)")
            return path.removeprefix("path=")
    return None


def read_name(reader: Reader) -> str | None:
    """The name that the person gives to the file; read the path first."""
    for pattern in _NAMES:
        for match in re.finditer(pattern, reader.text, re.IGNORECASE):
            name = (match.groupdict().get("name") or match.groupdict().get("quoted") or "").strip(".")
            if name and not _NO_NAME.fullmatch(name.lower()):
                return name
    return None
