"""From a message to its plan, and from what its calls found to the answer; the chat and rehearsals share both.

A question is answered by facts: the reading tools that it needs become part of the plan. What asks for a tool that
does not exist, and what is written in a language that is not read, never reaches a tool.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from agent import outside
from agent.answers import in_chinese, verdicts_in_chinese
from agent.answers.claimed import columns_of, set_right
from agent.answers.premises import premise
from agent.answers.verdict_facts import Heard
from agent.answers.verdicts import verdict
from agent.answers.verdicts_on_metrics import COVERAGE
from agent.answers.verdicts_on_us import which_model
from agent.llm.pilot.glossary import asks_meaning, asks_practice, every_model, explained, may_ask_meaning
from agent.llm.pilot.plain import plain_answer
from agent.results.comparison import StudiesCompared
from agent.results.data import DatasetAdded
from agent.results.proposal import TrialBegun
from agent.results.result import Result
from agent.results.study import StudyRenamed
from agent.results.subject import about
from agent.results.table import TrialTable
from agent.understanding import replies_in_chinese
from agent.understanding.arguments.left_off_words import in_plain_terms
from agent.understanding.arguments.study_words import study_meant
from agent.understanding.asking.answers_to import is_no, is_yes
from agent.understanding.asking.asked import asked
from agent.understanding.asking.asked_of_data import asked_of_data
from agent.understanding.asking.asked_of_influence import influence_asked
from agent.understanding.asking.asked_of_models import asks_which_models, models_of_study, tried_plan
from agent.understanding.asking.asked_of_notes import notes_asked
from agent.understanding.asking.asked_of_pruning import pruning_asked
from agent.understanding.asking.asked_of_results import against_rival
from agent.understanding.asking.claims import claims_in
from agent.understanding.asking.data_plan import data_plan
from agent.understanding.asking.page_asked import page_asked
from agent.understanding.asking.question_kind import Asked
from agent.understanding.asking.results_asked import results_asked
from agent.understanding.asking.two_questions import parted, with_both
from agent.understanding.asking.who_reads import who_reads
from agent.understanding.buttons import NO, YES
from agent.understanding.buttons import in_chinese as buttons_in_chinese
from agent.understanding.card_changes import is_card_change
from agent.understanding.clauses.language import answered_in, language_of
from agent.understanding.clauses.languages import not_understood
from agent.understanding.clauses.notes import is_note
from agent.understanding.clauses.second_thoughts import hesitates
from agent.understanding.commands import asks_command, said_of_commands
from agent.understanding.data.data_elsewhere import names_file, said_elsewhere
from agent.understanding.data.filter_in_chinese import orders_part
from agent.understanding.data.likes_words import asked_dataset
from agent.understanding.data.part_asked import part_asked
from agent.understanding.dialogue import Dialogue
from agent.understanding.impossible import apart
from agent.understanding.known import Known
from agent.understanding.meant_calls import meant_calls, without_slips
from agent.understanding.names.addressed import addressed
from agent.understanding.names.between_studies import asks_of_studies, none_before, trials_across
from agent.understanding.names.no_such_study import no_such_study
from agent.understanding.names.studies_compared import studies_compared
from agent.understanding.names.study_shown import study_shown
from agent.understanding.names.trials_named import of_the_trials_named
from agent.understanding.note_named import note_named
from agent.understanding.note_orders import note_order
from agent.understanding.note_words import asked_of_notes, forgotten_by_words
from agent.understanding.notes_told import note_told
from agent.understanding.plan import Held, Plan, Request, requests_in
from agent.understanding.replies import runs_on, said_of_held, said_of_no, said_of_reading, said_of_running
from agent.words.chinese import gloss, is_chinese
from agent.words.names import read

Word = Callable[[str, Result], str]
Planning = Callable[[str, Known, Dialogue], Plan]
_MISTAKEN = (
    "explain_trial",
    "parameter_importance",
    "propose_trial",
    "recall_trials",
    "show_confirmation",
    "show_tradeoffs",
    "describe_dataset",
    "calc",
    "predict",
    "show_space",
)
"""Reading tools that a question about a word of the field is often taken for."""
_LOOSE = (
    "study_status",
    "list_datasets",
    "propose_trial",
    "list_lessons",
    "show_space",
    "show_tradeoffs",
    "describe_dataset",
)
"""Reading tools that messages are taken for where the network knows no better one: a question goes before them."""
_OPEN = ("best", "good", "trust", "memory", "was_worth")
"""Kinds that other tools answer as well; for the others what explains trials and confirmations goes behind, too."""
_RANGE = re.compile(
    r"\b(?:ranges?|defaults?|values?|may|between|here|search\w*|space|how\s+far|bounds?|limits?)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pretended(Result):
    """A request that was not made, since this is a rehearsal."""

    request: Request


def planned(plan: Planning, say: str, known: Known, dialogue: Dialogue) -> Plan:
    """What is done with a message, its questions turned into the reading calls that answer them.

    Args:
        plan: `Planner.plan`.
    """
    if (whole := addressed(say, known)) is not None:
        return whole if isinstance(whole, Plan) else replace(planned(plan, whole, known, dialogue), say=say)
    if (by_words := forgotten_by_words(say, known)) is not None:
        return asked_of_notes(by_words, known, dialogue)
    found = _planned(plan, say, known, dialogue)
    if results_asked(say, known, dialogue) is None:  # which reads a message as a whole
        found = with_both(found, lambda half: _planned(plan, half, known, dialogue))
    return asked_of_notes(of_the_trials_named(found, known, dialogue), known, dialogue)


def _planned(plan: Planning, say: str, known: Known, dialogue: Dialogue) -> Plan:
    if (plain := in_plain_terms(say)) != say and not is_note(say):
        return replace(planned(plan, plain, known, dialogue), say=say)
    if is_card_change(say, known, dialogue):
        return plan(say, known, dialogue)
    settles = dialogue.waiting is not None and (is_yes(say) or is_no(say))
    of_notes = note_order(say, known, dialogue)
    if of_notes is None and not settles:
        of_notes = notes_asked(say, known, dialogue) or note_named(say, known, dialogue)
        of_notes = of_notes or note_told(say, known, dialogue)
    if of_notes is not None:
        return of_notes
    language = language_of(say)
    if language not in ("en", "zh") and not settles:
        return Plan(say=say, answer=not_understood(language))
    if is_note(say):  # whose words ask for nothing, possible or not
        return plan(say, known, dialogue)
    if not settles and (elsewhere := said_elsewhere(say)) is not None:
        hashed = plan(say, known, dialogue) if names_file(say) else Plan(say=say)
        return hashed if any("hash_ids" in one.args for one in requests_in(hashed)) else Plan(say=say, answer=elsewhere)
    if not settles and (named := _of_named_study(plan, say, known, dialogue)) is not None:
        return named
    if not settles and (of_us := _of_us(say, known, dialogue)) is not None:
        return of_us
    if not settles and (of_page := page_asked(say, known)) is not None:
        return of_page
    if not settles and (of_results := results_asked(say, known, dialogue)) is not None:
        return of_results
    if not settles and (influence := influence_asked(say, known, dialogue)) is not None:
        return influence
    if not settles and (of_pruner := pruning_asked(say, known, dialogue)) is not None:
        return of_pruner
    if not settles and (of := asked_dataset(say, known.datasets, dialogue.dataset)) is not None:
        args = {"what": "values"} | ({"dataset": of} if of else {})
        return Plan(say=say, requests=(Request(tool="inspect_data", args=args, mood="question", words=say),))
    if not settles and (part := part_asked(say, known, dialogue.dataset)) is not None:
        return part
    is_filter = language == "zh" and orders_part(say)
    if not settles and not is_filter and (asks_of_data := data_plan(say, known, dialogue)) is not None:
        return asks_of_data
    of_data = None if settles or is_filter else _of_data(say, known, dialogue)
    if of_data is not None:
        return Plan(say=say, requests=(of_data,))
    parts = apart(say, (*known.datasets, *known.studies))
    told = "\n\n".join(parts.told)
    if told and not parts.rest:
        return Plan(say=say, answer=f"{told} Nothing was run.")
    found = replace(plan(parts.rest, known, dialogue), say=say)
    if _says_no(found, dialogue) and language == "en" and (stays := said_of_no(known, dialogue)):
        return Plan(say=say, answer=stays)
    if asks_command(say) and not settles:
        spoken = (
            *found.requests,
            *(one.request for one in found.held),
            *(found.waiting.requests if found.waiting else ()),
        )
        return Plan(say=say, answer=said_of_commands(spoken or dialogue.last, known))
    if told:
        return replace(found, answer="\n\n".join(filter(None, (told, found.answer))))
    return (
        found
        if settles or found.answer
        else _with_claims(
            _answering(without_slips(found, known, is_asked=dialogue.waiting is not None), known, dialogue),
            known,
            dialogue,
        )
    )


def _of_us(say: str, known: Known, dialogue: Dialogue) -> Plan | None:
    """What is answered of models and of who sees what, without a tool or from the records; None for other messages."""
    if asks_which_models(say):
        return Plan(
            say=say, answer=every_model() if is_in_chinese(say) else which_model(Heard(says="models", facts={}))
        )
    if (answer := who_reads(say)) is not None:
        return Plan(say=say, answer=answer)
    if against_rival(gloss(say) if is_chinese(say) else say):
        args = {"study": meant} if (meant := study_meant(say, known, dialogue)) else {}
        return Plan(say=say, requests=(Request(tool="study_status", args=args, mood="question", words=say),))
    return models_of_study(say, known, dialogue) or tried_plan(say, known, dialogue)


def _of_named_study(plan: Planning, say: str, known: Known, dialogue: Dialogue) -> Plan | None:
    """What is said of a study that there is none of, or shown of one that is only named; None for any other message."""
    if (shown := study_shown(say, known)) is not None and known.has_study(shown):
        return Plan(say=say, requests=(Request(tool="study_status", args={"study": shown}, words=say),))
    if (across := trials_across(say, known)) is not None and all(
        known.has_study(str(one)) for one in across.requests[0].args.values()
    ):
        return across
    if (compared := studies_compared(say, known, dialogue)) is not None:
        return compared
    if (oldest := none_before(say, known, dialogue)) is not None:
        return oldest
    return no_such_study(say, known, dialogue, lambda other: planned(plan, other, known, dialogue))


def _of_data(say: str, known: Known, dialogue: Dialogue) -> Request | None:
    """The call that answers a question about data, of what was made or looked at last."""
    return asked_of_data(say, known.datasets, dialogue.dataset, made=dialogue.made, study=dialogue.study)


def _says_no(plan: Plan, dialogue: Dialogue) -> bool:
    """Whether the message says no where nothing was asked, and nothing is done with it."""
    asks = plan.requests or plan.waiting or plan.answer or dialogue.waiting
    return is_no(plan.say) and not asks and all(one.why == "refusal" for one in plan.held)


def composed(plan: Plan, found: Sequence[tuple[str, Result]], word: Word, known: Known) -> str:
    """The whole answer: what was asked first, then what was found, what was not done, what is asked back.

    Args:
        found: Tools and what they found, in the order of the plan's requests.
    """
    if is_in_chinese(plan.say):
        return _composed_in_chinese(plan, found, known)
    if len(both := parted(plan)) > 1 and len(found) == len(plan.requests):
        at = len(both[0].requests)
        return "\n\n".join(
            composed(one, some, word, known) for one, some in zip(both, (found[:at], found[at:]), strict=True)
        )
    claimed, found = _claimed(plan, found, known)
    lead, bodies = _led(plan, found, word, verdict)
    if not found and plan.waiting is None and not plan.held and not plan.answer and not lead and not claimed:
        lead = plain_answer(plan.say)
    waiting = plan.waiting.text if plan.waiting else ""
    wrong = [] if lead else [premise(plan.say, result) for _, result in found]
    held = said_of_held(_still_held(plan, lead))
    running = said_of_running(runs_on(plan, known))
    parts = [plan.answer, claimed, lead, *wrong, *bodies, held, running, said_of_reading(plan), waiting]
    return "\n\n".join(dict.fromkeys(filter(None, parts)))


def is_in_chinese(say: str) -> bool:
    """Whether a message is answered in Chinese."""
    return answered_in(say) == "zh"


def offered(plan: Plan) -> tuple[str, ...]:
    """What the person can choose from where the answer asks back, in the language of the answer."""
    if plan.waiting is None:
        return ()
    choices = plan.waiting.choices or ((YES, NO) if plan.waiting.lacking is None else ())
    if not is_in_chinese(plan.say):
        return choices
    is_of_tools = plan.waiting.lacking == "tool" and not replies_in_chinese.is_said_in_chinese(plan.waiting)
    return replies_in_chinese.said_as_choices(plan.waiting) if is_of_tools else buttons_in_chinese(choices)


def _composed_in_chinese(plan: Plan, found: Sequence[tuple[str, Result]], known: Known) -> str:
    lead, bodies = _led(plan, found, _chinese_word, verdicts_in_chinese.verdict)
    if not found and plan.waiting is None and not plan.held and not plan.answer and not lead:
        lead = explained(plan.say, in_chinese=True) or replies_in_chinese.small_talk(plan.say)
    held = replies_in_chinese.said_of_held(_still_held(plan, lead))
    waiting = replies_in_chinese.said_of_waiting(plan.waiting, known) if plan.waiting else ""
    running = replies_in_chinese.said_of_running(runs_on(plan, known))
    is_told = waiting and (plan.waiting is None or plan.waiting.card is None)  # a card tells it by itself
    unused = "、".join(f"“{outside.text(words)}”" for words in plan.unused) if is_told else ""
    waiting = f"我没有用到{unused}。{waiting}" if unused else waiting
    parts = [plan.answer, lead, *bodies, held, running, replies_in_chinese.said_of_reading(plan), waiting]
    return "\n\n".join(dict.fromkeys(filter(None, parts)))


def _still_held(plan: Plan, lead: str) -> tuple[Held, ...]:
    """What was not done and is still to be told: an act that was only asked about was answered already."""
    if lead:
        return ()
    return tuple(one for one in plan.held if not (plan.answer and one.why in ("question", "supposition", "unclear")))


def _chinese_word(tool: str, found: Result) -> str:
    if isinstance(found, Pretended):
        return replies_in_chinese.said_of_pretended(found.request)
    return in_chinese.word(tool, found)


def _led(
    plan: Plan, found: Sequence[tuple[str, Result]], word: Word, verdict_on: Callable[[str, Heard], str]
) -> tuple[str, list[str]]:
    """The verdict, where the message asks a question that was answered; and what else there is to show."""
    question = None if _is_order(plan) or plan.answer else _question(plan)
    facts = dict(found)
    lead = ""
    is_across = isinstance(facts.get("compare_trials"), StudiesCompared)  # which the facts themselves judge
    if question and not is_across and set(question.reads) <= set(facts):
        lead = verdict_on(question.kind, Heard(says=question.says, facts=facts))
    hidden = question.reads if lead and question and not question.shows else ()
    return lead, [word(tool, one) for tool, one in found if tool not in hidden]


def _answering(plan: Plan, known: Known, dialogue: Dialogue) -> Plan:
    """The plan with what answers its question, where it asks one and orders nothing."""
    reading = [request.tool for request in plan.requests]
    asks_both = bool(reading) and plan.waiting is not None and plan.waiting.why is not None
    if _is_order(plan) or asks_both or (len(reading) > 1 and not asks_practice(plan.say)):
        return plan
    asks_range = reading == ["show_space"] and _RANGE.search(plan.say)
    asks = asks_meaning(plan.say) and set(reading) <= set(_MISTAKEN) and not asks_range
    if asks or asks_practice(plan.say) or (not reading and may_ask_meaning(plan.say)):
        meaning = explained(plan.say, in_chinese=is_in_chinese(plan.say))
        return replace(plan, requests=(), waiting=None, answer=meaning)
    between = asks_of_studies(plan.say, known, dialogue)
    if between is not None:
        return replace(plan, requests=(between,), held=(), waiting=None)
    plan = meant_calls(plan, known)
    if len(plan.requests) > 1:  # one trial next to another, and why
        return plan
    question = _question(plan)
    if question is None or not _goes_before(question, reading, plan.say, is_of_trial=dialogue.trial is not None):
        return plan
    requests = _evidence(question, plan, known, dialogue)
    waiting = plan.waiting if hesitates(plan.say) else None  # "run it. Or wait, how long would it take?"
    return plan if requests is None else replace(plan, requests=requests, waiting=waiting)


_TELLS_VALUES = ("trials", "calc", "predict", "show_tradeoffs", "remember_lesson")
"""Tools whose requests hold values that nothing claims to have measured."""


def _with_claims(plan: Plan, known: Known, dialogue: Dialogue) -> Plan:
    """The plan with what the results that it takes for granted are checked against; a question of which tool gives way."""
    claims = () if is_in_chinese(plan.say) or plan.acting else claims_in(plan.say, known)
    if not claims or any(request.tool in _TELLS_VALUES for request in plan.requests):
        return plan
    if plan.waiting is not None and plan.waiting.lacking != "tool":
        return plan
    study = study_meant(plan.say, known, dialogue)
    args = {"columns": columns_of(claims)} | ({"study": study} if study else {})
    return replace(plan, requests=(Request(tool="trials", args=args), *plan.requests), waiting=None)


def _claimed(plan: Plan, found: Sequence[tuple[str, Result]], known: Known) -> tuple[str, Sequence[tuple[str, Result]]]:
    """What the records say of the claims, and what else was found."""
    checked = plan.requests[:1] and plan.requests[0].tool == "trials" and not plan.requests[0].words
    if not checked or not found or found[0][0] != "trials":
        return "", found
    table = found[0][1]
    return set_right(claims_in(plan.say, known), table) if isinstance(table, TrialTable) else "", found[1:]


def _is_order(plan: Plan) -> bool:
    """Whether something is done, or asked back about an act that is ordered."""
    waiting = plan.waiting
    if plan.acting or waiting is None or waiting.lacking == "tool":
        return bool(plan.acting)
    if waiting.lacking is not None:
        return any(request.acts for request in waiting.requests)
    return not plan.held


_OF_TRIALS = re.compile(r"\btrials?\b|\bruns?\b|\d", re.IGNORECASE)


def _goes_before(question: Asked, reading: Sequence[str], say: str, *, is_of_trial: bool = False) -> bool:
    """Whether the question's own answer takes the place of the reading call that the network chose."""
    if question.kind == "covered" and reading == ["show_tradeoffs"]:
        return False
    if not reading or reading[0] in question.reads or reading[0] in _LOOSE:
        return True
    if question.kind == "good" and reading[0] in ("trials", "explain_trial") and not _OF_TRIALS.search(say):
        return reading[0] == "trials" or not is_of_trial
    if question.kind in _OPEN:
        return reading[0] == "calc" and question.kind == "good"
    return reading[0] == "explain_trial" or (reading[0] == "show_confirmation" and "confirm" not in say.lower())


