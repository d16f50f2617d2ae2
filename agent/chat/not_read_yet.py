"""What is wanted of a file while a question about its columns is open: it is not done, and the question stays open."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage

from agent import outside
from agent.chat.columns_said import speaks_of_file
from agent.chat.file_named import file_named
from agent.chat.open_files import open_files
from agent.chat.said_of_columns import of_file
from agent.llm.pilot.chat import DIALOGUE, dialogue_of
from agent.understanding.clauses.mood_words import QUESTION
from agent.understanding.data.data_elsewhere import names_file
from agent.understanding.known import Known
from agent.words.chinese import is_chinese

_CANCELS = re.compile(
    r"^\W*(?:no\W+)*(?:stop|cancel|never\s*mind|forget|leave\s+it|don['’]?t\s+(?:add|read)|算了|取消|不用)\b",
    re.IGNORECASE,
)


def not_read_yet(text: str, messages: Sequence[AnyMessage], datasets: Sequence[str]) -> list[AnyMessage]:
    """The message and its answer, where it wants something of the file that waits; empty for any other message."""
    files = open_files(messages)
    named = file_named(text, files, datasets)
    one = named[0] if named else next((one for one in reversed(files) if one.is_next), None)
    if one is None or one.question.corrects or _CANCELS.match(text):
        return []
    question = one.question
    is_question = text.strip().endswith(("?", "？")) or QUESTION.match(text.lower()) is not None
    if is_question and named is None:
        return []
    if named is None and (names_file(text) or not speaks_of_file(text, question)):
        return []
    file, columns = outside.code(PurePath(question.path).name), "、".join(map(outside.code, question.candidates))
    if is_chinese(text):
        undone = "" if is_question else f"，所以没有执行“{outside.text(text)}”"
        said = f"{file} 还没有读入{undone}。请先说哪一列是它的 {question.role}（{columns}），然后再说一次。"
    else:
        undone = "" if is_question else f", so nothing was done with “{outside.text(text)}”"
        asks = f"{question.question} {columns.replace('、', ', ')}"
        said = f"{file} is not read yet{undone}: answer the question first, then say it again.\n\n{asks}"
    dialogue = replace(dialogue_of(messages, Known()), unread=question.path)
    kept = {DIALOGUE: dialogue.to_dict()}
    about = {"choices": [of_file(one, name) if len(files) > 1 else name for name in question.candidates]}
    return [HumanMessage(text), AIMessage(said, additional_kwargs=kept, response_metadata=about)]
