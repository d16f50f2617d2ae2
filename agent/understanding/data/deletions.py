"""What a deletion takes: the thing that was named and no other, and what of the wish is not done is said."""

import re
from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches

from agent import outside
from agent.answers.refusals_in_chinese import refusal
from agent.answers.wording import listed as listed_in_words
from agent.answers.wording import sentence
from agent.understanding.asking.questions import question, which_argument
from agent.understanding.bounds.stretch import Stretch
from agent.understanding.data.deletions_named import keeps, named_deletions
from agent.understanding.data.filtering import any_of
from agent.understanding.known import Known
from agent.understanding.phrases import phrase
from agent.understanding.plan import Plan, Request, Waiting
from agent.words.chinese import is_chinese

_KINDS = {"remove_dataset": "dataset", "delete_study": "study"}
_SIGNS = re.compile(r"[\w.@/-]*\w")
_ALL_BUT = re.compile(
    r"\b(?:all|every\w*|each)\b[^.;!?]*?\b(?:but|except|other\s+than|besides|apart\s+from|save)\b", re.IGNORECASE
)
_EVERYTHING = re.compile(
    r"\b(?:everything|all(?:\s+of\s+(?:them|these|those))?(?!\s+of\b)(?:\s+(?:the|my|our))*(?:\s+\w+)?|the\s+(?:whole\s+)?lot)\b|全部|一切",
    re.IGNORECASE,
)
_OF_A_KIND = re.compile(r"\b(?:stud(?:y|ies)|data\s*sets?)\b", re.IGNORECASE)
_WITH_STUDIES = re.compile(
    r"\b(?:and|with|plus|including|along\s+with|together\s+with)\s+(?:(?:all|every|each|any|the|of|its|their)\s+)*(?:stud(?:y|ies)|everything|results?|reports?|trials?)\b",
    re.IGNORECASE,
)
_VERSIONS = re.compile(r"\bversions?\b", re.IGNORECASE)
_FOR_EVER = re.compile(
    r"\bfor\s*ever\b|\bfor\s+good\b|\bpermanent\w*|\birrevocabl\w*|\birreversibl\w*|\bno\s+undo\b|\bwithout\s+(?:an?\s+)?undo\b|永久|彻底",
    re.IGNORECASE,
)
NO_UNDO = re.compile(r"\b(?:no|without(?:\s+an?)?|not?\s+to\s+be)\s+undo\w*", re.IGNORECASE)
"""What forbids to take a deletion back, and asks for nothing else."""


_DELETES = (
    r"^\W*(?:(?:please|pls|ok|okay|now|then|and|can\s+you|could\s+you|i\s+want\s+(?:you\s+)?to|let'?s|请|帮我|把)\W*)*"
    r"(?:remove|delete|drop|erase|discard|purge|get\s+rid\s+of|throw\s+away|删除|删掉|移除|去掉)\s*"
)
_ANY_OF_IT = r"(?:\s*(?:please|pls|thanks|too|as\s+well|now|吧|了))*\W*$"
_ONE = re.compile(
    rf"{_DELETES}(?:the\s+|my\s+|our\s+)?(?:(?P<kind>data\s*set|study|数据集|研究)\s*(?:called\s+|named\s+)?)[\"'`“]?(?P<name>[A-Za-z0-9][\w.-]*)[\"'`”]?{_ANY_OF_IT}",
    re.IGNORECASE,
)
_NO_NAMES = re.compile(
    r"(?:it|this|that|again|one|now|please|too|with|from|of|on|and|called|named|at|for|first|last)", re.IGNORECASE
)
_STUDIES = r"(?:(?:all|every|each|any|the|of|its|their|my|our)\s+)*stud(?:y|ies)"
_ALL_STUDIES = rf"(?:{_STUDIES}\s+(?:of|on|for|about|with|from|over)\s+(?:the\s+|my\s+)?(?:data\s*set\s+)?·|·\s*(?:上|里)?的?(?:所有|全部|一切)的?研究|(?:所有|全部)\s*·\s*的?研究)"
_IT_AND_STUDIES = (
    rf"(?:(?:the\s+|my\s+)?(?:data\s*set\s+)?·\s*,?\s*(?:and|with|plus|including|along\s+with|together\s+with)\s+{_STUDIES}(?:\s+(?:on|of)\s+(?:it|that))?|"
    r"(?:数据集)?\s*·\s*(?:和|以及|及|连同|与)\s*(?:它|其|上面)?的?(?:所有|全部|一切)?的?研究)"
)
_SEVERAL = 6  # things that one yes takes away


