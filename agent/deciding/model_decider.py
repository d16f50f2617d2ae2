"""A chat model as the decider: the study in a prompt, the answer under a JSON schema made from the live space."""

import json
import logging
import queue
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from importlib import resources
from string import Template
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.runnables import RunnableConfig
from pydantic import BaseModel, ConfigDict, ValidationError

from agent.advisor.situation import shown
from agent.deciding.decision import DecisionContext, DecisionFailed, Draft
from agent.deciding.rationale import CUT, checked_reason
from agent.grounding.cut_words import put_right
from agent.recording.recorder import UNHEARD, Unheard
from agent.standing import ordered
from memory.record import TrialRecord
from recmodels.search_space import Choice, Int, Param, ParamValue, SearchSpace

_log = logging.getLogger(__name__)
MAX_RATIONALE = 400  # characters
_N_BEST, _N_LATEST, _N_RECALLED, _N_LESSONS = 5, 5, 5, 5
_TEXT_CAP = 300  # characters of any text that comes from data or people


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
        draft = self._draft(context, prompt(context))
        found = checked_reason(context, draft)
        self._heard.checked(draft.rationale, found)
        if found.cuts:
            asked = f"{prompt(context)}\nYour last answer: {json.dumps(draft.rationale)}\n{put_right(found)}"
            again = self._again(context, asked)
            if again is not None:
                self._heard.checked(again.rationale, better := checked_reason(context, again))
                if len(better.cuts) <= len(found.cuts):
                    draft, found = again, better
        return replace(draft, rationale=f"{found.text} {CUT}".strip() if found.cuts else found.text)

    def _draft(self, context: DecisionContext, question: str) -> Draft:
        structured = self._chat_model.with_structured_output(schema(context))
        left_s, heard = self._left_s(context), RunnableConfig(callbacks=self._heard.callbacks)
        answer = _within(left_s, lambda: structured.invoke(question, heard, timeout=left_s), self._too_late())
        try:
            return _Answer.model_validate(answer).draft()
        except ValidationError as error:
            raise DecisionFailed(f"its answer does not fit the schema: {error.errors()[0]['msg']}") from error

    def _again(self, context: DecisionContext, question: str) -> Draft | None:
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


class _Own(BaseModel):
    model_config = ConfigDict(extra="forbid")
    model: str
    params: dict[str, ParamValue]


class _Taken(BaseModel):
    model_config = ConfigDict(extra="forbid")
    candidate: int


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")
    rationale: str
    choice: _Taken | _Own
    expected: float
    evidence: list[str] = []

    def draft(self) -> Draft:
        return Draft(
            candidate=self.choice.candidate if isinstance(self.choice, _Taken) else None,
            model=self.choice.model if isinstance(self.choice, _Own) else None,
            params=self.choice.params if isinstance(self.choice, _Own) else None,
            expected=self.expected,
            rationale=" ".join(self.rationale.split())[:MAX_RATIONALE],
            evidence=tuple(self.evidence),
        )


def schema(context: DecisionContext) -> dict[str, Any]:
    """The answer's JSON schema: candidates by number, params within today's ranges, evidence by id."""
    ids = [record.id for record in _shown_records(context)] + [
        record.id for record, _ in context.recalled[:_N_RECALLED]
    ]
    ids += [lesson.id for lesson in context.lessons[:_N_LESSONS]]
    taken = _object({"candidate": {"type": "integer", "enum": list(range(len(context.candidates)))}})
    own = [
        _object({"model": {"type": "string", "enum": [model]}, "params": _space_schema(space)})
        for model, space in context.spaces.items()
        if len(space)
    ]
    items = {"type": "string", "enum": ids} if ids else {"type": "string", "maxLength": 0}
    answer = {
        "rationale": {"type": "string", "maxLength": MAX_RATIONALE},
        "choice": {"anyOf": [taken, *own]},
        "expected": {"type": "number"},
        "evidence": {"type": "array", "items": items, "maxItems": min(len(ids), 5)},
    }
    return {"title": "Proposal", "description": "The next trial of the study."} | _object(answer)


