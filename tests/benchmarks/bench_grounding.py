"""How well claims are checked: true sentences that are cut, false ones that pass, per kind of claim.

python tests/benchmarks/bench_grounding.py                                   # a thousand sentences by templates
python tests/benchmarks/bench_grounding.py --facts FOLDER --sentences FILE   # sentences that people wrote
python tests/benchmarks/bench_grounding.py --wording                         # what this project says itself

Facts are files of JSON rows `{"tool", "args", "result"}`; sentences are JSON lines
`{"id", "facts", "say", "is", "kind"}` with `is` one of true, false, open, and `facts` the names of files (without
`.json`) that the sentence was written from.
"""

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from agent.answers.explain import word
from agent.grounding.fact import Call
from agent.grounding.judging import Judged, judged
from agent.grounding.known import Known
from agent.grounding.sentence import Before
from agent.grounding.sentences import lines_of
from agent.grounding.verdict import Fate, fate_of

sys.path.insert(0, str(Path(__file__).parent))
from grounding_sentences import Ledger, sentences

DEMO = Path(__file__).parents[1] / "agent" / "grounding" / "demo_facts.json"


def known_of(rows: Iterable[dict[str, Any]]) -> Known:
    """What these tool results tell."""
    return Known.of([Call(tool=row["tool"], args=row.get("args") or {}, result=row["result"]) for row in rows])


def judged_all(text: str, known: Known) -> tuple[Fate, list[Judged]]:
    """What becomes of a text of one or more sentences: cut where one is, marked where one is."""
    found: list[Judged] = []
    for line in lines_of(text):
        for _, read in line.sentences:
            found.append(judged(read, known, found[-1].after if found else Before(), is_row=line.is_row))
    return fate_of(verdict for one in found for verdict in one.verdicts), found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--facts", type=Path, help="a folder of facts; the packaged demo study by default")
    parser.add_argument("--sentences", type=Path, help="JSON lines that people wrote")
    parser.add_argument("--n", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", action="store_true", help="print every sentence that came out wrong")
    parser.add_argument(
        "--wording", action="store_true", help="the lines that answers of this project say of the facts"
    )
    given = parser.parse_args()
    rows = _written(given) if given.sentences else _worded(given) if given.wording else _made(given)
    _report(rows, is_shown=given.show)


Outcome = tuple[str, str, Fate, str, str]  # kind, is, fate, sentence, why


def _made(given: argparse.Namespace) -> list[Outcome]:
    found: list[Outcome] = []
    sources = _studies(given.facts)
    for place, rows in enumerate(sources):
        known = known_of(rows)
        for said in sentences(Ledger(rows), given.n // len(sources), given.seed + place):
            fate, judgements = judged_all(said.text, known)
            found.append((said.kind, str(said.is_true).lower(), fate, said.text, _why(judgements)))
    return found


def _worded(given: argparse.Namespace) -> list[Outcome]:
    """Every line of our own words about each result, all of which should be kept."""
    found: list[Outcome] = []
    for rows in _studies(given.facts):
        known = known_of(rows)
        for row in rows:
            before = Before()
            for line in lines_of(word(row["tool"], row["result"])):
                for _, read in line.sentences:
                    one = judged(read, known, before, is_row=line.is_row)
                    before = one.after
                    found.append((row["tool"], "true", one.fate, read, _why([one])))
    return found


def _studies(folder: Path | None) -> list[list[dict[str, Any]]]:
    """The rows of each study: files of a folder that begin alike, as `shop-best.json` and `shop-trials.json`."""
    if folder is None:
        return [json.loads(DEMO.read_text(encoding="utf-8"))]
    by_name: dict[str, list[dict[str, Any]]] = {}
    for file in sorted(folder.glob("*.json")):
        by_name.setdefault(file.stem.rpartition("-")[0], []).extend(json.loads(file.read_text(encoding="utf-8")))
    return list(by_name.values())


def _written(given: argparse.Namespace) -> list[Outcome]:
    known: dict[tuple[str, ...], Known] = {}
    found: list[Outcome] = []
    for line in given.sentences.read_text(encoding="utf-8").splitlines():
        if not line.strip():
            continue
        row = json.loads(line)
        names = row["facts"] if isinstance(row["facts"], list) else [row["facts"]]
        key = tuple(name.removesuffix(".json") for name in names)
        if key not in known:
            files = [given.facts / f"{name}.json" for name in key]
            known[key] = known_of(one for file in files for one in json.loads(file.read_text(encoding="utf-8")))
        fate, judgements = judged_all(row["say"], known[key])
        found.append((str(row.get("kind", "")), str(row["is"]).lower(), fate, row["say"], _why(judgements)))
    return found


def _why(judgements: list[Judged]) -> str:
    return "; ".join(f"{v.kind} {v.claim!r} {v.outcome} {v.why}" for one in judgements for v in one.verdicts)


def _report(rows: list[Outcome], *, is_shown: bool) -> None:
    kinds = sorted({kind for kind, *_ in rows})
    print(f"{'kind':<14}{'true':>6}{'cut':>6}{'marked':>8}{'false':>7}{'passed':>8}{'of them marked':>16}", end="")
    print(f"{'open':>6}{'cut':>5}{'kept':>6}")
    for kind in [*kinds, ""]:
        print(_line(kind or "all", [row for row in rows if kind in ("", row[0])]))
    if is_shown:
        for kind, truth, fate, text, why in rows:
            if (truth, fate) in (("true", "cut"), ("false", "kept"), ("false", "not checked"), ("open", "cut")):
                print(f"\n[{kind}] {truth}, {fate}: {text}\n    {why}")


def _line(name: str, rows: list[Outcome]) -> str:
    def count(truth: str, *fates: Fate) -> int:
        return sum(row[1] == truth and (not fates or row[2] in fates) for row in rows)

    return (
        f"{name:<14}{count('true'):>6}{count('true', 'cut'):>6}{count('true', 'not checked'):>8}{count('false'):>7}"
        f"{count('false', 'kept', 'not checked'):>8}{count('false', 'not checked'):>16}"
        f"{count('open'):>6}{count('open', 'cut'):>5}{count('open', 'kept'):>6}"
    )


if __name__ == "__main__":
    main()
