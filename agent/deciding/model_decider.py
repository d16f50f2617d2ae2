"""A chat model as the decider: the study in a prompt, the answer under a JSON schema made from what is legal now."""

import json
import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.runnables import RunnableConfig

from agent.deciding.acts import Draft
from agent.deciding.answer import UnreadableError, draft_of
from agent.deciding.context import DecisionContext
from agent.deciding.decision import DecisionFailed
from agent.deciding.prompt import USUAL_TOKENS, Question, estimated, fitted
from agent.deciding.rationale import CUT, checked_reason
from agent.grounding.cut_words import put_right
from agent.recording.recorder import UNHEARD, Unheard
from agent.secrets import cleaned

_log = logging.getLogger(__name__)
_MOST_TOKENS = 16_000  # of a question, however long the model's context is: more is slow and does not help
_FOR_ANSWER = 1200  # tokens of the context that are left for the answer and for a question asked again


class ModelDecider:
    """Asks a LangChain chat model.

    chooser = Chooser(ModelDecider(chat_model, timeout_s=60))
    """

    def __init__(self, chat_model: BaseChatModel, timeout_s: float, heard: Unheard = UNHEARD) -> None:
        """`heard` is told what the model is shown and answers, and what is cut from its reason."""
        self._chat_model = chat_model
        self._timeout_s = timeout_s
        self._heard = heard

    def __call__(self, context: DecisionContext) -> Draft:
        """The model's draft.

        Raises:
            DecisionFailed: No answer in time, or one that does not fit the schema.
        """
        question = fitted(context, budget_of(self._chat_model), _counter(self._chat_model))
        draft = self._draft(context, question)
        found = checked_reason(context, draft)
        self._heard.checked(draft.rationale, found)
        if found.cuts:
            said = f"{question.text}\nYour last answer: {json.dumps(draft.rationale)}\n{put_right(found)}"
            again = self._again(context, replace(question, text=said))
            if again is not None:
                self._heard.checked(again.rationale, better := checked_reason(context, again))
                if len(better.cuts) <= len(found.cuts):
                    draft, found = again, better
        return replace(draft, rationale=f"{found.text} {CUT}".strip() if found.cuts else found.text)

    def _draft(self, context: DecisionContext, question: Question) -> Draft:
        structured = self._chat_model.with_structured_output(question.schema)
        left_s, heard = self._left_s(context), RunnableConfig(callbacks=self._heard.callbacks)
        answer = _within(left_s, lambda: structured.invoke(question.text, heard, timeout=left_s), self._too_late())
        try:
            return draft_of(cleaned(answer))
        except UnreadableError as error:
            raise DecisionFailed(str(error)) from error

    def _again(self, context: DecisionContext, question: Question) -> Draft | None:
        """A second answer; None where none comes, so that the first stands without what does not hold."""
        try:
            return self._draft(context, question)
        except Exception:  # noqa: BLE001 - the first answer is there
            _log.debug("the decider failed when asked again", exc_info=True)
            return None

    def _left_s(self, context: DecisionContext) -> float:
        """One time limit for a decision, however often it is sent back."""
        left = self._timeout_s - (0.0 if context.asked_at is None else time.monotonic() - context.asked_at)
        if left <= 0:
            raise self._too_late()
        return left

    def _too_late(self) -> DecisionFailed:
        return DecisionFailed(f"no answer within {self._timeout_s:g} s")


def budget_of(chat_model: BaseChatModel) -> int:
    """How many tokens a question with its schema may have: as many as the model's context has room for, if known."""
    length = getattr(chat_model, "context_length", None)
    return min(max(length - _FOR_ANSWER, length // 2), _MOST_TOKENS) if isinstance(length, int) else USUAL_TOKENS


def _counter(chat_model: BaseChatModel) -> Callable[[str], int]:
    """Counts tokens: as the model does, where its tokenizer is at hand."""
    counter = getattr(chat_model, "n_tokens", None)
    return counter if callable(counter) else estimated


def _within(timeout_s: float, call: Any, too_late: DecisionFailed) -> Any:
    """The call's result; a call that takes longer is left behind in its thread."""
    box: queue.SimpleQueue[tuple[Any, BaseException | None]] = queue.SimpleQueue()

    def run() -> None:
        try:
            box.put((call(), None))
        except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
            box.put((None, error))

    threading.Thread(target=run, daemon=True, name="decider").start()
    try:
        answer, error = box.get(timeout=timeout_s)
    except queue.Empty:
        raise too_late from None
    if error is not None:
        raise error
    return answer
