"""Where the chat is served and who may see it, checked before anything slow is loaded."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field

from agent.errors import SetupError
from agent.origins import is_loopback
from agent.settings import Settings
from ui.door.hosts import allowed_name, bracketed
from ui.door.limits import UPLOAD_MIB
from ui.door.listening import bound
from ui.door.people import People, from_environment

AUTH_VARIABLE = "RECPILOT_AUTH"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A free port of this machine, the names that it may be asked for under, and who may log in."""

    host: str = "127.0.0.1"
    port: int = 7860  # 0: any free one
    names: tuple[str, ...] = ()  # further host names that requests may come to
    people: People | None = field(default=None, repr=False)  # None: nobody is asked to log in
    upload_mib: int = UPLOAD_MIB  # of one file
    takes_any_llm: bool = False  # a person may type an address that the server calls then

    @classmethod
    def parse(
        cls,
        host: str,
        port: int,
        names: Sequence[str] = (),
        *,
        upload_mib: int = UPLOAD_MIB,
        takes_any_llm: bool = False,
    ) -> "Address":
        """The checked address.

        Raises:
            SetupError: The port is in use or not ours to take, RECPILOT_AUTH is no `user:password`, a name is none,
                or others could come in without a login.
        """
        names = tuple(allowed_name(name) for name in names)
        auth = os.environ.get(AUTH_VARIABLE)
        people = People(Settings().users, from_environment(auth) if auth else None)
        if not people and (names or not is_loopback(f"http://{bracketed(host)}")):
            raise SetupError(
                "others could reach the page, and there are no logins: add each person with `recpilot users add NAME`, "
                "then start it again"
            )
        bound(host, port).close()
        return cls(
            host=host,
            port=port,
            names=names,
            people=people or None,
            upload_mib=upload_mib,
            takes_any_llm=takes_any_llm,
        )
