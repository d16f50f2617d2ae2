"""An order that was given together with a file whose columns are asked: it is kept until the file is read."""

from collections.abc import Sequence

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage

from agent import outside
from agent.words.chinese import is_chinese

ORDER = "order"  # in additional_kwargs of what was said: what is to be done once the file is read
NOT_SHOWN = "not_shown"  # there as well: these words are part of what the person said before


def goes_on_later(order: str) -> str:
    """That the order is done once the question is answered."""
    said = outside.said(f"“{order.strip()}”")
    return f"说明之后，我会接着执行{said}。" if is_chinese(order) else f"Once that is said, I go on with {said}."


def was_not_done(order: str) -> str:
    """That the order is lost with its file."""
    said = outside.said(f"“{order.strip()}”")
    return f"所以没有执行{said}。" if is_chinese(order) else f"So nothing was done with {said}."


def which_file(text: str, choices: Sequence[str]) -> list[AnyMessage]:
    """The turn that asks which of several files a message is about."""
    asks = "请问说的是哪个文件？" if is_chinese(text) else "Of which file is that said?"
    listed = "\n".join(f"- {outside.text(choice)}" for choice in choices)
    return [HumanMessage(text), AIMessage(f"{asks}\n\n{listed}", response_metadata={"choices": [*choices]})]