def deletions_said(say: str, known: Known) -> Plan | None:
    """The plan of a deletion that is read by its words alone: of what is not there, of a dataset's studies.

    None for any other message.
    """
    if (named_all := named_deletions(say, known)) is not None:
        return named_all
    if (one := _ONE.match(say)) is not None and not _NO_NAMES.fullmatch(one["name"]):
        return _not_there(say, "study" if one["kind"].lower() in ("study", "研究") else "dataset", one["name"], known)
    named = re.search(any_of(known.datasets), say, re.IGNORECASE)
    if named is None:
        return None
    text = re.sub(re.escape(named[0]), "·", say)
    takes_data = re.match(rf"{_DELETES}{_IT_AND_STUDIES}{_ANY_OF_IT}", text, re.IGNORECASE) is not None
    if not takes_data and re.match(rf"{_DELETES}{_ALL_STUDIES}{_ANY_OF_IT}", text, re.IGNORECASE) is None:
        return None
    dataset = next(name for name in known.datasets if name.lower() == named[0].lower())
    return _with_studies(say, dataset, takes_data=takes_data, known=known)


def _not_there(say: str, kind: str, name: str, known: Known) -> Plan | None:
    names = known.datasets if kind == "dataset" else known.studies
    if name.lower() in map(str.lower, names) or known.would(f"{_DOES[kind]}_{kind}", {kind: name}).problem is None:
        return None  # that is there, by this name or by its first one
    near = get_close_matches(name, names, n=3, cutoff=0.6) or list(names[:8])
    listed = ", ".join(map(outside.code, near)) or "none"
    if is_chinese(say):
        what = "数据集" if kind == "dataset" else "研究"
        return Plan(say=say, answer=f"没有名为 {outside.code(name)} 的{what}，所以什么都没有删除。现有：{listed}。")
    more = "The nearest" if near and near != list(names[:8]) else "There"
    is_are = "is" if len(near) == 1 else "are"
    return Plan(
        say=say,
        answer=f"There is no {kind} {outside.code(name)}, so nothing was removed. {more} {is_are}: {listed}.",
    )


_DOES = {"dataset": "remove", "study": "delete"}


def _with_studies(say: str, dataset: str, *, takes_data: bool, known: Known) -> Plan | None:
    """Asks about all of them by name; they are deleted one after the other."""
    of = [name for name in known.studies if (here := known.of(name)).study_dataset == dataset and here.study == name]
    zh = is_chinese(say)
    if not of:
        if takes_data and not zh:
            return None  # which is asked about as ever
        if takes_data:
            alone = Request(tool="remove_dataset", args={"dataset": dataset}, words=say)
            return Plan(
                say=say,
                waiting=Waiting(requests=(alone,), text=question("destructive", [alone], ()), why="destructive"),
            )
        said = f"{outside.code(dataset)} 上没有研究，所以什么都没有删除。"
        return Plan(
            say=say, answer=said if zh else f"There is no study on {outside.code(dataset)}, so nothing was deleted."
        )
    listed = ("、" if zh else ", ").join(map(outside.code, of[:20]))
    if len(of) + takes_data > _SEVERAL:
        said = f"{outside.code(dataset)} 上有 {len(of)} 个研究：{listed}。请一个一个地说：“删除研究 {outside.text(of[0])}”。什么都没有删除。"
        each = f"I delete so many one at a time, so nothing was deleted: say `delete the study {outside.text(of[0])}`, and so on"
        last = f", and then `remove the dataset {outside.text(dataset)}`" if takes_data else ""
        english = f"There are {len(of)} studies on {outside.code(dataset)}: {listed}. {each}{last}."
        return Plan(say=say, answer=said if zh else english)
    requests = [Request(tool="delete_study", args={"study": name}, words=say) for name in of]
    requests += [Request(tool="remove_dataset", args={"dataset": dataset}, words=say)] if takes_data else []
    problem = next((found for one in requests if (found := known.would(one.tool, one.args).problem)), None)
    if problem is not None and not zh:
        return Plan(say=say, answer=f"{sentence(problem)} Nothing was deleted.")
    if problem is not None:
        return Plan(say=say, answer=f"没有删除：{refusal(problem)}")
    text = f"Shall I {listed_in_words([phrase(one) for one in requests])}? Each can be taken back with “undo”, the last one first."
    return Plan(say=say, waiting=Waiting(requests=tuple(requests), text=text, why="destructive"))


def deletion(request: Request, stretch: Stretch, known: Known) -> Waiting | None:
    """What is asked or said before a deletion that takes something else, more or less than was said; None: it does not."""
    if (kind := _KINDS.get(request.tool)) is None:
        return None
    return (
        _of_what_stays(request, kind, stretch, known)
        or _of_nothing(request, kind, stretch, known)
        or _of_the_others(request, kind, stretch, known)
        or _of_everything(request, kind, stretch, known)
        or _in_part(request, stretch, known)
    )


