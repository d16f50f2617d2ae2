"""How to change what was settled while reading, as the chat says it: notes and errors name options of the command line.

>>> in_chat("ratings of 4 and more count as likes (`--positive` changes it)")
'ratings of 4 and more count as likes (say "count 3 and more as likes" with a study to change it)'
"""

import re

_IN_CHAT = (
    (
        r"(ratings of 3 and more count as likes[^`]*)`--positive` changes it",
        r'\1say "count 4 and more as likes" with a study to change it',
    ),
    (r"`--positive` changes it", 'say "count 3 and more as likes" with a study to change it'),
    (r"`--column weight=` takes none", 'say "there is no weight" to take none'),
    (r"`--column user=([^`]*)` ", r'"the user is \1" '),
    (r"`--column weight=` reads none and keeps them", 'say "there is no weight" to keep them'),
    (r"`--column weight=` reads none", 'and to read none, say "there is no weight"'),
    (r"`recpilot data add` with `--where \"([^`]*)\"`", r'reading only rows with "\1"'),
    (r": `recpilot data add FILE --name NAME --where \"([^`]*)\"`", r', only rows with "\1"'),
    (r"`recpilot data filter` with `--without-bots`", "a filter without bots"),
    (r"`recpilot data filter` with `--min-weight 1`", "a filter that keeps weights of at least 1"),
    (r"`recpilot data add` with `--hash-ids`", "adding the file with hashed ids on the command line"),
    (r"`recpilot data filter`", "a filter"),
    (r" \(`--column` on the terminal\)", ""),
    (r" unless `--outcome \"(\w+)=10,(\w+)=1\"` weighs them", r' unless you say "count \1 10 and \2 1"'),
    (r" unless `--outcome` weighs them", ' unless you say "count purchases ten times a click"'),
    (r"`recpilot data rename (\S+) (\S+)` renames it", r'say "rename \1 to \2" to rename it'),
    (r"`--(since|until)`", r'"\1"'),
)
"""What stands in notes, which are kept with a dataset, and in errors → the same where no command line is at hand."""


def in_chat(text: str) -> str:
    """A note or an error as the chat shows it."""
    for pattern, words in _IN_CHAT:
        text = re.sub(pattern, words, text)
    return text
