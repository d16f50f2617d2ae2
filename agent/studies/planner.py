"""From a study's moment to its next proposal: what is remembered → the advisor's candidates → the choice."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from agent.advisor import advise, wish
from agent.advisor.leaning import Leaning
from agent.advisor.rules import Rule, leanings_of
from agent.advisor.situation import Situation
from agent.baseline import Baseline
from agent.deciding.acts import EXPLORE, Deed
from agent.deciding.context import DecisionContext, Noise, Scope, Terms
from agent.deciding.decision import Chooser, Decider
from agent.deciding.lessons import fitting
from agent.deciding.own_params import OwnParams, own_proposal
from agent.errors import UserError
from agent.objective import Goal
from agent.proposal import Candidate, Proposal
from agent.standing import Standing, counted, ordered, same_configuration, standing
from agent.studies import noise
from agent.studies.lessons_recalled import leanings_of_lessons
from agent.studies.messages import AskForProposal
from agent.studies.past_of_others import broken_here, past_of_others
from agent.studies.study_spec import StudySpec
from agent.uncertainty import Interval, interval, user_values, valid_values
from memory.record import Lesson, TrialRecord
from recmodels.durations import in_words
from recmodels.positive import EVERY
from recmodels.request import Budget
from recmodels.search_space import Params, SearchSpace

if TYPE_CHECKING:
    from memory.store import TrialMemory

_log = logging.getLogger(__name__)
_LESSONS = 5
_LOOKED_AT = 20  # lessons, of which those on other models are left out
_OTHERS = 4  # candidates apart from the advisor's own
_INTERVALS = 12  # of the best trials


EVERY_POINT = "every point of the"  # what the reason begins with where nothing is left to try


class Exhausted(UserError):
    """Nothing is left to try; the message says why."""


class Planner:
    """Makes proposals for one study."""

    def __init__(
        self,
        spec: StudySpec,
        profile: Mapping[str, float],
        memory: "TrialMemory | None",
        decider: Decider | None,
        tell: Callable[[str], None] = lambda text: None,
        decided: Callable[[DecisionContext, Situation, Proposal | Deed], None] | None = None,
        baselines: Callable[[], Sequence[Baseline]] = tuple,
        rules: Callable[[], Sequence[Rule]] = tuple,
        device: str = "auto",
    ) -> None:
        """
        Args:
            tell: Called with what the person should know of the decider.
            decided: Called with each trial that was chosen, and each deed.
            baselines: The study's, as far as they are measured.
            rules: What leans the advisor; asked before the first proposal.
            device: That trials run on.
        """
        self._baselines = baselines
        self._read_rules, self._device = rules, device
        self._name = spec.name
        self._profile = profile
        self._memory = memory
        self._decides = decider is not None
        self._chooser = Chooser(decider, tell)
        self._decided = decided

    @property
    def is_decided_by_model(self) -> bool:
        """Whether a language model chooses among the candidates."""
        return self._decides

    def forgive(self) -> None:
        """Ask a decider again that was left alone after its failures."""
        self._chooser.forgive()

    def propose(self, order: AskForProposal) -> Proposal | Deed:
        """The next proposal, or what a language model does to the study first.

        The memory is asked each time, since other studies write to it meanwhile.

        Raises:
            Exhausted: Every point was tried, or every model keeps failing.
        """
        spec, spaces, request = order.spec, order.spaces, order.request
        pending = tuple((proposal.model, proposal.params) for proposal in order.waiting)
        situation = self._situation(spec, order.records, spaces, order.excluded)
        situation = replace(situation, pending=pending, time_left_s=order.time_left_s)
        wished = wish.suggest(situation, list(spaces), request) if request else None
        candidates = advise(situation, spec.sampler, _OTHERS if self._decides or request else 0)
        candidates = (wished, *candidates) if wished is not None else candidates
        if not candidates:
            raise Exhausted(_why_exhausted(situation, spec.sampler))
        context = self._context(spec, order.number, situation, candidates, request)
        context = self._in_full(context, order) if self._decides else context
        found = self._chooser.choose(context, situation)
        if self._decided is not None:
            self._decided(context, situation, found)
        return found

    def _in_full(self, context: DecisionContext, order: AskForProposal) -> DecisionContext:
        """With all that a language model is told."""
        return replace(
            context,
            terms=_terms(order),
            noise=noise_of(context.goal, order.records),
            scope=_scope(order),
            baselines=tuple(self._baselines()),
            deeds=order.deeds,
        )

    def own(
        self,
        spec: StudySpec,
        number: int,
        records: tuple[TrialRecord, ...],
        spaces: Mapping[str, SearchSpace],
        excluded: Sequence[tuple[str, Params]],
        own: OwnParams,
    ) -> Proposal:
        """What a chat's language model wants to run, under the gate, held against the advisor's candidate.

        Raises:
            recmodels.errors.ParamError: A name or a value outside the narrowed space.
            UserError: They are refused; the text says why.
        """
        situation = self._situation(spec, records, spaces, excluded)
        candidates = () if own.is_agreed else advise(situation, spec.sampler)
        return own_proposal(self._context(spec, number, situation, candidates), situation, own)

    def _situation(
        self,
        spec: StudySpec,
        records: tuple[TrialRecord, ...],
        spaces: Mapping[str, SearchSpace],
        excluded: Sequence[tuple[str, Params]],
    ) -> Situation:
        recalled = past_of_others(self._memory, tuple(spec.models), self._profile, self._name)
        return Situation(
            goal=spec.goal,
            spaces=spaces,
            declared={model: spec.space(model) for model in spec.models},
            records=records,
            recalled=recalled,
            broken=broken_here(self._memory, tuple(spec.models), spec.dataset, self._profile, self._name),
            leanings=(
                *self._leanings_of_rules(spec, records),
                *leanings_of_lessons(self._memory, spec, self._profile, recalled),
            ),
            excluded=tuple(excluded),
            n_trials=spec.n_trials,
            seed=spec.seed,
            profile=self._profile,
            runs_defaults=spec.runs_defaults,
            epochs=spec.epochs,
            time_limit_s=spec.time_limit_s,
        )

    def _leanings_of_rules(self, spec: StudySpec, records: tuple[TrialRecord, ...]) -> tuple[Leaning, ...]:
        if not spec.uses_rules:
            return ()
        measured = (record.split for record in records if record.split)
        split = next(measured, "") if spec.split.kind == "auto" else spec.split.kind
        return leanings_of(self._rules, spec.models, self._profile, split, self._kind_of_device)

    def _kind_of_device(self) -> str:
        from recmodels.loop.devices import kind_of_device  # imports torch, for the rules that ask for a device

        return kind_of_device(self._device)

    @cached_property
    def _rules(self) -> tuple[Rule, ...]:
        return tuple(self._read_rules())

    def _context(
        self,
        spec: StudySpec,
        number: int,
        situation: Situation,
        candidates: tuple[Candidate, ...],
        request: str | None = None,
    ) -> DecisionContext:
        return DecisionContext(
            study=spec.name,
            number=number,
            n_trials=spec.n_trials,
            goal=spec.goal,
            profile=self._profile,
            spaces=situation.spaces,
            records=situation.records,
            recalled=situation.recalled,
            lessons=self._lessons(spec),
            candidates=candidates,
            request=request,
        )

    def _lessons(self, spec: StudySpec) -> tuple[Lesson, ...]:
        if self._memory is None or not self._decides:
            return ()
        query = f"{', '.join(spec.models)} on {spec.dataset}, {spec.goal}"
        try:
            found = self._memory.recall(query, kind="lesson", k=_LOOKED_AT)
        except Exception as error:  # noqa: BLE001 - as above
            _log.warning("the memory cannot be read: %s", error)
            return ()
        lessons = (f.record for f in found if isinstance(f.record, Lesson))
        return fitting(lessons, spec.models)[:_LESSONS]


def _terms(order: AskForProposal) -> Terms:
    spec = order.spec
    return Terms(
        split=spec.split.kind,
        positive=spec.positive or EVERY.to_text(),
        repeats=spec.repeats_says,
        outcomes=spec.outcomes,
        epochs=spec.epochs,
        patience=spec.patience or Budget().patience,
        trial_time_limit_s=spec.trial_time_limit_s,
        time_left_s=order.time_left_s,
    )


def _scope(order: AskForProposal) -> Scope:
    n_waiting = sum(proposal.act == EXPLORE for proposal in order.waiting)
    return Scope(
        may_act=order.may_act,
        limits=order.limits,
        reserve=order.reserve,
        repeats=noise.seeds(order.spec, order.records),
        n_explored=n_waiting + sum(record.act == EXPLORE for record in counted(order.records)),
    )


def noise_of(goal: Goal, records: Sequence[TrialRecord]) -> Noise:
    """How far a study's trials differ by chance: over users, and over seeds."""
    stands, level = standing(goal, records, valid_values), noise.level(records)
    best = ordered(goal, [record for record in records if record.state == "complete"])[:_INTERVALS]
    others = [objective.metric for objective in goal.objectives[1:]]
    levels = {metric: noise.level(records, metric) for metric in others}
    further = {metric: _intervals(best, metric) for metric in others}
    return Noise(
        repeats_sd=level[0] if level else None,
        n_repeats=level[1] if level else 0,
        intervals=_intervals(best, goal.primary.metric),
        further_sd={metric: found[0] for metric, found in levels.items() if found is not None},
        further={metric: found for metric, found in further.items() if found},
        group=_group(stands) if stands.is_group_known else (),
    )


def _intervals(records: Sequence[TrialRecord], metric: str) -> dict[int, Interval]:
    """Over users, by number of the trials whose users' values were kept."""
    values = {record.number: user_values(record.checkpoint, f"valid_{metric}") for record in records}
    over = {number: interval([users]) for number, users in values.items() if users is not None}
    return {number: found for number, found in over.items() if found is not None}


def _group(stands: Standing) -> tuple[int, ...]:
    """The best trial, and those that cannot be told apart from it; its own repeats are no others."""
    best = stands.best
    return tuple(r.number for r in stands.group if best is not None and (r is best or not same_configuration(r, best)))


def _why_exhausted(situation: Situation, sampler: str) -> str:
    records, left_s = situation.records, situation.time_left_s
    if left_s is not None and advise(replace(situation, time_left_s=None), sampler):
        return f"no trial that is left to try would end within the {in_words(max(left_s, 0.0))} until the time limit"
    failed = [record for record in records if record.state == "failed" and record.reason != "interrupted"]
    if failed and not any(record.state == "complete" for record in records):
        return f"every model keeps failing; trial {failed[-1].number} of {failed[-1].model}: {failed[-1].reason}"
    return f"{EVERY_POINT} {'grid' if sampler == 'grid' else 'search space'} was tried"
