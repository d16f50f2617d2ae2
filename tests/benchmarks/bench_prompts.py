"""How long prompts are: the decider's question with its schema, and the chat's instructions with its tools.

python tests/benchmarks/bench_prompts.py
"""

import json
import tempfile
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

from langchain_core.utils.function_calling import convert_to_openai_tool

from agent.advisor import advise
from agent.advisor.situation import Situation
from agent.assembly import open_workspace
from agent.baseline import Baseline
from agent.deciding.acts import Deed, SetRange
from agent.deciding.context import DecisionContext, Noise, Scope, Terms
from agent.deciding.prompt import USUAL_TOKENS, estimated, fitted
from agent.llm.formats import hermes_rule
from agent.llm.tool_briefs import briefs
from agent.objective import Goal
from agent.settings import Settings
from agent.tools import make_tools
from agent.uncertainty import Interval
from memory.record import Lesson, TrialRecord
from recmodels.models import space_of

MODELS = ("ease", "bpr_mf", "sasrec", "lightgcn", "text_tower")
DEEP = ("bpr_mf", "lightgcn", "sasrec", "gru4rec", "text_tower")
PROFILE = {"n_users": 610.0, "n_items": 9724.0, "n_interactions": 100836.0, "density": 0.017, "has_text": 1.0}
RATIONALE = "EASE led bpr_mf by 0.0014 in trial 1, so I give popular items and heavy users less weight."


def context(models: Sequence[str], n: int) -> DecisionContext:
    """A study of the models after n trials, with all that a prompt may show."""
    goal = Goal.parse(["ndcg@10"], ["coverage@10>=0.2"])
    spaces = {model: space_of(model) for model in models}
    situation = Situation(goal=goal, spaces=spaces, declared=spaces, records=(), n_trials=40)
    records: tuple[TrialRecord, ...] = ()
    for number in range(n):
        candidate = advise(Situation(goal=goal, spaces=spaces, declared=spaces, records=records, n_trials=40))[0]
        records = (*records, _record(number, candidate.model, dict(candidate.params), candidate.source))
    situation = Situation(goal=goal, spaces=spaces, declared=spaces, records=records, n_trials=40)
    recalled = tuple((_record(i, models[0], dict(spaces[models[0]].defaults()), "gp", "old"), 0.9) for i in range(20))
    return DecisionContext(
        study="ml-latest-small-ratings-1",
        number=n,
        n_trials=40,
        goal=goal,
        profile=PROFILE,
        spaces=spaces,
        records=records,
        recalled=recalled,
        lessons=tuple(Lesson(id=f"lesson/{i:016x}", text=f"{RATIONALE} {RATIONALE}", source="user") for i in range(5)),
        candidates=advise(situation, n_others=4),
        terms=Terms(split="leave_last_out", time_left_s=1800.0),
        noise=Noise(
            repeats_sd=0.004,
            n_repeats=3,
            intervals={record.number: Interval(mean=0.2, low=0.18, high=0.22, n_users=610) for record in records},
            group=tuple(range(min(n, 4))),
        ),
        scope=Scope(
            may_act=True,
            limits=spaces,
            reserve={"ials": True, "hstu": True},
            repeats={record.number: 1 for record in records},
        ),
        baselines=tuple(
            Baseline(model=model, params={}, value=0.1, low=0.08, high=0.12) for model in ("popularity", "ease")
        ),
        deeds=(Deed(act=SetRange(model=models[0], param="l2", low=10, high=100), rationale="r", after=3),) if n else (),
    )


def _record(number: int, model: str, params: dict[str, object], proposer: str, study: str = "small-1") -> TrialRecord:
    value = 0.1 + (number * 7919 % 100) / 1000
    return TrialRecord(
        id=f"{study}/{number}",
        study=study,
        number=number,
        dataset="ml-latest-small",
        model=model,
        params=params,  # type: ignore[arg-type]
        state="complete",
        objective="ndcg@10",
        value=value,
        metrics={"valid_recall@10": 0.31234, "valid_coverage@10": 0.41234, "valid_ndcg@20": 0.3},
        curve=tuple(value * (1 - 0.5 ** (epoch + 1)) for epoch in range(12)),
        cost={"train_s": 12.345, "epochs": 12.0},
        proposer="gp" if number % 2 else proposer,
        act="own" if number % 3 == 1 else "",
        rationale=RATIONALE,
        expected=0.15,
        split="leave_last_out",
    )


def _print_chat() -> None:
    """The chat's instructions with all tools: whole, in few words, and as lines for a template that knows no tools."""
    with tempfile.TemporaryDirectory() as home, open_workspace(Settings(home=Path(home), llm="none")) as workspace:
        tools = [convert_to_openai_tool(tool) for tool in make_tools(workspace)]
    system = resources.files("agent").joinpath("prompts/system.md").read_text(encoding="utf-8")
    told = {
        f"{len(tools)} tools, whole": json.dumps(tools),
        "in few words": json.dumps(briefs(tools)),
        "as lines": hermes_rule(tools, is_brief=True),
    }
    print("\n| chat | instructions | tools | together | tokens |\n|---|---|---|---|---|")
    for name, text in told.items():
        print(f"| {name} | {len(system)} | {len(text)} | {len(system) + len(text)} | {estimated(system + text)} |")


def main() -> None:
    print("| models | trials | question | schema | together | tokens | trials shown |")
    print("|---|---|---|---|---|---|---|")
    for models in (MODELS[:1], MODELS[:2], MODELS, DEEP):
        for n in (0, 8, 30):
            now = context(models, n)
            found = fitted(now)
            schema = json.dumps(found.schema)
            n_shown = sum(line.startswith("small-1/") for line in found.text.splitlines())
            whole = f"{found.text}\n{schema}"
            name = "5 deep" if models == DEEP else len(models)
            row = (name, n, len(found.text), len(schema), len(whole), estimated(whole), n_shown)
            print("| " + " | ".join(map(str, row)) + " |")
    _print_chat()
    print(f"\nThe budget is {USUAL_TOKENS} tokens; a token is taken for 3.5 characters.")


if __name__ == "__main__":
    main()
