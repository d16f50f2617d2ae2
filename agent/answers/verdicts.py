"""The first sentence of an answer to a question: the verdict, from facts; one entry for each kind of question.

verdict("safe", Heard(says="is it safe to pause?", facts={"study_status": …})) -> "Yes, it is safe: …"
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from agent.answers import verdicts_on_acts as acts
from agent.answers import verdicts_on_metrics as metrics
from agent.answers import verdicts_on_results as results
from agent.answers import verdicts_on_trials as trials
from agent.answers import verdicts_on_us as us
from agent.answers.verdict_facts import Heard
from agent.outside import in_markdown
from agent.results.result import Result


def verdict(kind: str, heard: Heard) -> str:
    """The answer to a kind of question; what it takes for granted and is not so comes first."""

    def words(facts: Mapping[str, Result]) -> str:
        of = replace(heard, facts=facts)
        found, wrong = VERDICTS[kind](of), results.premise(of)
        return f"{wrong} {found}" if wrong and found else found

    return in_markdown(words, heard.facts)


VERDICTS: dict[str, Callable[[Heard], str]] = {
    "safe": acts.safe,
    "exported": acts.exported,
    "can_export": acts.can_export,
    "stopped_itself": acts.stopped_itself,
    "did_start": acts.did_start,
    "really_ran": acts.really_ran,
    "did_delete": acts.did_delete,
    "can_delete": acts.can_delete,
    "lost_by_delete": acts.lost_by_delete,
    "delete_generic": acts.free_space,
    "noted": acts.noted,
    "forgets": acts.forgets,
    "survives": acts.survives,
    "sampler": acts.sampler,
    "which_split": acts.which_split,
    "alike": trials.alike,
    "stopped_early": trials.stopped_early,
    "feasible": trials.feasible,
    "took": trials.took,
    "in_percent": trials.in_percent,
    "overfit": trials.overfit,
    "whose": trials.whose,
    "next_step": trials.next_step,
    "good": results.good,
    "best": results.best,
    "noise": results.noise,
    "stands": results.stands,
    "covered": metrics.covered,
    "key_param": metrics.key_param,
    "seed_matters": results.seed_matters,
    "trust": results.trust,
    "enough": results.enough,
    "go_on": results.go_on,
    "was_worth": results.was_worth,
    "how_long": results.how_long,
    "confirmed": results.confirmed,
    "test_score": results.test_score,
    "leaking": results.leaking,
    "memory": us.memory,
    "begin": us.begin,
    "which_model": us.which_model,
    "which_metrics": us.which_metrics,
    "which_rules": us.which_rules,
    "which_samplers": us.which_samplers,
    "usual_value": us.usual_value,
    "explain_confirm": us.explain_confirm,
    "why_items": us.why_items,
    "measured": us.measured,
    "file_untouched": us.file_untouched,
    "offline": us.offline,
    "better": results.better,
    "regret": acts.regret,
    "how_space": us.how_space,
    "would_tune": us.would_tune,
    "cost_limit": us.cost_limit,
    "can_adapt": us.can_adapt,
    "trust_chooser": us.random_or_llm,
}
"""By the kinds of `agent.understanding.asking.question_kinds`."""
