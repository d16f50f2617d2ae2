"""Sixty reasons that an expert gave for trials: how many stay whole, are marked, or lose a part.

python tests/benchmarks/bench_rationales.py [--show] [--out FILE.json]

`rationales_recording.jsonl.gz` holds what was known before each of 55 trials of eight small studies, as `--record`
keeps it; `rationales.jsonl` the choices and reasons that were written from those prompts alone, before any was
checked. A real
server process answers each decision with them; prompts, checks and repairs are the program's own.
"""

import argparse
import gzip
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1])]
RATIONALES, RECORDING = HERE / "rationales.jsonl", HERE / "rationales_recording.jsonl.gz"
TIMEOUT_S = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a reason."""

    of: str
    rationale: str
    kept: str
    cuts: tuple[tuple[str, str], ...]  # a sentence and why it was cut, in the answer that stands
    marked: tuple[str, ...]  # sentences that no one could check
    failure: str = ""  # the decision failed, for another reason

    @property
    def fate(self) -> str:
        return "failed" if self.failure else "cut" if self.cuts else "marked" if self.marked else "whole"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--show", action="store_true", help="print every sentence that was cut or marked")
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    outcomes = run()
    for one in outcomes:
        print_outcome(one, asked.show)
    n = len(outcomes)
    counts = {fate: sum(one.fate == fate for one in outcomes) for fate in ("whole", "marked", "cut", "failed")}
    print(f"\n{n} reasons: " + ", ".join(f"{count} {fate} ({count / n:.0%})" for fate, count in counts.items()))
    print(f"{counts['whole'] + counts['marked']} of {n} arrive with every word")
    if asked.out:
        asked.out.write_text(json.dumps([asdict(one) for one in outcomes], ensure_ascii=False, indent=1))


def run() -> list[Outcome]:
    """Every reason, given by the server and checked by a decision."""
    answers = [json.loads(line) for line in RATIONALES.read_text("utf-8").splitlines()]
    contexts = contexts_by_trial()
    with served(answers) as url:
        return [outcome(place, answer, contexts[answer["of"]], url) for place, answer in enumerate(answers)]


def contexts_by_trial() -> dict[str, Any]:
    """What was known before each trial, by `study/number`."""
    from agent.deciding.context import DecisionContext
    from agent.recording.plain import built
    from agent.recording.reading import read_recording

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "recording.jsonl").write_bytes(gzip.decompress(RECORDING.read_bytes()))
        passages = read_recording(Path(folder)).passages
    return {passage.of: built(DecisionContext, passage.lines[-1]["context"]) for passage in passages}


def outcome(place: int, answer: Mapping[str, Any], context: Any, url: str) -> Outcome:
    """What a decision makes of one answer."""
    from pydantic import SecretStr

    from agent.deciding.model_decider import ModelDecider
    from agent.llm.openai_compatible import OpenAICompatibleChat
    from agent.recording.lines import Lines
    from agent.recording.recorder import Heard

    lines = Lines()
    model = OpenAICompatibleChat(
        model=str(place), base_url=url, api_key=SecretStr("none"), max_retries=0, use_responses_api=False
    )
    said = answer["rationale"]
    try:
        draft = ModelDecider(model, TIMEOUT_S, Heard(lines, answer["of"]))(context)
    except Exception as error:  # noqa: BLE001 - it is counted
        return Outcome(of=answer["of"], rationale=said, kept="", cuts=(), marked=(), failure=str(error))
    checked = [line for line in lines.kept if line["kind"] == "checked"][-1:]
    return Outcome(
        of=answer["of"],
        rationale=said,
        kept=draft.rationale,
        cuts=tuple((cut["text"], cut["why"]) for line in checked for cut in line["cuts"]),
        marked=tuple(sentence for line in checked for sentence in line["marked"]),
    )


def print_outcome(one: Outcome, is_shown: bool) -> None:
    if one.fate != "whole":
        print(f"{one.of}: {one.fate} {one.failure}")
    for text, why in one.cuts if is_shown else ():
        print(f"    cut: {text}\n         {why}")
    for text in one.marked if is_shown else ():
        print(f"    not checked: {text}")


@contextmanager
def served(answers: list[dict[str, Any]]) -> Iterator[str]:
    """The address of a server process; a model's name is the place of its only answer."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(answers, theirs), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}/v1"
    finally:
        process.terminate()
        process.join()


def serve(answers: list[dict[str, Any]], pipe: Connection) -> None:
    """Speaks the OpenAI protocol, as a stream, until it is ended."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            answer = answers[int(body["model"])]
            told = {name: answer[name] for name in ("rationale", "choice", "expected")} | {"evidence": []}
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            for delta, finish in (({"role": "assistant", "content": json.dumps(told)}, None), ({}, "stop")):
                choice = {"index": 0, "delta": delta, "finish_reason": finish}
                chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": body["model"]}
                self.wfile.write(f"data: {json.dumps(chunk | {'choices': [choice]})}\n\n".encode())
            self.wfile.write(b"data: [DONE]\n\n")

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    pipe.send(server.server_port)
    server.serve_forever()


if __name__ == "__main__":
    main()