def prompt(context: DecisionContext) -> str:
    """The question with all that is known; text from data and people is quoted and capped."""
    template = Template(resources.files("agent").joinpath("prompts/decide.md").read_text(encoding="utf-8"))
    request = f" The person wishes: {_quoted(context.request)}." if context.request else ""
    rule = f"\nYour last answer was refused: {context.rule}. Answer again." if context.rule else ""
    return template.substitute(
        study=context.study,
        objective=str(context.goal),
        number=context.number,
        n_trials=context.n_trials,
        request=request,
        rule=rule,
        **{name: _lines(rows) for name, rows in _facts(context).items()},
    )


def _facts(context: DecisionContext) -> dict[str, list[dict[str, Any]]]:
    """What the model is shown, and what the numbers of its rationale must stand in."""
    return {
        "profile": [{key: float(shown(float(value))) for key, value in context.profile.items()}],
        "space": [{"model": model} | space.describe() for model, space in context.spaces.items()],
        "trials": [_trial(record) for record in _shown_records(context)],
        "recalled": [
            _trial(record) | {"dataset": _capped(record.dataset), "likeness": round(likeness, 2)}
            for record, likeness in context.recalled[:_N_RECALLED]
        ],
        "lessons": [{"id": x.id, "text": _capped(x.text)} for x in context.lessons[:_N_LESSONS]],
        "candidates": [
            {"candidate": i, "model": c.model, "params": dict(c.params), "from": c.source, "reason": c.reason}
            | ({"predicted": c.mean, "spread": c.spread} if c.mean is not None else {})
            for i, c in enumerate(context.candidates)
        ],
    }


def curve_shape(curve: Sequence[float | None], is_maximized: bool) -> str:
    """A learning curve in words: where its best epoch lies and what follows it."""
    sign = 1 if is_maximized else -1
    signed = {epoch: sign * value for epoch, value in enumerate(curve, start=1) if value is not None}
    if len(signed) < 3:
        return "too short to say"
    best, values = max(signed, key=signed.__getitem__), list(signed.values())
    if best == max(signed):
        late, whole = values[-1] - values[-1 - len(values) // 3], signed[best] - values[0]
        return "still rising at the last epoch" if late > 0.1 * whole else "level at the end"
    return f"best at epoch {best} of {len(curve)}, falling after it"


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


def _shown_records(context: DecisionContext) -> list[TrialRecord]:
    """The best trials, then the latest that are not among them."""
    complete = [record for record in context.records if record.state == "complete" and record.value is not None]
    best = ordered(context.goal, complete)[:_N_BEST]
    return best + [record for record in context.records[-_N_LATEST:] if record not in best]


def _trial(record: TrialRecord) -> dict[str, Any]:
    facts: dict[str, Any] = {"id": record.id, "model": record.model, "params": dict(record.params)}
    facts |= {"state": record.state, record.objective: record.value}
    if record.reason:
        facts["reason"] = _capped(record.reason)
    return facts | {"curve": curve_shape(record.curve, record.direction == "maximize")}


def _space_schema(space: SearchSpace) -> dict[str, Any]:
    return _object({name: _param_schema(param) for name, param in space.items()})


def _param_schema(param: Param) -> dict[str, Any]:
    if isinstance(param, Choice):
        return {"enum": list(param.choices)}
    kind = "integer" if isinstance(param, Int) else "number"
    return {"type": kind, "minimum": param.low, "maximum": param.high}


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def _lines(rows: Iterable[Mapping[str, Any]]) -> str:
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows) or "none"


def _capped(text: str) -> str:
    """One line, bounded, and without the marks that end the quoted part."""
    return " ".join(text.replace("<", "‹").replace(">", "›").split())[:_TEXT_CAP]


def _quoted(text: str) -> str:
    return json.dumps(_capped(text), ensure_ascii=False)
