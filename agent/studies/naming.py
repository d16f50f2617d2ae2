"""A study's name is taken in one step: of two processes that want it at the same moment, one gets it.

recpilot_names   name, owner, host, pid, started, beat   one row while a process gives the name to a study

with naming(engine, "demo-1"):
    ...  # look whether it is free, and take it
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Column, Engine, MetaData, String

from agent.errors import UserError
from agent.studies.claims import Claim, claim_table
from agent.studies.ownership import this_process

METADATA = MetaData()
_NAMES = claim_table("recpilot_names", METADATA, Column("name", String(255), primary_key=True))


class NameTaken(UserError):
    """Another study has the name, or is about to."""

    def __init__(
        self, name: str, says: str = "there is already a study {!r}; choose another name, or resume it"
    ) -> None:
        super().__init__(says.format(name))


@contextmanager
def naming(engine: Engine, name: str) -> Iterator[None]:
    """Within this block no other process gives a study this name.

    Raises:
        NameTaken: Another living process does so just now.
    """
    claim, owner = Claim(engine, _NAMES, name), this_process()
    if claim.take(owner) is not None:
        raise NameTaken(name)
    try:
        yield
    finally:
        claim.release(owner)
