"""Over standard input and output: one client, which started this process and ends it by closing the pipe.

From the first line on, nothing but the protocol reaches standard output: what a library or a worker process prints
there goes to standard error.
"""

import os
import signal
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

import anyio
import anyio.to_thread
from mcp.server.stdio import stdio_server

from ui.mcp.rules import Rules

if TYPE_CHECKING:
    from agent.workspace import Workspace


CLOSE_S = 4.0  # for what runs to be given up in order, after a signal


def serve(opened: "Callable[[], AbstractContextManager[Workspace]]", rules: Rules) -> None:
    """Until the client closes the pipe; what trains then is given up so that it can be resumed. It ends the process.

    Clients kill after a second or two what does not end, and an interpreter with torch and Chroma takes longer to go.
    """
    try:
        anyio.run(_serve, opened, rules)
    except* BrokenPipeError:  # the client has gone
        pass
    sys.stderr.flush()
    os._exit(0)


async def _serve(opened: "Callable[[], AbstractContextManager[Workspace]]", rules: Rules) -> None:
    async with stdio_server() as (read, write):
        from ui.mcp.server import Serving  # what it imports may print

        with opened() as workspace:
            serving = Serving(workspace, rules)
            async with anyio.create_task_group() as group:
                group.start_soon(_end_when_told, workspace)
                await serving.server.run(read, write, serving.server.create_initialization_options())
                group.cancel_scope.cancel()
            serving.close()


async def _end_when_told(workspace: "Workspace") -> None:
    """On a signal: let go of the workspace, in seconds, and end at once: a thread waits for the next line of the pipe.

    What is left of workers ends when its pipe does.
    """
    with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        async for number in signals:
            with anyio.move_on_after(CLOSE_S):
                await anyio.to_thread.run_sync(workspace.close, abandon_on_cancel=True)
            os._exit(128 + number)
