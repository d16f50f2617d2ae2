"""The options of `tune` and `retune` that say what is searched, and what runs first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from agent.studies.study_spec import StudySpec

Fix = Annotated[
    list[str] | None,
    typer.Option("--fix", help="Hold a param at a value: --fix dropout=0. Of one model: --fix bpr_mf.dropout=0."),
]
Range = Annotated[
    list[str] | None,
    typer.Option("--range", help="Search a number in here: --range n_neighbors=20:200; one end may be left out."),
]
Choices = Annotated[
    list[str] | None, typer.Option("--choices", help="Search these values alone: --choices weighting=tfidf,bm25.")
]
Try = Annotated[
    list[str] | None,
    typer.Option("--try", help="Params to run right after the defaults: --try 'n_neighbors=50 shrinkage=5'."),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """What was typed of them."""

    fix: Sequence[str]
    ranges: Sequence[str]
    choices: Sequence[str]
    tries: Sequence[str]

    @classmethod
    def typed(
        cls, fix: list[str] | None, ranges: list[str] | None, choices: list[str] | None, tries: list[str] | None
    ) -> "Searched":
        """An option that was not given is None."""
        return cls(fix=fix or (), ranges=ranges or (), choices=choices or (), tries=tries or ())

    def of(self, spec: "StudySpec") -> "StudySpec":
        """The spec with them, on top of the ranges that it has.

        Raises:
            recmodels.errors.ParamError: A text that cannot be read, an unknown param, or a value that is not legal.
        """
        from agent.studies.asked_space import narrowed_from_the_start
        from agent.studies.asked_trials import tries_of
        from agent.studies.space_options import space_of, tries_of_texts

        space = space_of(self.fix, self.ranges, self.choices, spec.models)
        return replace(
            spec,
            ranges=narrowed_from_the_start(spec.models, space, spec.ranges),
            tries=(*spec.tries, *tries_of(spec.models, tries_of_texts(self.tries))),
        )
