"""`recpilot rules`: what the advisor heeds without a trial, with reason and source."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui.cli.common import AsJson, console, print_json

if TYPE_CHECKING:
    from agent.advisor.rules import Rule


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(rules)


def rules(
    model: Annotated[str | None, typer.Option(help="Only those on this model.")] = None,
    as_json: AsJson = False,
) -> None:
    """The rules that lean the advisor, each with its reason and source; your own stand in RECPILOT_RULES."""
    from agent.advisor.rules import rules_with
    from agent.settings import Settings
    from recmodels.models import find_model

    if model is not None:
        find_model(model)
    own = Settings().own_rules
    found = [rule for rule in rules_with(own) if model is None or model in rule.models]
    if as_json:
        print_json([_document(rule) for rule in found])
        return
    out = console()
    for rule in found:
        whose = f" (yours, {rule.file})" if rule.file else ""
        out.print(f"{rule.id}{whose}", markup=False, soft_wrap=True)
        out.print(f"  {', '.join(rule.models)}: {rule.says()}", markup=False, soft_wrap=True)
        out.print(f"  since {rule.reason}", markup=False, soft_wrap=True)
        out.print(f"  source: {rule.source}\n", markup=False, soft_wrap=True)
    if not found:
        out.print(f"No rule is about {model or 'any model'}.", markup=False)
        return
    out.print(
        "They lean the advisor's first trials of a model, fade with the trials that a study has, and exclude nothing. "
        "`recpilot tune … --no-rules` does without them.",
        markup=False,
    )


def _document(rule: "Rule") -> dict[str, Any]:
    return {
        "id": rule.id,
        "models": list(rule.models),
        "says": rule.says(),
        "strength": rule.strength,
        "reason": rule.reason,
        "source": rule.source,
        "file": rule.file or None,
    }
