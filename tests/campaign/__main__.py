"""`python -m tests.campaign [--minutes 5] [--seed 0] [--only kills --only files] [--keep FOLDER]`: what failed.

The parts take turns of equal time, one after the other. Prints each failure as it comes, then a table; the exit status
is 1 if anything failed. What shows a failure is copied to the folder that `--keep` names, with the seed and the number
of the attempt: the same seed tries the same things in the same order.
"""

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from tests.campaign import PARTS, Attempt, attempts_of


@dataclass(slots=True, kw_only=True)
class Count:
    """What came of a part."""

    tried: int = 0
    seconds: float = 0.0
    failures: list[dict[str, object]] = field(default_factory=list)


def main() -> None:
    """Run the parts, print what came of them."""
    asked = _arguments()
    names = asked.only or list(PARTS)
    seconds = 60.0 * asked.minutes / len(names)
    counts = {name: Count() for name in names}
    for name in names:
        with tempfile.TemporaryDirectory(prefix=f"campaign-{name}-") as folder:
            run_part(
                name,
                counts[name],
                Path(folder),
                seed=asked.seed,
                seconds=seconds,
                n=asked.attempts,
                keep=asked.keep,
                says_all=asked.all,
            )
    print(f"\n{'part':10}{'tried':>8}{'failed':>8}{'seconds':>9}")
    for name, count in counts.items():
        print(f"{name:10}{count.tried:8}{len(count.failures):8}{count.seconds:9.0f}")
    tried, failed = (sum(n) for n in zip(*((one.tried, len(one.failures)) for one in counts.values()), strict=True))
    print(f"{'in all':10}{tried:8}{failed:8}{sum(one.seconds for one in counts.values()):9.0f}")
    for name, count in counts.items():
        if count.failures:
            n = 1 + max(int(str(failure["number"])) for failure in count.failures)
            print(f"again: python -m tests.campaign --only {name} --seed {asked.seed} --attempts {n} --minutes 600")
    if asked.out:
        found = {name: {"tried": count.tried, "failures": count.failures} for name, count in counts.items()}
        asked.out.write_text(json.dumps({"seed": asked.seed, "parts": found}, indent=1), encoding="utf-8")
    sys.exit(any(count.failures for count in counts.values()))


def run_part(
    name: str,
    count: Count,
    folder: Path,
    *,
    seed: int,
    seconds: float,
    n: int | None = None,
    keep: Path | None = None,
    says_all: bool = False,
) -> None:
    """Attempts of one part until the time is over, `n` of them at most."""
    began = time.monotonic()
    with closing(attempts_of(name)(seed, folder)) as attempts:  # type: ignore[type-var]  # a generator, always
        for attempt in _ended(islice(attempts, n), name):
            count.seconds = time.monotonic() - began
            if says_all:
                print(f"{name} {count.tried}: {attempt.what}", flush=True)
            if attempt.problem is not None:
                _fail(name, count, seed, attempt, keep)
            count.tried += 1
            if count.seconds > seconds:
                return


def _ended(attempts: Iterable[Attempt], name: str) -> Iterable[Attempt]:
    """The attempts; an exception becomes the last of them."""
    try:
        yield from attempts
    except Exception as error:  # noqa: BLE001 - it is what is looked for
        yield Attempt(what=f"the part {name} broke", problem=f"{type(error).__name__}: {error}")


def _fail(name: str, count: Count, seed: int, attempt: Attempt, keep: Path | None) -> None:
    """Say what failed, and keep what shows it."""
    place = f"{name}-{seed}-{count.tried}"
    count.failures.append({"number": count.tried, "what": attempt.what, "problem": attempt.problem})
    print(f"{place}: {attempt.what}\n    {attempt.problem}", flush=True)
    if keep is None:
        return
    (keep / place).mkdir(parents=True, exist_ok=True)
    (keep / place / "attempt.txt").write_text(f"{attempt.what}\n{attempt.problem}\n", encoding="utf-8")
    for path in attempt.kept:
        if path.is_dir():
            shutil.copytree(path, keep / place / path.name, dirs_exist_ok=True)
        elif path.is_file():
            shutil.copy(path, keep / place)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.campaign", description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=5.0, help="in all, shared by the parts")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", action="append", choices=list(PARTS), help="a part; may be repeated")
    parser.add_argument("--attempts", type=int, help="of each part at most")
    parser.add_argument("--all", action="store_true", help="print each attempt, not only those that failed")
    parser.add_argument("--keep", type=Path, default=Path("campaign-failures"), help="where failures are kept")
    parser.add_argument("--out", type=Path, help="a JSON file for what came of it")
    return parser.parse_args()


if __name__ == "__main__":
    main()
