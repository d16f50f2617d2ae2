"""What holds for every memory, in a folder and on a server."""

import json
import math
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from memory.content import Condition, Content
from memory.embedding import HashingEmbedder, Vectors
from memory.errors import UserError
from memory.record import DatasetRecord, Lesson, Record, TrialRecord, from_dict, to_dict
from memory.store import Recalled, TrialMemory

Make = Callable[..., TrialRecord]
SMALL = {"n_users": 900.0, "n_items": 1_700.0, "n_interactions": 1e5, "density": 0.06, "popularity_gini": 0.6}
LIKE_SMALL = SMALL | {"n_users": 1_100.0, "density": 0.05}
HUGE = {"n_users": 2e6, "n_items": 8e5, "n_interactions": 3e7, "density": 2e-5, "popularity_gini": 0.9}


def ids(found: Sequence[object]) -> list[str]:
    return [hit.record.id for hit in found]  # type: ignore[attr-defined]


def test_records_come_back_unchanged(memory: TrialMemory, trial: Make) -> None:
    records: list[Record] = [
        trial(
            0, params={"a": 1, "b": 0.1 + 0.2, "c": True, "d": "x"}, curve=(0.1, 0.2), evidence=("s/1",), profile=SMALL
        ),
        trial(1, value=None, state="failed", reason="diverged", rationale="Grüße \U0001f600 'quoted' \"\n"),
        DatasetRecord(id="dataset/books", name="books", profile=SMALL, description="novels"),
        Lesson(id="lesson/1", text="a low learning rate helps", source="user", evidence=("study/0",)),
    ]
    memory.remember(*records)
    assert [memory.get(record.id) for record in records] == records
    assert memory.stats() == {"trial": 2, "dataset": 1, "lesson": 1}
    assert memory.records("lesson") == [records[3]]
    assert len(memory.records()) == 4


CONTENT = Content(
    says="worse",
    model="sasrec",
    where=(Condition(param="learning_rate", low=0.02), Condition(param="loss", choices=("bpr", "bce"))),
    metric="ndcg@10",
    effect=-0.01,
    spread=0.002,
    n=6,
    n_others=9,
    profile=SMALL,
)
RESTS_ON = tuple(f"s/{number}" for number in range(CONTENT.n + CONTENT.n_others))
DRAWN = Lesson(
    id="lesson/drawn",
    text="high rates were worse",
    source="reflection",
    dataset="films",
    content=CONTENT,
    evidence=RESTS_ON,
)


def test_a_lesson_keeps_what_it_says_as_data_and_what_became_of_it(memory: TrialMemory, tmp_path: Path) -> None:
    gone = replace(
        DRAWN, id="lesson/gone", withdrawn="2 other trials were better", against=("s/1",), weighed_in=("s/0",)
    )
    memory.remember(DRAWN, gone, Lesson(id="lesson/said", text="a sentence alone", source="user"))
    assert memory.get(DRAWN.id) == DRAWN and memory.get(gone.id) == gone
    assert memory.lessons("worse", "fails") == [DRAWN], "neither what is withdrawn nor what is a sentence alone"
    assert memory.lessons("bound") == []
    memory.export(path := tmp_path / "memory.jsonl")
    elsewhere = TrialMemory(tmp_path / "elsewhere", HashingEmbedder(64))
    elsewhere.import_(path)
    elsewhere.rebuild([])
    assert elsewhere.get(DRAWN.id) == DRAWN and elsewhere.get(gone.id) == gone
    elsewhere.close()
    memory.remember(replace(DRAWN, withdrawn="it does not hold"))
    assert memory.lessons("worse") == []


