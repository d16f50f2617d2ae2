"""What stands over a step: what its tool did, and nothing that it did not."""

from agent.chat.done import title_of
from agent.results.study import NothingToUndo, NotUndone, Undone


def test_where_nothing_was_taken_back_the_step_says_so() -> None:
    assert title_of("undo", NothingToUndo(nothing="nothing was changed")) == "Took nothing back"
    assert title_of("undo", NotUndone(tool="run_trial", at="", cannot="trial 3 was begun")) == "Took nothing back"
    undone = Undone(tool="rename_study", at="", undone="study a was renamed b", now="it is a", is_certain=True)
    assert title_of("undo", undone) == title_of("undo") == "Took a change back"
    assert title_of("unheard_of") == "unheard_of"
