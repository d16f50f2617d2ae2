"""The command line: `recpilot …`. One file a group of commands; `main` is the entry point.

Exit status: 0 done, 1 the task failed and said why, 2 wrong usage, 128 and its number where a signal ended it.
"""

import sys

from ui.cli.ending import INTERRUPTED, Ending, say_ended


def main() -> None:
    """Runs one command, from its first moment on under `Ending`."""
    with Ending() as ending:
        try:
            from ui.cli.app import run  # takes a second on a busy machine, in which a signal may come

            run()
        except KeyboardInterrupt:  # before a command has begun
            say_ended()
            sys.exit(ending.status(INTERRUPTED))
        except SystemExit as end:
            sys.exit(ending.status(end.code) if isinstance(end.code, int) else end.code)
