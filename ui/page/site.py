"""What the addresses of one server share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from agent.llm.choices import KnownModels
from agent.workspace import Workspace
from ui.door.limits import UPLOAD_MIB
from ui.looks import KEPT_S, Looks
from ui.open_chats import OpenChats
from ui.page.acts import Acts
from ui.page.chat_list import ChatList


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The parts of one server."""

    workspace: Workspace
    chats: OpenChats
    acts: Acts
    looks: Looks
    list: ChatList
    models: KnownModels
    upload_mib: int

    @classmethod
    def of(cls, workspace: Workspace, *, takes_any_llm: bool = False, upload_mib: int = UPLOAD_MIB) -> "Site":
        """
        Args:
            takes_any_llm: A person may type the language model, so that the server calls an address of theirs.
        """
        chats = OpenChats(workspace)
        return cls(
            workspace=workspace,
            chats=chats,
            acts=Acts(workspace, chats),
            looks=Looks(workspace, KEPT_S),
            list=ChatList(workspace),
            models=KnownModels(takes_any=takes_any_llm),
            upload_mib=upload_mib,
        )


Answer = Callable[[Site, Request, Mapping[str, Any]], object]
"""What an address does with a request and its JSON: it returns what is told, as a JSON object or a whole answer."""
