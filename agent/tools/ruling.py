"""The tool that lists the rules that lean the advisor."""

from typing import Annotated

from pydantic import Field

from agent.advisor.rules import rules_with
from agent.answers.facts import quoted
from agent.results.rules import RuleShown, RulesShown
from agent.tools.making import correctable
from agent.workspace import Workspace
from recmodels.models import find_model


def list_rules(
    workspace: Workspace,
    model: Annotated[str | None, Field(description="only those on this model")] = None,
) -> RulesShown:
    """List the rules that lean the advisor's first trials, each with its reason and source."""
    with correctable():
        if model is not None:
            find_model(model)
    study = workspace.runner.current()
    return RulesShown(
        model=model,
        study=None if study is None else study.title,
        study_uses_rules=study is None or study.spec.uses_rules,
        rules=tuple(
            RuleShown(
                id=rule.id,
                models=rule.models,
                says=rule.says(),
                reason=quoted(rule.reason),
                source=quoted(rule.source),
                is_own=bool(rule.file),
            )
            for rule in rules_with(workspace.settings.own_rules)
            if model is None or model in rule.models
        ),
    )
