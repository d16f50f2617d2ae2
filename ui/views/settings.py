"""What can be set: the language model of the chat, whether trials are asked about, the looks; and what runs here."""

import platform
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from urllib.parse import urlsplit

from markupsafe import Markup

from agent.chat.chats import KEPT_DAYS
from agent.errors import USER_ERRORS
from agent.llm.choices import Choice, is_elsewhere
from agent.secrets import masked
from agent.settings import Settings
from recmodels.outside import visible
from ui.door.people import People
from ui.markup import template
from ui.owners import is_own
from ui.views.asked import Asked
from ui.views.when import ago

LIBRARIES = ("torch", "optuna", "chromadb", "transformers", "gradio", "polars")
DOCS = (
    ("docs/page.md", "this page: parts, links, keys, downloads"),
    ("docs/data.md", "which files are read, and how columns are found"),
    ("docs/language-models.md", "local models, servers, what is checked"),
    ("docs/home.md", "folders of the home, settings, backups"),
    ("docs/security.md", "who can read what, logins, other machines"),
    ("README.md", "what it does not do: Limitations"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decider:
    """Which language model decides in a study."""

    title: str
    state: str
    llm: str
    says: str


def view(asked: Asked) -> Markup:
    """Everything that can be set, per chat where it is the chat's."""
    settings, models = asked.workspace.settings_of(asked.chat), asked.models
    choices = models.choices(asked.workspace, asked.chat)
    known = {choice.text for choice in choices}
    return Markup(  # noqa: S704  jinja escapes what it shows
        template("views/settings.html.j2").render(
            chat=asked.chat,
            person=asked.person,
            choices=[_shown(choice, asked.chat) for choice in choices],
            listed={
                url: [_listed(one, asked) for one in names if one not in known] for url, names in models.lists().items()
            },
            takes_any=models.takes_any,
            key_goes_to=_key_goes_to(settings),
            deciders=[*_deciders(asked)],
            asks_first=settings.needs_approval,
            deleted=_deleted(asked),
            kept_days=KEPT_DAYS,
            people=_people(settings),
            about=_about(settings),
            versions=_versions(),
            docs=DOCS,
        )
    )


def _shown(choice: Choice, chat: str | None) -> dict[str, object]:
    """A model as the list shows it."""
    return {
        "text": choice.text,
        "name": choice.shown,
        "says": choice.says,
        "is_chosen": choice.is_chosen,
        "leaves": f"Messages and what tools find are sent to {_host(choice.text)}."
        if is_elsewhere(choice.text)
        else "",
        "result": choice.result,
        "body": {"chat": chat, "text": choice.text},
    }


def _listed(text: str, asked: Asked) -> dict[str, object]:
    """A model that a server lists."""
    result = asked.models.result_of(text)
    return _shown(Choice(text=text, kind="chosen", is_chosen=False, says="", result=result), asked.chat)


def _host(text: str) -> str:
    return urlsplit(text.split(" ")[0]).hostname or "another machine"


def _key_goes_to(settings: Settings) -> str:
    """Where the API key is sent; empty without one."""
    if settings.llm_api_key is None:
        return ""
    return masked(settings.llm_key_origin) if settings.llm_key_origin else "no server, since RECPILOT_LLM names none"


def _deciders(asked: Asked) -> Iterator[Decider]:
    """Of the study that is shown, and of those at work."""
    titles = [study.title for study in asked.workspace.runner.at_work()]
    for title in dict.fromkeys([*([asked.study] if asked.study else []), *titles]):
        try:
            study = asked.workspace.runner.peek(title)
        except USER_ERRORS:
            continue
        llm = study.spec.llm
        says = (
            "the advisor chooses each trial" if llm in ("none", "pilot") else "it chooses among the advisor's proposals"
        )
        says += ", and you approve each" if study.spec.needs_approval else ""
        yield Decider(title=study.title, state=study.state, llm=masked(llm), says=says)


def _deleted(asked: Asked) -> list[dict[str, str]]:
    """The chats of the person that can be brought back, the latest deleted first."""
    own = [one for one in asked.workspace.chats.deleted() if is_own(one.id, asked.person)]
    return [{"id": one.id, "title": visible(one.title), "when": ago(one.deleted_at or "")} for one in own]


def _people(settings: Settings) -> tuple[str, ...]:
    try:
        return tuple(sorted(People(settings.users).names()))
    except USER_ERRORS:
        return ()


def _about(settings: Settings) -> dict[str, str]:
    """Where things lie and what is used, by what it is called; never a key."""
    data = settings.data_folder or "files dropped into a chat only"
    return {
        "Home folder": str(settings.home),
        "Files that a chat may read": str(data),
        "Memory": masked(settings.memory_url) if settings.memory_url else "in the home folder",
        "Ledger": "in the home folder" if settings.ledger_file is not None else "a database server",
        "Own rules": str(settings.own_rules) if settings.own_rules else "none",
        "Device": settings.device,
    }


def _versions() -> dict[str, str]:
    """Of recpilot, Python and the libraries that results depend on."""
    return (
        {name: _version(name) for name in ("recpilot",)}
        | {"Python": platform.python_version()}
        | {name: _version(name) for name in LIBRARIES}
    )


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