def test_a_lesson_of_an_earlier_version_and_fields_of_a_later_one_are_read() -> None:
    old = {"kind": "lesson", "format": 1, "id": "lesson/1", "text": "t", "source": "user"}
    told = from_dict(old)
    assert isinstance(told, Lesson) and (told.teller(None), told.teller("ana")) == ("you", "someone")
    assert not told.is_of_another("ana") and replace(told, told_by="bo").is_of_another("ana")
    assert from_dict(old) == Lesson(id="lesson/1", text="t", source="user")
    later = to_dict(DRAWN)
    later["content"] = later["content"] | {"mood": "sure", "where": [{"param": "loss", "choices": ["bpr"], "unit": 1}]}
    kept = from_dict(later)
    assert isinstance(kept, Lesson) and kept.content is not None
    assert kept.content.where == (Condition(param="loss", choices=("bpr",)),)


@pytest.mark.parametrize(
    ("params", "is_about"),
    [
        ({"learning_rate": 0.02, "loss": "bce"}, True),
        ({"learning_rate": 0.019, "loss": "bce"}, False),
        ({"learning_rate": 0.02, "loss": "softmax"}, False),
        ({"learning_rate": 0.02}, False),
    ],
)
def test_a_lesson_is_about_params_that_meet_all_its_conditions(params: dict[str, float | str], is_about: bool) -> None:
    assert CONTENT.holds("sasrec", params) is is_about
    assert not CONTENT.holds("ease", params)


def test_numbers_that_are_not_finite_are_kept(memory: TrialMemory, trial: Make) -> None:
    memory.remember(trial(0, value=math.nan, metrics={"up": math.inf, "down": -math.inf, "exact": 0.1}))
    kept = memory.get("study/0")
    assert isinstance(kept, TrialRecord)
    assert kept.value is not None and math.isnan(kept.value)
    assert kept.metrics == {"up": math.inf, "down": -math.inf, "exact": 0.1}


def test_numbers_of_numpy_are_kept_as_numbers(memory: TrialMemory, trial: Make) -> None:
    memory.remember(trial(0, value=np.float32(0.5), params={"n_layers": np.int64(2)}))
    kept = memory.get("study/0")
    assert isinstance(kept, TrialRecord)
    assert (kept.value, kept.params) == (0.5, {"n_layers": 2})


def test_text_that_no_database_can_hold_is_kept_in_the_record(memory: TrialMemory, trial: Make) -> None:
    odd = trial(0, rationale="nul \0 and a lone surrogate \ud800", dataset="odd \0\ud800 name")
    memory.remember(odd)
    assert memory.get(odd.id) == odd
    assert ids(memory.recall(dataset=odd.dataset)) == [odd.id]


def test_remembering_again_changes_nothing_and_replaces_what_changed(memory: TrialMemory, trial: Make) -> None:
    memory.remember(trial(0), trial(1))
    memory.remember(trial(0), trial(1))
    changed = trial(1, value=None, state="failed", reason="diverged")
    same_sentence = trial(0, seed=7)
    memory.remember(changed, same_sentence)
    assert memory.stats()["trial"] == 2
    assert (memory.get("study/0"), memory.get("study/1")) == (same_sentence, changed)
    assert ids(memory.recall("failed because of diverged", k=1)) == ["study/1"]


def test_the_last_of_two_records_with_one_id_is_kept(memory: TrialMemory, trial: Make) -> None:
    memory.remember(trial(0, seed=1), trial(0, seed=2))
    kept = memory.get("study/0")
    assert isinstance(kept, TrialRecord) and kept.seed == 2


def test_an_empty_memory_recalls_nothing(memory: TrialMemory) -> None:
    assert memory.recall("anything") == []
    assert memory.recall(profile=SMALL, model="sasrec") == []
    assert memory.recall(dataset="books") == []
    assert memory.recall() == []
    assert memory.get("study/0") is None
    assert memory.get("") is None
    assert memory.alike(SMALL) == []


