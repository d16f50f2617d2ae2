"""How lessons are listed: what holds, what was withdrawn and why, and where one weighed in."""

from agent.answers.explain_memory import lesson_line, list_lessons
from agent.results.memory import LessonList, LessonListed, LessonShown

WHY = "“2 other trials with dropout of 0.4 or more had a better ndcg@10 than those without”"


def listed(**changed: object) -> str:
    row = LessonListed(number=1, text="“dropout hurts”", source="reflection", dataset="books", **changed)  # type: ignore[arg-type]
    gone = int(bool(row.withdrawn))
    return list_lessons(LessonList(count=1, n_told=0, n_withdrawn=gone, lessons=(row,)))


def test_a_withdrawn_lesson_says_so_and_why() -> None:
    text = listed(withdrawn=WHY)
    assert "the others learned from trials; 1 withdrawn, since later trials contradict." in text
    assert f"| withdrawn: {WHY[1:-1]} |" in text
    assert "withdrawn" not in listed()
    line = lesson_line(LessonShown(id="lesson/1", text="“dropout hurts”", withdrawn=WHY))
    assert line == f"- “dropout hurts” (lesson/1), withdrawn: {WHY[1:-1]}"


def test_a_lesson_says_where_it_weighed_in() -> None:
    assert "| weighed in for b/3 |" in listed(weighed_in=("b/3",), n_weighed_in=1)
    assert "| weighed in for c/1 and in 1 other study |" in listed(weighed_in=("b/3", "c/1"), n_weighed_in=2)
    assert "| weighed in for c/1 and in 8 other studies |" in listed(weighed_in=("b/3", "c/1"), n_weighed_in=9)
