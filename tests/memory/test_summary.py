from collections.abc import Callable

from memory.record import DatasetRecord, Lesson, TrialRecord
from memory.summary import LONGEST, dataset_words, summarize

Make = Callable[..., TrialRecord]
FILMS = {
    "n_interactions": 1e5,
    "density": 0.063,
    "history_median": 65,
    "popularity_gini": 0.63,
    "has_time": 1,
    "has_text": 0,
}


def test_a_finished_trial_reads_as_a_sentence(trial: Make) -> None:
    record = trial(
        3,
        dataset="films",
        profile=FILMS,
        params={"learning_rate": 0.00123456, "n_layers": 2},
        value=0.123456,
        curve=(0.1, 0.12),
    )
    assert summarize(record) == (
        "sasrec on films (small, dense, long histories, some popular items, with timestamps, without item text) "
        "with learning_rate 0.001235, n_layers 2: reached ndcg@10 0.1235 after 2 epochs."
    )


def test_a_failed_and_a_pruned_trial_say_why(trial: Make) -> None:
    failed = trial(0, value=None, state="failed", reason="out_of_memory", params={})
    assert summarize(failed) == "sasrec on books with no params: failed because of out of memory, no ndcg@10."
    pruned = trial(0, state="pruned", value=0.1, curve=(0.1,))
    assert summarize(pruned).endswith("pruned as unpromising, ndcg@10 0.1 after 1 epoch.")


def test_a_dataset_and_a_lesson_read_as_sentences() -> None:
    dataset = DatasetRecord(id="dataset/films", name="films", profile={"density": 1e-5}, description="Ratings.")
    assert summarize(dataset) == "The dataset films is very sparse. Ratings."
    assert summarize(DatasetRecord(id="dataset/x", name="x", profile={})) == "The dataset x."
    lesson = Lesson(id="lesson/1", text="Dropout helps.", source="user", dataset="films")
    assert summarize(lesson) == "Dropout helps. (learned on films)"


def test_datasets_that_are_alike_share_their_words() -> None:
    bigger = FILMS | {"n_interactions": 1.5e5, "history_median": 80}
    assert dataset_words(FILMS) == dataset_words(bigger)
    assert dataset_words(FILMS) != dataset_words(FILMS | {"density": 1e-5})
    assert dataset_words({"unknown": 1.0}) == ""


def test_a_sentence_is_never_longer_than_it_may_be() -> None:
    text = summarize(Lesson(id="lesson/1", text="x" * 1_000_000, source="user"))
    assert len(text) == LONGEST and text.endswith("…")