def test_a_record_is_found_by_its_words(memory: TrialMemory, trial: Make) -> None:
    lesson = Lesson(id="lesson/1", text="weight decay hurts on sparse music data", source="reflection")
    memory.remember(trial(0), trial(1, model="ease", params={"l2": 300.0}), lesson)
    best = memory.recall("does weight decay hurt on sparse music data?", k=3)
    assert best[0].record == lesson
    assert best[0].similarity > best[1].similarity
    assert all(0 <= hit.similarity <= 1 for hit in best)
    assert ids(memory.recall("ease l2", k=1)) == ["study/1"]


def test_recall_is_filtered_by_kind_dataset_and_model(memory: TrialMemory, trial: Make) -> None:
    memory.remember(
        trial(0),
        trial(1, model="ease"),
        trial(2, dataset="music"),
        trial(3, dataset="music", model="ease"),
        Lesson(id="lesson/1", text="trials on books", source="user", dataset="books"),
        DatasetRecord(id="dataset/books", name="books", profile=SMALL),
    )
    everything = memory.recall("trials on books", dataset="books", k=9)
    assert set(ids(everything)) == {"study/0", "study/1", "lesson/1", "dataset/books"}
    assert set(ids(memory.recall("trials", model="ease", k=9))) == {"study/1", "study/3"}
    assert ids(memory.recall("trials", model="ease", dataset="music", k=9)) == ["study/3"]
    assert ids(memory.recall("trials", kind="lesson", k=9)) == ["lesson/1"]
    assert ids(memory.recall("books", kind="dataset", dataset="books")) == ["dataset/books"]
    assert memory.recall("trials", kind="lesson", model="ease") == []
    assert set(ids(memory.recall(model="ease"))) == {"study/1", "study/3"}


def test_a_filter_finds_the_few_that_pass_among_many_nearer_ones(memory: TrialMemory, trial: Make) -> None:
    near = [trial(n, params={"learning_rate": n / 1000}) for n in range(150)]
    few = [trial(n, model="ease", dataset="music", params={}) for n in range(200, 203)]
    memory.remember(*near, *few)
    found = memory.recall("sasrec on books with learning_rate", model="ease", k=3)
    assert set(ids(found)) == {"study/200", "study/201", "study/202"}
    assert len(memory.recall("sasrec on books", model="ease", k=100)) == 3
    assert len(memory.recall("sasrec on books", model="sasrec", k=100)) == 100


def test_recall_by_profile_prefers_datasets_that_are_alike(memory: TrialMemory, trial: Make) -> None:
    memory.remember(trial(0, dataset="shop", profile=HUGE), trial(1, dataset="films", profile=LIKE_SMALL))
    found = memory.recall(profile=SMALL, model="sasrec", k=2)
    assert ids(found) == ["study/1", "study/0"]
    assert found[0].similarity > 0.8 > 0.4 > found[1].similarity
    names = memory.alike(SMALL)
    assert [name for name, _ in names] == ["films", "shop"]
    assert names[0][1] == found[0].similarity


def test_words_and_profile_together_weigh_alike(memory: TrialMemory, trial: Make) -> None:
    memory.remember(
        trial(0, dataset="shop", profile=HUGE, params={"dropout": 0.5}),
        trial(1, dataset="films", profile=LIKE_SMALL, params={"dropout": 0.5}),
        trial(2, dataset="films", profile=LIKE_SMALL, model="ease", params={"l2": 9.0}),
    )
    assert ids(memory.recall("sasrec with dropout 0.5", profile=SMALL))[0] == "study/1"
    assert ids(memory.recall("sasrec with dropout 0.5", profile=HUGE))[0] == "study/0"


def test_trials_of_an_alike_dataset_are_found_though_their_words_are_far(memory: TrialMemory, trial: Make) -> None:
    far = [trial(n, dataset="shop", profile=HUGE) for n in range(100)]
    alike = trial(200, dataset="zebras", profile=SMALL, model="ease", params={"l2": 1.0})
    memory.remember(*far, alike)
    assert ids(memory.recall("on shop", k=64)).count("study/200") == 0
    assert ids(memory.recall("on shop", profile=SMALL, k=1)) == ["study/200"]


