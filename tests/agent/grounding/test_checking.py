"""An answer keeps what holds, marks what nothing supports, and loses the rest in sight of the person."""

import pytest

from agent.grounding.checking import MARK, checked
from agent.grounding.cut_words import cut_note, put_right
from agent.grounding.fact import Call
from agent.grounding.judging import judged
from agent.grounding.known import Known


def test_only_the_sentence_that_does_not_hold_goes_and_the_note_says_why(known: Known) -> None:
    found = checked("Trial 6 won with 0.206. Trial 5 reached 0.9. Trial 1 came second.", known)
    assert found.text == "Trial 6 won with 0.206. Trial 1 came second."
    assert found.removed == ("0.9",)
    assert cut_note(found) == "(Something was cut: 0.9 is not ndcg@10: trial 5 has 0.03539.)"
    assert "“Trial 5 reached 0.9.”" in put_right(found)


def test_a_parenthesis_goes_alone_where_the_rest_holds(known: Known) -> None:
    assert checked("Trial 6 won (with 0.9).", known).text == "Trial 6 won."


def test_a_row_of_a_table_is_read_with_the_words_of_its_head(known: Known) -> None:
    head = "| trial | ndcg@10 | train_s |\n| --- | --- | --- |\n"
    rows = "| 6 | 0.2063 | 8.722 |\n| 1 | 0.2063 | 10.21 |\n"
    assert checked(head + rows, known).text == (head + rows.splitlines()[0])


def test_a_cause_is_marked_once_however_often_it_is_checked(known: Known) -> None:
    once = checked("Trial 6 won because its dropout is smaller.", known)
    assert once.text.endswith(MARK) and len(once.not_checked) == 1
    assert checked(once.text, known).text == once.text


def test_a_fact_that_is_cited_by_its_id_is_filled_in(known: Known) -> None:
    assert checked("Trial 6 reached {t6.recall@10} in recall@10.", known).text == "Trial 6 reached 0.2775 in recall@10."


@pytest.mark.parametrize(
    ("said", "tool", "args", "result"),
    [
        ("I have started the study.", "start_study", {}, {"study": "shop-1", "state": "running"}),
        ("Stopped.", "control_study", {"action": "stop"}, {"study": "shop-1", "state": "stopped"}),
        ("I exported trial 6.", "export_model", {"trial": 6}, {"study": "demo-1", "trial": "demo-1/6"}),
        ("I have saved that as a lesson.", "remember_lesson", {"text": "x"}, {"lesson": "x"}),
    ],
)
def test_an_act_may_be_told_of_only_where_it_was_done_in_this_turn(
    known: Known, said: str, tool: str, args: dict[str, object], result: dict[str, object]
) -> None:
    def fate(*, result: dict[str, object], is_now: bool = True) -> str:
        call = Call(tool=tool, args=args, result=result, is_now=is_now)
        return judged(said, Known.of([*known.calls, call])).fate

    assert judged(said, known).fate == "cut"
    assert fate(result=result) == "kept"
    assert fate(result=result, is_now=False) == "cut"
    assert fate(result={"error": "no"}) == "cut"


def test_a_study_that_still_runs_was_not_stopped(known: Known) -> None:
    call = Call(tool="control_study", args={"action": "stop"}, result={"study": "shop-1", "state": "running"})
    assert judged("Stopped.", Known.of([*known.calls, call])).fate == "cut"