def _question(plan: Plan) -> Asked | None:
    """What the message asks, of the act that it asks about where there is one."""
    say = f"{plan.say} {gloss(plan.say)}" if is_in_chinese(plan.say) else plan.say
    about = [one.request.tool for one in plan.held if one.why in ("question", "supposition", "unclear")]
    found = asked(say, about[0] if about else None)
    is_put_off = any(one.why in ("refusal", "later") for one in plan.held)
    return None if found is None or (is_put_off and found.kind not in ("cost_limit", "regret")) else found


def _evidence(question: Asked, plan: Plan, known: Known, dialogue: Dialogue) -> tuple[Request, ...] | None:
    """The calls that answer a question, of the study that it names; None where what it is about was not said."""
    found: list[Request] = []
    for tool in question.reads:
        args = _args(tool, plan, known, dialogue)
        if args is None:
            return None
        found.append(Request(tool=tool, args=args, words=plan.say))
    return tuple(found)


def _args(tool: str, plan: Plan, known: Known, dialogue: Dialogue) -> dict[str, Any] | None:
    given = next((dict(one.args) for one in (*plan.requests, *reversed(dialogue.last)) if one.tool == tool), None)
    if tool in ("list_datasets", "list_studies", "list_lessons"):
        return {}
    if tool == "list_rules":
        models = [span.value for span in read(plan.say, known.names).of("model")]
        return {"model": models[0]} if models else {}
    if tool == "recall_trials":
        data = next((one.request.args.get("dataset") for one in plan.held if "dataset" in one.request.args), None)
        return {"query": plan.say} | ({"dataset": data} if data in known.datasets else {})
    if tool == "recommend_items":
        return given
    if tool == "describe_dataset":
        data = dialogue.dataset or known.study_dataset
        return {"dataset": data} if data else None
    if tool == "show_space":
        params = [span.value for span in read(plan.say, known.names).of("param")]
        return {"param": params[0][0]} if params else None
    meant = study_meant(plan.say, known, dialogue)
    args: dict[str, Any] = {"study": meant} if meant else {}
    if tool == "trials":
        args |= {"columns": ["model", "value", COVERAGE]}
    if tool == "compare_trials":
        trials = [span.value for span in read(plan.say, known.names).of("trial")]
        args |= {"trials": trials} if len(trials) >= 2 else given or {}
    return args


def about_facts(dialogue: Dialogue, found: Result) -> Dialogue:
    """The dialogue after an answer that rests on this result."""
    of = about(found)
    if isinstance(found, DatasetAdded):
        dialogue = replace(dialogue, made=found.dataset, kind="dataset")
    if isinstance(found, StudyRenamed):
        return dialogue.renamed(found.before, found.study)
    if isinstance(found, TrialBegun) and of.trial is not None:
        return dialogue.about(study=of.study).running(of.trial)
    return dialogue.about(study=of.study, dataset=of.dataset, trials=() if of.trial is None else (of.trial,))
