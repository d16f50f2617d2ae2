"""What is done with the text beside dropped files: it belongs to the file as far as it speaks of it."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolCall, ToolMessage

from agent import outside
from agent.answers import in_chinese
from agent.answers.explain import word
from agent.answers.hashing import not_hashed
from agent.answers.wording import listed, sentence
from agent.chat.uploads import Upload
from agent.llm.pilot.composing import is_in_chinese
from agent.results.kept import to_json
from agent.results.result import NotDone, Result, WaitingCall
from agent.understanding.bounds.stretch import Stretch
from agent.understanding.buttons import yes_or_no
from agent.understanding.clauses.corrections import settled
from agent.understanding.data.at_reading import at_reading
from agent.understanding.data.beside_files import said_beside
from agent.understanding.data.column_words import columns_apart
from agent.understanding.data.likes_words import is_positive_alone, positive_in
from agent.understanding.data.words_left import without_same_rules, words_left
from agent.words.names import Names, read
from agent.workspace import Workspace
from recmodels.data.catalogue import Catalogue

_TELLING = (
    "number",
    "share",
    "fraction",
    "duration",
    "dataset",
    "model",
    "metric",
    "param",
    "sampler",
    "split",
    "study",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfFile:
    """A text beside files, taken apart."""

    args: Mapping[str, object] = field(default_factory=dict)  # of `add_dataset`
    rest: str
    is_hiding: bool = False  # it wants ids hashed, or persons hidden
    left: tuple[str, ...] = ()  # words that would make it another file, and that no argument holds

    def joins_hashed(self, catalogue: Catalogue) -> bool:
        """Whether the file is joined to a dataset whose ids are hashed, as its own will be."""
        base = self.args.get("append")
        return isinstance(base, str) and catalogue.key_of(base) is not None and bool(catalogue.get(base).choices.hashed)

    def unused(self, workspace: Workspace) -> str:
        """What nothing used though it names something, in a sentence; empty where nothing is lost."""
        names = Names(datasets=tuple(workspace.catalogue.names()), studies=tuple(workspace.runner.names()))
        said = [span for span in read(self.rest, names).spans if span.kind in _TELLING]
        if not said:
            return ""
        datasets = [str(span.value) for span in said if span.kind == "dataset"]
        to_join = (
            f" To join a file to {outside.code(datasets[0])}, write `append to {datasets[0]}` beside it."
            if datasets
            else ""
        )
        return f"I did not use {outside.said(f'“{self.rest.strip()}”')}: only the file was read.{to_join}"


def beside_file(text: str, n_files: int, catalogue: Catalogue) -> OfFile:
    """What a text says of the files that it stands beside; a name and what to join belong to one file only."""
    of_rows = at_reading(text)
    found = _beside(of_rows.rest, n_files, catalogue)
    used = [str(value) for value in found.args.values() if isinstance(value, str)]
    left = words_left(found.rest, used, tells_columns="columns" in found.args)
    return replace(
        found,
        args={**found.args, **of_rows.args},
        is_hiding=bool(of_rows.hash_ids),
        left=without_same_rules(left) if "append" in found.args else left,
    )


def worded(say: str) -> Callable[[str, Result], str]:
    """What words facts in the language of a message."""
    return in_chinese.word if is_in_chinese(say) else word


def not_added_hashed(text: str, file: str) -> list[AnyMessage]:
    """The turn in which a file was dropped whose ids shall be hashed; nothing of it is kept."""
    return [HumanMessage(text), AIMessage(sentence(not_hashed(file)))]


def asked_before(
    text: str, kept: Sequence[Upload], of_file: OfFile, why_not: Callable[[Mapping[str, object]], str]
) -> list[AnyMessage]:
    """The turn that asks, before files are read, about the words beside them that nothing used; a yes adds them.

    Args:
        why_not: Of the arguments of `add_dataset`: why they cannot be, which is told and asks nothing; empty: they can.
    """
    paths = [str(upload.path) for upload in kept if upload.path is not None]
    refused = [outside.said(sentence(upload.refusal)) for upload in kept if upload.path is None]
    messages: list[AnyMessage] = [HumanMessage(text, additional_kwargs={"files": paths, "beside": text})]
    refused += [outside.said(sentence(why)) for path in paths if (why := why_not({"path": path, **of_file.args}))]
    if len(refused) >= len(kept):
        return [*messages, AIMessage("\n\n".join(dict.fromkeys(refused)))]
    ask = _question_in_chinese if is_in_chinese(text) else _question
    asks = ask(of_file.left, [upload.name for upload in kept if upload.path is not None])
    for path in paths:
        call = ToolCall(
            name="add_dataset",
            args={"path": path, **of_file.args},
            id=f"call_{uuid.uuid4().hex[:12]}",
            type="tool_call",
        )
        waits = NotDone(error=asks, not_done="unused", waits=WaitingCall(tool=call["name"], args=call["args"]))
        messages.append(AIMessage("", tool_calls=[call]))
        messages.append(ToolMessage(to_json(waits), tool_call_id=call["id"] or "", name=call["name"], status="error"))
    said = "\n\n".join((*refused, asks))
    return [*messages, AIMessage(said, response_metadata={"choices": list(yes_or_no(text))})]


def _question(left: Sequence[str], names: Sequence[str]) -> str:
    said = ", ".join(outside.said(f"“{words}”") for words in left)
    return (
        f"I did not use {said}. Shall I add {listed([outside.code(name) for name in names])} without it? Which rows are"
        " read can be said so: only rows with `column=value`; users or items with few events are left out after"
        " that, by “filter NAME to items with at least 5 events”. Nothing was added yet, and nothing else was done."
    )


def _question_in_chinese(left: Sequence[str], names: Sequence[str]) -> str:
    said = "、".join(outside.said(f"“{words}”") for words in left)
    files = "、".join(outside.code(name) for name in names)
    return (
        f"我没有用到{said}。要我不管它，添加 {files} 吗？读哪些行可以这样说：只要“列”是“值”的；之后再用"
        "“filter NAME to items with at least 5 events”去掉事件很少的用户或物品。还没有添加，也没有做别的。"
    )


def _beside(text: str, n_files: int, catalogue: Catalogue) -> OfFile:
    if n_files > 1:
        apart = columns_apart(text)
        return OfFile(args={"columns": apart.columns} if apart.columns else {}, rest=apart.rest)
    found = said_beside(text, catalogue.names())
    is_named = found.name is not None and (found.is_told or catalogue.key_of(found.name) is None)
    said = settled(read(found.rest, Names()))
    likes = positive_in(Stretch(said, [(0, len(said.text))])) if found.rest and is_positive_alone(said) else {}
    args: dict[str, object] = {
        "columns": found.columns,
        "append": found.append,
        "name": found.name if is_named else None,
    }
    return OfFile(args={name: value for name, value in args.items() if value} | likes, rest="" if likes else found.rest)
