"""What is done with the text beside dropped files: it belongs to the file as far as it speaks of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from agent import outside
from agent.understanding.beside_files import said_beside
from agent.understanding.column_words import columns_apart
from agent.understanding.corrections import settled
from agent.understanding.likes_words import is_positive_alone, positive_in
from agent.understanding.stretch import Stretch
from agent.words.names import Names, read
from agent.workspace import Workspace
from recmodels.data.catalogue import Catalogue

_TELLING = (
    "number",
    "share",
    "fraction",
    "duration",
    "dataset",
    "model",
    "metric",
    "param",
    "sampler",
    "split",
    "study",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfFile:
    """A text beside files, taken apart."""

    args: Mapping[str, object] = field(default_factory=dict)  # of `add_dataset`
    rest: str

    def unused(self, workspace: Workspace) -> str:
        """What nothing used though it names something, in a sentence; empty where nothing is lost."""
        names = Names(datasets=tuple(workspace.catalogue.names()), studies=tuple(workspace.runner.names()))
        said = [span for span in read(self.rest, names).spans if span.kind in _TELLING]
        if not said:
            return ""
        datasets = [str(span.value) for span in said if span.kind == "dataset"]
        to_join = (
            f" To join a file to {outside.code(datasets[0])}, write `append to {datasets[0]}` beside it."
            if datasets
            else ""
        )
        return f"I did not use {outside.said(f'“{self.rest.strip()}”')}: only the file was read.{to_join}"


def beside_file(text: str, n_files: int, catalogue: Catalogue) -> OfFile:
    """What a text says of the files that it stands beside; a name and what to join belong to one file only."""
    if n_files > 1:
        apart = columns_apart(text)
        return OfFile(args={"columns": apart.columns} if apart.columns else {}, rest=apart.rest)
    found = said_beside(text, catalogue.names())
    is_named = found.name is not None and (found.is_told or catalogue.key_of(found.name) is None)
    said = settled(read(found.rest, Names()))
    likes = positive_in(Stretch(said, [(0, len(said.text))])) if found.rest and is_positive_alone(said) else {}
    args: dict[str, object] = {
        "columns": found.columns,
        "append": found.append,
        "name": found.name if is_named else None,
    }
    return OfFile(args={name: value for name, value in args.items() if value} | likes, rest="" if likes else found.rest)
