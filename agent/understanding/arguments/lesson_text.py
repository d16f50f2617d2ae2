"""The sentence worth keeping in "please remember that …": what is said around it is taken off."""

import re

from agent.understanding.clauses.notes import opener

_KEEP = (
    r"(?:save|store|record|log|keep|add|put|insert|archive|document|commit|file)"
    r"(?: (?:this|that|it|the|a|an|our|my|following|new|as))*"
    r"(?: (?:lesson|note|insight|observation|finding|conclusion|remark|reminder|comment|memory))?"
    r"(?: (?:to|in|under|into)(?: (?:the|your|my))? (?:memory|notes|lessons|head|knowledge base))?"
    r"(?: for (?:the )?(?:next (?:time|study)|later|future)(?=\s*[:,]))?"
)
_LEADS = (
    r"please|pls|plz|hey|ok|okay|so|and|can (?:you|u)|could (?:you|u)|kindly|i(?: want|'d like|"
    r" would like) you(?: to)?|let's|let us|"
    r"you (?:should|must)(?: know)?(?: for the future)?|i want to|i'd like to",
    r"note to self|for (?:the )?(?:record|future(?: reference| studies)?|next time|later)|in future|memo|"
    r"fyi(?: for your memory)?|tip|hint|"
    r"(?:new |my )?lesson(?: learned)?|lesson(?: from this)? is|this is important|learn this|(?:the )?takeaway (?:is|"
    r"for later)|noted\?|"
    r"remark|remem?ber (?:this|for \w+(?: \w+){0,2}(?=\s*[:,]| that))|remem?ber|rember|remeber|memori[sz]e(?: this)?|"
    r"(?:i |you )?(?:must |should )?(?:not |never )forget|don'?t forget|do not forget|take away for later",
    r"(?:keep|bear|have) (?:it |this |that )?in mind(?: for \w+(?: \w+)?)?|keep a note|make a note(?: of)?|"
    r"take (?:a )?note|"
    r"(?:write|note|jot|take) (?:(?:this|that|it) )?down|write(?: this)?(?: (?:in|into) (?:your notes|"
    r"the knowledge base))?|keep track of this|"
    r"notes?|that should go into memory",
    r"merk(?:e)? dir|notiere|denk dran|recuerda|anota|retiens|souviens-toi|ricorda|lembra|记住",
    _KEEP,
)
_LEAD = re.compile(
    rf"^\W*(?:{'|'.join(_LEADS)})(?![\w'])\s*(?:[:;,>=-]+|\bthat\b|\bdass\b|\bque\b|\bche\b|\bplease\b)*\s*",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"[\s.,;:!-]+(?:please[\s,]+)?(?:(?:please |kindly |and )?(?:remember|save|store|keep|note|write|record)"
    r"(?: it| this| that)+(?: down| somewhere| in mind| for next time| as a lesson| in your memory| please)*|"
    r"(?:please )?(?:remember|put) (?:it|that|this)(?: in (?:your|the) (?:memory|lessons))?)[\s.!?]*$",
    re.IGNORECASE,
)
_EMPTY = re.compile(
    r"(?:this|that|it|a|the|result|one|point|good|interesting|down|lesson|as|for|next|time|study|later|now|of|in|"
    r"mind)*\W*",
    re.IGNORECASE,
)


_FORGET = re.compile(
    r"^\W*(?:please|pls|can you|could you|you can|i want you to|now|ok|and|also|just|actually|let'?s|\s|,)*(?:forget|delete|remove|drop|erase|scrap|unlearn|throw away|get rid of|take back|strike|clear|discard)\s+"
    r"(?:(?:the|that|this|my|our|any|what i (?:said|told you)|what you (?:know|remember)|about|on|lessons?|notes?|thing|one|remark|rule|bit|part|entry|which says|saying|that says|it says|where|of|from memory|called)\s+)*(?:that\s+)?",
    re.IGNORECASE,
)
_BEFORE_FORGET = re.compile(r"^.{0,40}?[,:;.!?-]\s*(?=(?:please\s+)?forget\b)", re.IGNORECASE)
"""What is said before the order: "ah, one thing: forget what I said about …"."""
_FORGOTTEN = re.compile(
    r"[\s.,;:!-]+(?:from (?:the |your )?(?:memory|lessons|notes)|please|(?:lesson|note|thing|remark|rule|one)s?|it'?s (?:wrong|not true|outdated)[^.]*|(?:again|now))[\s.!?]*$",
    re.IGNORECASE,
)


def lesson_to_forget(text: str) -> str | None:
    """The words of the lesson that shall be forgotten; None where the message only points at one."""
    words = " ".join(text.split())
    lead = _BEFORE_FORGET.match(words)
    said = _FORGET.sub("", words[lead.end() :] if lead else words)
    while (shorter := _FORGOTTEN.sub("", said)) != said:
        said = shorter
    said = said.strip(" \"'.,;:!?")
    return (
        said
        if len(said) > 1
        and said.lower() not in ("it", "that", "this", "lesson", "the lesson", "that one", "the last one")
        else None
    )


def lesson_of(text: str) -> str | None:
    """The lesson alone; None where the message only points at one ("remember that")."""
    said = _TAIL.sub("", " ".join(text.split()))
    if (opened := opener(said)) is not None:
        said = said[opened.end() :] if opened["whole"] else said[opened.end() :].rstrip(" ?!")
        return said.strip(" \"'“”‘’«».,;:") or None
    while (shorter := _LEAD.sub("", said)) != said:
        said = shorter
    said = said.strip(" \"'.,;:").removeprefix("that ")
    return None if len(said) < 4 or _EMPTY.fullmatch(said.replace(" ", "")) else said