def test_without_words_the_best_results_of_a_dataset_come_first(memory: TrialMemory, trial: Make) -> None:
    memory.remember(trial(1), trial(3), trial(2), trial(4, value=None, state="failed", reason="diverged"))
    assert ids(memory.recall(dataset="books")) == ["study/3", "study/2", "study/1", "study/4"]


def test_of_a_dataset_with_many_trials_some_of_every_rank_are_listed(memory: TrialMemory, trial: Make) -> None:
    memory.remember(*(trial(n, value=n / 100, profile=SMALL) for n in range(30)))
    memory.remember(*(trial(n + 100, value=n / 100, dataset="films", profile=HUGE) for n in range(3)))
    found = memory.recall(kind="trial", profile=SMALL, k=100, each=4)
    assert ids(found) == ["study/29", "study/19", "study/10", "study/0", "study/102", "study/101", "study/100"]
    assert ids(memory.recall(kind="trial", profile=SMALL, k=2, each=4)) == ["study/29", "study/19"]


def test_a_listing_is_kept_until_someone_writes_of_its_dataset(place: str, memory: TrialMemory, trial: Make) -> None:
    def listed() -> list[Recalled]:
        return memory.recall(kind="trial", model="sasrec", profile=SMALL, k=9, each=3)

    memory.remember(*(trial(n, profile=SMALL) for n in range(3)), trial(9, dataset="shop", profile=HUGE))
    before = listed()
    memory.remember(trial(10, dataset="shop", profile=HUGE))
    after = listed()
    assert [hit.record for hit in after[:3]] == [hit.record for hit in before[:3]]
    assert all(a.record is b.record for a, b in zip(after[:3], before[:3], strict=True)), "nothing was read again"
    assert ids(after[3:]) == ["study/10", "study/9"]
    other = TrialMemory(place, HashingEmbedder())
    other.remember(trial(3, profile=SMALL))
    assert ids(listed()) == ["study/3", "study/1", "study/0", "study/10", "study/9"]
    other.remember(trial(3, dataset="shop", profile=HUGE))
    assert ids(listed())[:3] == ["study/2", "study/1", "study/0"]
    other.remember(trial(2, model="ease", profile=SMALL))
    assert ids(listed())[:2] == ["study/1", "study/0"]
    other.forget("study/1")
    assert ids(listed())[0] == "study/0"
    other.rebuild([trial(7, profile=SMALL)])
    assert ids(listed()) == ["study/7"]
    other.close()


def test_the_best_is_the_smallest_where_the_objective_is_minimised(memory: TrialMemory, trial: Make) -> None:
    how = {"objective": "latency_ms", "direction": "minimize", "profile": SMALL}
    memory.remember(trial(1, value=5.0, **how), trial(2, value=2.0, **how), trial(3, value=math.nan, **how))
    assert ids(memory.recall(profile=SMALL)) == ["study/2", "study/1", "study/3"]


def test_values_under_another_rule_of_likes_are_another_ranking(memory: TrialMemory, trial: Make) -> None:
    memory.remember(
        trial(1, value=0.5), trial(2, value=0.4), *(trial(n, value=0.1 / n, positive=">=4") for n in (3, 4))
    )
    assert set(ids(memory.recall(dataset="books"))[:2]) == {"study/1", "study/3"}


def test_a_general_lesson_stands_between_alike_and_unlike_datasets(memory: TrialMemory) -> None:
    memory.remember(
        DatasetRecord(id="dataset/films", name="films", profile=SMALL),
        DatasetRecord(id="dataset/shop", name="shop", profile=HUGE),
        Lesson(id="lesson/shop", text="one", source="user", dataset="shop"),
        Lesson(id="lesson/general", text="two", source="user"),
        Lesson(id="lesson/films", text="three", source="user", dataset="films"),
    )
    found = memory.recall("four", kind="lesson", profile=SMALL, k=3)
    assert ids(found) == ["lesson/films", "lesson/general", "lesson/shop"]


