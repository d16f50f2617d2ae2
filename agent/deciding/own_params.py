"""Params that a chat's language model chose: the same gate, and the same check of its reason, as for a decider's."""

from collections.abc import Mapping
from dataclasses import dataclass

from agent.advisor.situation import Situation
from agent.deciding import gate
from agent.deciding.acts import OWN, Draft, Own
from agent.deciding.context import DecisionContext
from agent.deciding.rationale import CUT, checked_reason
from agent.errors import UserError
from agent.grounding.cut_words import put_right
from agent.proposal import Proposal
from recmodels.metrics import METRICS
from recmodels.search_space import ParamValue


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnParams:
    """What a language model wants to run."""

    model: str
    params: Mapping[str, ParamValue]  # what differs from the defaults
    rationale: str
    expected: float | None = None  # of the first objective
    is_agreed: bool = False  # the person was shown these very params and said yes, so that no gate is needed


def own_proposal(context: DecisionContext, situation: Situation, own: OwnParams) -> Proposal:
    """The proposal that runs them.

    Raises:
        recmodels.errors.ParamError: A name or a value that the study's narrowed space does not hold.
        UserError: The gate refuses them, nothing of the reason holds, or the expectation cannot be.
    """
    params = gate.legal(situation, own.model, own.params)
    rule = None if own.is_agreed else gate.objection(situation, own.model, params, context.candidates)
    if rule is not None:
        raise UserError(f"these params are your own, not the person's, and are refused: {rule}")
    _require_possible(own.expected, context.goal.primary.metric)
    found = checked_reason(
        context, Draft(act=Own(model=own.model, params=params), expected=own.expected, rationale=own.rationale)
    )
    if found.cuts and not found.text.strip():
        raise UserError(f"the rationale does not hold. {put_right(found)}")
    return Proposal(
        number=context.number,
        model=own.model,
        params=params,
        proposer="llm",
        act=OWN,
        rationale=f"{found.text} {CUT}" if found.cuts else found.text,
        expected=own.expected,
        candidates=context.candidates,
    )


def _require_possible(expected: float | None, metric: str) -> None:
    low, high = METRICS[metric.partition("@")[0]].range
    if expected is not None and not low <= expected <= high:
        raise UserError(f"{metric} lies between {low:g} and {high:g}, so {expected:g} cannot be expected")
