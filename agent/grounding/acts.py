"""Claims that something was done: held to the calls of the turn, and to what a study is known to be."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from agent.grounding.fact import Call
from agent.grounding.known import Known
from agent.grounding.sentence import Sentence
from agent.grounding.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class _Did:
    words: str  # participles
    tools: tuple[str, ...]
    about: str = ""  # what the sentence must speak of
    args: tuple[tuple[str, str], ...] = ()


_DID = (
    _Did(words="started|begun|began|launched|kicked off|set off", tools=("start_study", "extend_study", "run_trial", "repeat_trial", "control_study", "confirm")),
    _Did(words="resumed|continued|gone on|restarted", tools=("control_study", "extend_study", "run_trial")),
    _Did(words="stopped|ended|halted|cancelled|canceled|killed|aborted", tools=("control_study",), args=(("action", "stop"),)),
    _Did(words="paused", tools=("control_study",), args=(("action", "pause"),)),
    _Did(words="exported", tools=("export_model",)),
    _Did(words="saved|stored|written|wrote|kept|noted|remembered|recorded|memorised|memorized", tools=("export_model", "remember_lesson", "report", "start_study", "filter_dataset")),
    _Did(words="forgotten|forgot", tools=("forget_lesson",)),
    _Did(words="added|loaded|uploaded|read in|imported|registered", tools=("add_dataset", "filter_dataset", "import_trials", "extend_study", "remember_lesson")),
    _Did(words="deleted|removed|erased", tools=("delete_study", "remove_dataset", "forget_lesson", "filter_dataset")),
    _Did(words="renamed", tools=("rename_study", "rename_dataset")),
    _Did(words="queued|scheduled|run|ran|re-?run|launched|executed|repeated|submitted", tools=("run_trial", "repeat_trial", "start_study", "extend_study", "confirm")),
    _Did(words="set|changed|narrowed|widened|fixed|updated|adjusted|restricted|limited|extended|increased|lowered|raised|reduced", tools=("set_search_space", "extend_study", "filter_dataset")),
    _Did(words="confirmed", tools=("confirm",)),
    _Did(words="undone|reverted|taken back|took back|rolled back", tools=("undo",)),
    _Did(words="opened|switched", tools=("open_study",)),
    _Did(words="trained|retrained", tools=("run_trial", "repeat_trial", "start_study", "confirm")),
    _Did(words=r"deployed|rolled out|released|shipped|published|e?-?mailed|sent|purchased|installed|(?:put|moved|brought|taken|took) (?:it|trial \d+|the (?:model|best|winner))[\w\s]{0,20}? (?:into production|live|online)", tools=()),
    _Did(words="approved|rejected|dropped|excluded", tools=("run_trial", "reject_trial", "control_study", "extend_study", "set_search_space", "filter_dataset")),
    _Did(words="filtered|left out", tools=("filter_dataset",)),
)  # fmt: skip
_SUBJECT = r"(?:\bi|\bi've|\bi have|\bwe|\bwe've|\bwe have)\s+(?:have\s+)?(?:(?:just|now|already|also|successfully|then|simply|gone ahead and|went ahead and)\s+)*"
_EARLIER = re.compile(r"\b(?:earlier|before|ago|last (?:time|week|night)|yesterday|previously|in this chat)\b", re.I)


def judge_acts(sentence: Sentence, known: Known) -> list[Verdict]:
    """What the sentence says was done, and whether it was."""
    if sentence.mood == "asks":
        return []
    return [
        verdict
        for did in _DID
        if (match := _said(did, sentence.text)) and (verdict := _judged(did, match, sentence, known))
    ]


def _said(did: _Did, text: str) -> "re.Match[str] | None":
    """Where the sentence says that I did it, that it has been done to what can be acted on, or only "Stopped."."""
    first = re.search(rf"{_SUBJECT}(?P<did>{did.words})\b", text, re.I)
    short = re.search(
        rf"^\W*(?:done|all done|ok(?:ay)?|sure)?\W*(?P<did>{did.words})(?=\s*[.,!]|\s*$|\s+(?:the|your|a)\s)",
        text,
        re.I,
    )
    things = r"(?:stud(?:y|ies)|tuning|run|trial(?: \d+)?|model|weights|dataset|data|lesson|note|search space|range|space|search|export|file|budget|confirmation|it|training|\S+-\d+)"
    passive = re.search(
        rf"\b{things}\s+(?:\S+\s+){{0,3}}?(?:has|have|is|was|are|were)\s+(?:(?:just|now|already|also|successfully|been)\s+)*(?P<did>{did.words})\b",
        text,
        re.I,
    )
    return first or short or passive


def _judged(did: _Did, match: "re.Match[str]", sentence: Sentence, known: Known) -> Verdict | None:
    text = sentence.text
    later = "" if re.search(r"\b(?:i|we)\b", match[0], re.I) else "|once|when|after|before"
    if re.search(
        rf"(?:n't|\b(?:not|never|nothing|no|none|neither|without|if|until|will|would|could|can|should{later}))\b",
        text[: match.start("did")],
        re.I,
    ):
        return None
    if match["did"].lower() == "set" and (
        known.about or re.search(r"\bagainst\b", text)
    ):  # a choice of its own; compared
        return None
    calls = [call for call in known.calls if call.is_now or _EARLIER.search(text)]
    if any(_matches(call, did, sentence) for call in calls):
        return Verdict(outcome="checked", claim=match["did"], kind="act")
    if not _is_act(match, text) or _is_known(match["did"].lower(), sentence, known):
        return None
    return Verdict(
        outcome="contradicted",
        claim=match["did"],
        kind="act",
        why=f"{' or '.join(did.tools[:2]) or 'no tool that does it'} was not called in this turn",
    )


def _is_act(match: "re.Match[str]", text: str) -> bool:
    """Whether it is said of an act of ours and not of what a trial is or was."""
    said = match[0].lower()
    is_first = re.search(r"\b(?:i|we)\b", said) is not None
    if is_first and re.match(
        r"set|changed|lowered|raised|increased|reduced|kept|run|ran|trained|recorded|stored|limited", match["did"], re.I
    ):
        return not re.search(r"\b(?:earlier|in trial \d+|trial \d+ with)\b", text, re.I)
    if is_first:
        return True
    if re.match(
        r"pruned|trained|kept|set|run|ran|changed|raised|lowered|increased|reduced|ended|limited|stored|recorded|written|fixed|stopped",
        match["did"],
        re.I,
    ):
        return re.search(r"\b(?:now|just|been)\b|^\W*(?:done|stopped|saved|stored)\b", text, re.I) is not None or bool(
            re.search(r"\bstudy (?:is|was|has been) stopped", text, re.I)
        )
    return True


def _matches(call: Call, did: _Did, sentence: Sentence) -> bool:
    """Whether a call did this; one that only asked for a stop has not stopped what still runs."""
    if call.tool not in did.tools or not call.is_done:
        return False
    if any(str(call.args.get(name)) != value for name, value in did.args):
        return False
    return not (
        did.args
        and call.result.get("state") == "running"
        and not sentence.has(r"\b(?:asked|will|stops? (?:after|when)|after this)\b")
    )


_STATES: Mapping[str, tuple[str, ...]] = {
    "stopped": ("stopped", "finished"),
    "paused": ("paused",),
    "started": ("running", "waiting", "queued", "finished", "stopped", "paused"),
    "begun": ("running", "waiting", "queued"),
    "ended": ("finished", "stopped"),
}


def _is_known(did: str, sentence: Sentence, known: Known) -> bool:
    """Whether results say so of the study or trial itself."""
    if did == "confirmed" and sentence.has(r"\b(?:i|i've|we|we've)\b"):
        return False
    if did == "confirmed":
        return any(f.attribute.endswith("is_confirmed") and f.value is True for f in known.facts) or any(
            f.attribute == "n_confirmations" and f.number for f in known.facts
        )
    if sentence.has(r"\b(?:i|i've|we|we've)\b") or sentence.has(r"^\W*(?:done|stopped|started|paused)\b"):
        return False
    states = {str(f.value) for f in known.facts if f.attribute == "state" and f.subject.kind == "study"}
    if did in _STATES and sentence.has(r"\bstud(?:y|ies)\b|-\d"):
        is_fresh = sentence.has(r"\b(?:just|now)\b|has begun|has started|has been started|\bis started")
        wanted = ("running", "waiting", "queued") if is_fresh and did in ("started", "begun") else _STATES[did]
        return bool(states & set(wanted))
    return sentence.has(r"\btrial \d+\b") and not sentence.has(r"\bnow\b|queued|exported")