def test_trials_that_read_the_same_are_all_found(memory: TrialMemory, trial: Make) -> None:
    memory.remember(*(trial(n, value=0.1) for n in range(160)))
    assert len(set(ids(memory.recall("sasrec", k=200)))) == 160
    assert len(set(ids(memory.recall("sasrec", dataset="books", k=120)))) == 120


def test_what_is_forgotten_is_gone(memory: TrialMemory, trial: Make) -> None:
    memory.remember(*(trial(n, params={"learning_rate": n / 7}) for n in range(60)))
    for n in range(50):
        memory.forget(f"study/{n}")
    memory.forget("never/0")
    memory.forget("")
    assert memory.get("study/0") is None
    assert memory.stats()["trial"] == 10
    assert len(memory.recall("sasrec", k=60)) == 10


def test_another_embedder_is_refused_until_the_memory_is_rebuilt(place: str, memory: TrialMemory, trial: Make) -> None:
    memory.remember(trial(0), Lesson(id="lesson/1", text="keep me", source="user"))
    other = TrialMemory(place, HashingEmbedder(64))
    for act in (lambda: other.recall("sasrec"), lambda: other.remember(trial(1))):
        with pytest.raises(
            UserError, match=r"hashing-256 \(dimension 256\), not of hashing-64.*recpilot memory rebuild"
        ):
            act()
    assert other.stats()["trial"] == 1
    other.rebuild([trial(0)])
    assert set(ids(other.recall("sasrec"))) == {"study/0", "lesson/1"}
    with pytest.raises(UserError, match="recpilot memory rebuild"):
        memory.recall("sasrec")
    other.close()


def test_rebuild_replaces_trials_and_keeps_lessons_and_datasets(memory: TrialMemory, trial: Make) -> None:
    lesson = Lesson(id="lesson/1", text="keep me", source="user")
    dataset = DatasetRecord(id="dataset/films", name="films", profile=SMALL)
    memory.remember(trial(0), trial(1), lesson, dataset)
    newer = replace(dataset, description="told anew")
    memory.rebuild([trial(1), trial(2), newer])
    assert {record.id for record in memory.records()} == {"study/1", "study/2", lesson.id, dataset.id}
    assert memory.get(dataset.id) == newer
    assert memory.alike(SMALL) == [("films", 1.0)]
    memory.rebuild([])
    assert memory.stats() == {"trial": 0, "dataset": 1, "lesson": 1}


def test_a_rebuild_that_fails_leaves_the_memory_as_it_was(place: str, memory: TrialMemory, trial: Make) -> None:
    class Failing(HashingEmbedder):
        def embed(self, texts: Sequence[str]) -> Vectors:
            raise RuntimeError("no memory left")

    memory.remember(trial(0))
    with pytest.raises(RuntimeError):
        TrialMemory(place, Failing()).rebuild([trial(1)])
    assert ids(memory.recall("sasrec")) == ["study/0"]
    memory.rebuild([trial(1)])
    assert ids(memory.recall("sasrec")) == ["study/1"]


def test_what_is_remembered_during_a_rebuild_is_kept(place: str, memory: TrialMemory, trial: Make) -> None:
    meanwhile = trial(7, dataset="films", profile=SMALL)
    remembered: list[TrialRecord] = []

    class Interrupted(HashingEmbedder):
        def embed(self, texts: Sequence[str]) -> Vectors:
            if not remembered:
                remembered.append(meanwhile)
                memory.remember(meanwhile)
            return super().embed(texts)

    memory.remember(trial(0), trial(1))
    TrialMemory(place, Interrupted()).rebuild([trial(1)])
    assert {record.id for record in memory.records()} == {"study/1", "study/7"}
    assert memory.alike(SMALL) == [("films", 1.0)]


