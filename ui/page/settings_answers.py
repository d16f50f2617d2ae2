"""The addresses of the settings: the language model of a chat, and whether its trials are asked about."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from agent.answers.wording import count
from recmodels.outside import visible
from ui.door.login import person_of
from ui.owners import is_own
from ui.page.refusals import NOT_YOURS, Refused
from ui.page.site import Site


def act(site: Site, request: Request, body: Mapping[str, Any]) -> object:
    """What is set or tried; `said` is told to the person."""
    chat, text, name = body.get("chat"), str(body.get("text", "")), request.path_params["act"]
    if not isinstance(chat, str) or not is_own(chat, person_of(request)):
        raise Refused(NOT_YOURS, 403)
    models, workspace = site.models, site.workspace
    match name:
        case "llm":
            return {"said": f"The next answer here comes from {visible(models.choose(workspace, chat, text))}."}
        case "test":
            return {"said": models.test(workspace, chat, text).says}
        case "look":
            n = models.look()
            found = f"{count(n, 'model')}" if n else "no server that lists a model"
            return {"said": f"Found on this machine: {found}."}
        case "models":
            listed = models.models_of(workspace, chat, str(body.get("url", "")))
            return {"said": f"The server lists {count(len(listed), 'model')}."}
        case "approval":
            workspace.set_approval(bool(body.get("on")), chat)
            return {}
    raise Refused(f"There is nothing to set called {name[:40]!r}.", 404)
