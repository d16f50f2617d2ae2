"""Questions back: which tool was meant, or what an argument should be; and how the next answer resolves them."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from agent.llm.pilot.arguments import missing, read_arguments
from agent.llm.pilot.context import PilotContext

SAYS: dict[str | None, str] = {
    "list_datasets": "list the datasets",
    "add_dataset": "add a data file",
    "describe_dataset": "describe a dataset",
    "recall_trials": "look into the memory of past trials",
    "remember_lesson": "keep a note in the memory",
    "start_study": "start tuning",
    "propose_trial": "propose the next trial without running it",
    "run_trial": "run a trial",
    "set_search_space": "change the search space",
    "change_study": "change the budget, models or constraints of the study",
    "repeat_trial": "run a trial again with another seed",
    "control_study": "pause, resume or stop the study",
    "study_status": "show how the study stands",
    "explain_trial": "explain a trial",
    "compare_trials": "compare trials",
    "parameter_importance": "show which params matter",
    "show_tradeoffs": "show the trade-offs between metrics",
    "recommend_items": "recommend items to a user",
    "export_model": "export a model",
    "confirm": "confirm the best trial and read test",
    "show_confirmation": "tell what the confirmation and test said",
}
"""What each tool does, as a choice reads."""

_ASKED = {
    "path": "Which file shall I read? Give me its path, or drop it into the chat.",
    "text": "What shall I remember? Say it in a sentence.",
    "param": "Which param do you mean, and what may it be? For example: keep dropout between low and high.",
    "trials": "Which trials shall I compare? Name two or more by their numbers.",
    "user": "For which user? Give me an id as it stands in the data.",
    "action": "Shall I pause, resume or stop the study?",
}
_FIRST = (
    r"^\W*(?:1|a|the first(?: one)?|first|former|yes|yeah|yep|ok\w*|sure|go on|go ahead|do it|the former|erste\w*|ja|"
    r"sí|oui)\W*$"
)
_SECOND = r"^\W*(?:2|b|the second(?: one)?|second|the latter|latter|zweite\w*)\W*$"
_THIRD = r"^\W*(?:3|c|the third(?: one)?|third|the last(?: one)?)\W*$"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What was asked back, kept with the answer so that the next message can resolve it."""

    said: str  # the message that led to it
    text: str
    tools: tuple[str, ...] = ()  # to choose a tool from
    tool: str | None = None  # whose argument is asked for
    lacking: str | None = None
    args: Mapping[str, Any] = field(default_factory=dict)
    choices: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Question":
        """The question that `to_dict` wrote, whatever a checkpointer made of its tuples."""
        return cls(**(dict(data) | {name: tuple(data[name]) for name in ("tools", "choices")}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A tool with its arguments."""

    tool: str
    args: Mapping[str, Any]


def which_tool(said: str, tools: tuple[str, ...]) -> Question:
    """Asks which of two or three tools is meant."""
    choices = tuple(SAYS[tool][0].upper() + SAYS[tool][1:] for tool in tools)
    listed = ", ".join(f"**{SAYS[tool]}**" for tool in tools[:-1]) + f" or **{SAYS[tools[-1]]}**"
    return Question(said=said, text=f"I am not sure what you mean. Shall I {listed}?", tools=tools, choices=choices)


def which_argument(said: str, tool: str, args: Mapping[str, Any], lacking: str, context: PilotContext) -> Question:
    """Asks for one required argument, naming what there is to choose from."""
    choices: tuple[str, ...] = ()
    text = _ASKED.get(lacking, "")
    if lacking == "dataset":
        choices = context.datasets[:8]
        verb = "tune on" if tool == "start_study" else "describe"
        known = (
            f" There {'is' if len(choices) == 1 else 'are'}: " + ", ".join(f"`{name}`" for name in choices) + "."
            if choices
            else ""
        )
        text = f"Which dataset shall I {verb}?{known} A file dropped into the chat becomes one too."
    elif lacking == "action":
        choices = ("Pause", "Resume", "Stop")
    elif lacking == "param":
        models = context.study_models or context.models
        names = sorted({name for model in models for name in context.spaces.get(model, ())})
        text = f"{text} The params are: {', '.join(f'`{name}`' for name in names)}."
    elif lacking == "trials" and len(context.ranking) > 1:
        text = f"{text} The best two are trial {context.ranking[0]} and trial {context.ranking[1]}."
        choices = (f"{context.ranking[0]} and {context.ranking[1]}",)
    return Question(said=said, text=text, tool=tool, lacking=lacking, args=args, choices=choices)


def resolve(question: Question, answer: str, context: PilotContext) -> Call | Question | None:
    """The call that the answer settles, the next question, or None where the answer speaks of something else."""
    if question.tools:
        tool = _chosen(question, answer)
        return complete(tool, question.said, context) if tool else None
    if question.tool is None or question.lacking is None:
        return None
    value = _argument(question, answer, context)
    if value is None:
        return None
    args = dict(question.args) | {question.lacking: value}
    if question.tool == "set_search_space":
        args = dict(question.args) | read_arguments("set_search_space", answer, context)
    elif question.tool == "start_study":
        more = read_arguments("start_study", answer, context)
        args = more | args
    return _call_or_question(question.said, question.tool, args, context)


def complete(tool: str, said: str, context: PilotContext, action: str | None = None) -> Call | Question:
    """The call of `tool` that the message asks for, or the question for what it lacks."""
    return _call_or_question(said, tool, read_arguments(tool, said, context, action), context)


def _call_or_question(said: str, tool: str, args: Mapping[str, Any], context: PilotContext) -> Call | Question:
    lacking = missing(tool, args)
    if lacking:
        return which_argument(said, tool, args, lacking[0], context)
    return Call(tool=tool, args=args)


def _chosen(question: Question, answer: str) -> str | None:
    said = answer.strip().strip("*.!").lower()
    for tool, choice in zip(question.tools, question.choices, strict=True):
        if said == choice.lower():
            return tool
    for place, pattern in enumerate((_FIRST, _SECOND, _THIRD)):
        if place < len(question.tools) and re.match(pattern, answer, re.IGNORECASE):
            return question.tools[place]
    return None


def _argument(question: Question, answer: str, context: PilotContext) -> Any:
    lacking, said = question.lacking or "", answer.strip().strip("\"'`")
    found = read_arguments(question.tool or "", answer, context).get(lacking)
    if found is not None and not (lacking == "text" and len(said.split()) < 2):
        return found
    if question.choices and lacking != "trials":
        for place, pattern in enumerate((_FIRST, _SECOND, _THIRD)):
            if place < len(question.choices) and re.match(pattern, answer, re.IGNORECASE):
                return question.choices[place].lower() if lacking == "action" else question.choices[place]
    is_short = 0 < len(said.split()) <= 2
    if lacking in ("dataset", "user") and is_short and re.fullmatch(r"[\w][\w.@:/-]*", said.split()[-1]):
        return said.split()[-1]
    if lacking == "text" and len(said.split()) >= 3:
        return said
    return None