def _of_what_stays(request: Request, kind: str, stretch: Stretch, known: Known) -> Waiting | None:
    """What is named behind "keep", "not" or "except" is never what is deleted."""
    name = request.args.get(kind)
    if not isinstance(name, str) or not keeps(stretch.said.text, name):
        return None
    others = tuple(one for one in (known.datasets if kind == "dataset" else known.studies) if one != name)
    does = "remove" if kind == "dataset" else "delete"
    text = f"{outside.code(name)} stays, and nothing was done. Which {kind} shall I {does}?"
    return Waiting(requests=(request.with_args(**{kind: None}),), lacking=kind, choices=others[:8], text=text)


def _of_nothing(request: Request, kind: str, stretch: Stretch, known: Known) -> Waiting | None:
    """A name that nothing has is not taken for one that is next to it."""
    near = [span for start, end in stretch.parts for span in stretch.said.of("dataset", "study", start=start, end=end)]
    span = next((span for span in near if span.is_near and span.value in request.args.values()), None)
    if span is None:
        return None
    match = next((one for one in _SIGNS.finditer(stretch.said.text) if one.start() <= span.start < one.end()), None)
    name = outside.text(match[0] if match else stretch.said.words(span))
    waiting = which_argument((request.with_args(**{kind: None}),), kind, known)
    return replace(waiting, text=f"There is no {kind} `{name}`, so nothing was removed. {waiting.text}")


def _of_the_others(request: Request, kind: str, stretch: Stretch, known: Known) -> Waiting | None:
    """ "all datasets but demo" are the others, one at a time."""
    match = _ALL_BUT.search(stretch.text)
    if match is None:
        return None
    said, kept = stretch.text[match.end() :].lower(), {str(value) for value in request.args.values()}
    names = _of_one_base(known.datasets, stretch.text) if kind == "dataset" else known.studies
    others = tuple(name for name in names if name not in kept and name.lower() not in said)
    if len(others) < 2 and not kept & set(names) - set(others):
        return None
    listed = ", ".join(f"`{name}`" for name in others) or "none"
    does = "remove" if kind == "dataset" else "delete"
    text = f"I {does} one {kind} at a time, so nothing was done. The others are: {listed}. Which shall I {does}?"
    return Waiting(requests=(request.with_args(**{kind: None}),), lacking=kind, choices=others[:8], text=text)


def _of_everything(request: Request, kind: str, stretch: Stretch, known: Known) -> Waiting | None:
    """ "delete everything" names nothing, so that none is picked for it."""
    match = _EVERYTHING.search(stretch.text)
    if match is None or _OF_A_KIND.search(stretch.text) or stretch.said.of("study", "dataset", "path"):
        return None
    names = known.datasets if kind == "dataset" else known.studies
    word, does = outside.text(match[0]), "remove" if kind == "dataset" else "delete"
    note = f"I {does} one {kind} at a time, so “{word}” was not used and nothing was done."
    one, asks = request.with_args(**{kind: None}), f"{note} Which {kind} shall I {does}?"
    return Waiting(requests=(one,), lacking=kind, choices=names[:8], text=asks, notes=(note,))


def _of_one_base(datasets: Sequence[str], text: str) -> tuple[str, ...]:
    """The versions of the dataset whose first name the text says; all where it speaks of no versions."""
    said = {word.lower() for word in _SIGNS.findall(text)}
    found = tuple(one for one in datasets if re.sub(r"-v\d+$", "", one.lower()) in said)
    return found if found and _VERSIONS.search(text) else tuple(datasets)


def _in_part(request: Request, stretch: Stretch, known: Known) -> Waiting | None:
    """What of the wish a deletion does not do."""
    text, notes = stretch.said.text, []
    if request.tool == "remove_dataset" and _WITH_STUDIES.search(text):
        notes.append("The studies on it stay: I delete one study at a time, with `delete the study …`.")
    if _FOR_EVER.search(text) and request.tool == "remove_dataset":
        request = request.with_args(for_good=True)
        notes += known.would(request.tool, request.args).notes
    elif _FOR_EVER.search(text):
        notes.append("I erase no study for ever: what is deleted is taken out of the list, and its files stay.")
    if not (notes or request.args.get("for_good")) or not request.args:
        return None
    said = "\n\n".join(notes)
    return Waiting(
        requests=(request,),
        notes=tuple(notes),
        text=f"{said}\n\n{question('destructive', [request], ())}".strip(),
        why="destructive",
    )
