"""Titles of items: what a text of an item begins with, and how people shorten it.

titles_of("English Patient, The; Drama")  # → ["English Patient, The", "The English Patient", "English Patient"]
"""

import re

from agent.words.spelling import ORDINARY

_INVERTED = re.compile(r"(?P<rest>.+), (?P<article>The|A|An|Der|Die|Das|Le|La|Les)")


def titles_of(text: str) -> list[str]:
    """The titles that an item goes by; empty where its text is no row of fields."""
    title = re.sub(r"\s*\(\w+\)$", "", text.strip("“” ").partition(";")[0].strip())
    if ";" not in text or len(title) < 3:
        return []
    turned = _INVERTED.fullmatch(title)
    return [title, f"{turned['article']} {turned['rest']}", turned["rest"]] if turned else [title]


def shortened(title: str) -> list[str]:
    """The heads of a title that may stand for it: before a colon or comma, and its first word where that is a name."""
    words = title.split()
    heads = [head for sign in (":", ",") if (head := title.partition(sign)[0]) != title]
    is_name = len(words) > 1 and (len(words[0]) > 3 or "." in words[0]) and words[0].lower() not in ORDINARY
    heads += [words[0].rstrip(",:")] if is_name else []
    heads += [" ".join(words[:2])] if len(words) > 3 and len(words[1]) > 3 else []
    return [head for head in heads if len(head) > 3 and head != title]