def test_threads_remember_and_recall_at_the_same_time(memory: TrialMemory, trial: Make) -> None:
    errors: list[BaseException] = []

    def work(thread: int) -> None:
        try:
            for step in range(5):
                number = thread * 100 + step
                memory.remember(trial(number, params={"learning_rate": number / 997}))
                assert f"study/{number}" in ids(memory.recall(f"learning_rate {number / 997:.4g}", k=40))
        except BaseException as error:  # noqa: BLE001 - a thread's error is told by the test
            errors.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert memory.stats()["trial"] == 30


def test_data_of_one_name_are_told_apart_by_what_they_hold(memory: TrialMemory, trial: Make) -> None:
    large = {name: 40 * number for name, number in SMALL.items()}
    memory.remember(*(trial(n, dataset="films", profile=SMALL) for n in range(3)))
    memory.remember(*(trial(n, study="far", id=f"far/{n}", dataset="films", profile=large) for n in range(3)))
    for asked, study in ((SMALL, "study"), (large, "far")):
        found = memory.recall(kind="trial", profile=asked, k=6)
        same = [hit.record for hit in found if hit.similarity == 1.0]
        assert {record.study for record in same if isinstance(record, TrialRecord)} == {study} and len(same) == 3
        assert same == [hit.record for hit in found[:3]], "the others come after"
        assert memory.alike(asked) == [("films", 1.0)]
        by_words = memory.recall("films", kind="trial", profile=asked, k=1)
        assert isinstance(by_words[0].record, TrialRecord) and by_words[0].record.study == study


def test_an_export_can_be_imported_elsewhere(memory: TrialMemory, trial: Make, tmp_path: Path) -> None:
    records: list[Record] = [
        trial(0, profile=SMALL),
        Lesson(id="lesson/1", text="line\nbreak \u2028", source="user"),
    ]
    memory.remember(*records)
    path = tmp_path / "taken along" / "memory.jsonl"
    assert memory.export(path) == 2
    elsewhere = TrialMemory(tmp_path / "elsewhere", HashingEmbedder(64))
    assert elsewhere.import_(path).n_new == 2
    assert [elsewhere.get(record.id) for record in records] == records
    elsewhere.close()


def test_bad_lines_are_named_and_the_good_ones_remembered(memory: TrialMemory, trial: Make, tmp_path: Path) -> None:
    good = json.dumps(to_dict(trial(0)))
    bad = [
        "{not json",
        '{"kind": "recipe"}',
        "[]",
        '{"kind": "lesson", "id": "lesson/1", "text": 7, "source": "user"}',
        '{"kind": "lesson", "id": "", "text": "x", "source": "user"}',
        '{"kind": "lesson", "id": "lesson/1"}',
        '{"kind": ["lesson"], "id": "lesson/1"}',
        "\udcff",
    ]
    path = tmp_path / "mixed.jsonl"
    path.write_text(
        "\n".join([good, "", *bad, json.dumps(to_dict(trial(1)))]), encoding="utf-8", errors="surrogateescape"
    )
    found = memory.import_(path)
    assert [said.partition(": ")[0] for said in found.refused] == [f"line {number}" for number in range(3, 11)]
    assert found.n_new == 2 and "'recipe'" in found.refused[1] and "`text`" in found.refused[3]
    assert {record.id for record in memory.records()} == {"study/0", "study/1"}


@pytest.mark.parametrize(
    ("asked", "rule"), [({"kind": "recipe"}, "`kind` must be one of"), ({"k": 0}, "at least 1, got 0")]
)
def test_a_question_that_makes_no_sense_is_refused(memory: TrialMemory, asked: dict[str, object], rule: str) -> None:
    with pytest.raises(UserError, match=rule):
        memory.recall("x", **asked)  # type: ignore[arg-type]


def test_a_record_without_an_id_is_refused(memory: TrialMemory, trial: Make) -> None:
    with pytest.raises(UserError, match="needs an id"):
        memory.remember(trial(0), trial(1, id=""))
    assert memory.stats()["trial"] == 0
