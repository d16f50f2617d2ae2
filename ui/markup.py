"""Text in HTML: escaped, and with what cannot be seen written out; in the pages that are written, and in the panel."""

from functools import cache
from html import escape

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from agent.secrets import shown


def html(text: str) -> str:
    """A text that shows as it is, also in an attribute."""
    return escape(shown(text))


@cache
def template(name: str) -> Template:
    """A page of `ui/assets`; each text that it shows goes through `html`."""
    environment = Environment(
        loader=PackageLoader("ui", "assets"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        finalize=_visible,
    )
    return environment.get_template(name)


def _visible(value: object) -> object:
    return shown(value) if isinstance(value, str) and not isinstance(value, Markup) else value
