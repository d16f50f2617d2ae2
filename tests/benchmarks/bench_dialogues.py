"""How well messages are understood: dialogues of outsiders, with their right calls, rehearsed without consequences.

    python tests/benchmarks/bench_dialogues.py [first|second|third] [--errors N]

Each set has 300 single messages and 60 dialogues of 3 to 7 turns, written by people of very different kinds who knew
the list of tools and nothing else. Each was opened once before anything was learned from it; the third is the latest.

A turn has the right tool if one of the tools that its writer allows is called (for `none`: if nothing acts); the whole
call is right if its arguments hold what was said, however the rest is; where several calls are asked for, all must be
there. What would be called on the yes that is asked for counts as a call, and as asked back; what removes something or
trains for longer than half an hour is always asked about and counts as "card" instead. An act counts as unasked if it
is called at once and is no allowed tool. "read" are all turns but those in languages that get one sentence only.
"""

import argparse
import gzip
import json
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from common import commit

from agent.chat.rehearsal import Rehearsal, rehearse
from agent.understanding.clauses.reader import MessageReader
from agent.understanding.known import Known
from agent.understanding.planner import Planner
from agent.words.acts import ACTS

SETS = Path(__file__).parent / "dialogues"
FREE = ("request", "text", "query", "lesson", "expression")  # words of the person, judged by reading
ACTING = {tool for tool, act in ACTS.items() if act.kind != "reads"} - {"open_study"}


def files(folder: str) -> tuple[str, ...]:
    """The files of the home that the writers were told of."""
    return ("movies.csv",) if not folder else ()


STUDIES = {
    "demo-2": Known(
        datasets=("demo", "shop"),
        studies=("demo-2", "demo-1"),
        study="demo-2",
        study_state="finished",
        study_dataset="demo",
        study_models=("sasrec",),
        objective="ndcg@10",
        files=files,
        trials=(0, 1, 2, 3),
        ranking=(0, 2, 3, 1),
        params={number: {"dropout": 0.1 * number, "embedding_size": 64, "epochs": 2} for number in range(4)},
        trial_models=dict.fromkeys(range(4), "sasrec"),
    ),
    "demo-1": Known(
        datasets=("demo", "shop"),
        studies=("demo-2", "demo-1"),
        study="demo-1",
        study_state="finished",
        study_dataset="demo",
        study_models=("bpr_mf", "ease"),
        objective="ndcg@10",
        files=files,
        trials=tuple(range(6)),
        ranking=(3, 5, 1, 4, 0, 2),
        trial_models={number: "ease" if number % 2 else "bpr_mf" for number in range(6)},
    ),
}


def known_of(study: str | None) -> Known:
    """What is known with a study at hand; of a study that only a dialogue makes, what is known of the first."""
    return replace(STUDIES.get(study or "demo-2", STUDIES["demo-2"]), with_study=STUDIES.get)


def same(wanted: Any, got: Any) -> bool:
    """Whether a value holds what was wanted: numbers within 1e-6, words whatever their case, lists in any order."""
    if isinstance(wanted, list):
        return isinstance(got, list) and len(wanted) == len(got) and all(any(same(w, g) for g in got) for w in wanted)
    if isinstance(wanted, Mapping):
        return isinstance(got, Mapping) and all(key in got and same(value, got[key]) for key, value in wanted.items())
    if isinstance(got, list):
        return any(same(wanted, one) for one in got)
    try:
        return abs(float(wanted) - float(got)) <= 1e-6 * max(1.0, abs(float(wanted)))
    except (TypeError, ValueError):
        return str(wanted).strip().lower().replace(" ", "") == str(got).strip().lower().replace(" ", "")


def holds(call: Mapping[str, Any], tool: str, args: Mapping[str, Any]) -> bool:
    """Whether a call is of the tool and has the arguments."""
    wanted = {name: value for name, value in args.items() if name not in FREE}
    return call["tool"] == tool and all(
        name in call["args"] and same(one, call["args"][name]) for name, one in wanted.items()
    )


def judged(turn: Mapping[str, Any], got: Mapping[str, Any]) -> dict[str, bool]:
    """What is right about a turn, and what was done unasked."""
    calls, allowed = got["calls"], list(turn["tool"])
    several = turn.get("calls") if turn.get("all") else None
    if several:
        has_tool = all(any(call["tool"] == one["tool"] for call in calls) for one in several)
        is_whole = all(any(holds(call, one["tool"], one.get("args", {})) for call in calls) for one in several)
    else:
        fitting = [call for call in calls if call["tool"] in allowed]
        acts = any(call["tool"] in ACTING for call in calls)
        has_tool = bool(fitting) or ("none" in allowed and not acts)
        is_whole = has_tool and (
            not fitting or any(holds(call, call["tool"], turn.get("args") or {}) for call in fitting)
        )
    meant = {*allowed, *(one["tool"] for one in several or ())}
    is_asked = got["kind"] == "asked"
    is_card = is_asked and got["asks"] in ("costly", "destructive")
    return {
        "tool": has_tool,
        "whole": is_whole,
        "unasked": not is_asked and any(call["tool"] in ACTING and call["tool"] not in meant for call in calls),
        "asked": is_asked and not is_card and not turn.get("asks") and turn.get("mood") == "order",
        "card": is_card,
    }


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="How well dialogues of outsiders are understood.")
    parser.add_argument(
        "set", nargs="?", default="first", choices=sorted(path.name.split(".")[0] for path in SETS.iterdir())
    )
    parser.add_argument("--errors", type=int, default=0, help="print so many turns that went wrong")
    given = parser.parse_args()
    with gzip.open(SETS / f"{given.set}.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    planner = Planner(MessageReader.load())
    counts: dict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    shown, took = 0, []
    for row in rows:
        acting = Rehearsal(planner, known_of, ())
        started = time.perf_counter()
        answers = rehearse(lambda acting=acting: acting, row)  # type: ignore[misc]
        took.append((time.perf_counter() - started) / len(answers))
        for turn, got in zip(row["turns"], answers, strict=True):
            marks = judged(turn, got)
            kind = "message" if len(row["turns"]) == 1 else "turn"
            for group in (
                "all",
                kind,
                str(row["style"]),
                *(["read"] if row["style"] not in ("otherlang", "other_lang") else []),
                *(["no order"] if turn.get("mood") not in ("order", "none", None) else []),
            ):
                counts[group]["n"] += 1
                for name, is_so in marks.items():
                    counts[group][name] += is_so
            if not marks["whole"] and shown < given.errors:
                shown += 1
                wanted = turn.get("calls") or (turn["tool"], turn.get("args"))
                calls = [(call["tool"], call["args"]) for call in got["calls"]]
                print(f"{row['id']}.{got['turn']} {turn['say']!r}\n   wanted {wanted}")
                print(f"   got {got['kind']} {calls} unused {got['unused']}")
    took.sort()
    median, high = took[len(took) // 2], took[int(0.95 * len(took))]
    print(f"set {given.set}, commit {commit()}; {1000 * median:.0f} ms a message, {1000 * high:.0f} ms at 95 %")
    print(f"{'':14} {'turns':>6} {'tool':>7} {'whole':>7} {'unasked':>8} {'asked back':>11} {'card':>6}")
    for group, count in sorted(counts.items(), key=lambda item: -item[1]["n"]):
        n = count["n"]
        shares = f"{count['tool'] / n:7.1%} {count['whole'] / n:7.1%}"
        print(f"{group:14} {n:6} {shares} {count['unasked']:8} {count['asked'] / n:11.1%} {count['card']:6}")


if __name__ == "__main__":
    main()
