"""What a decider is told: every fact that a tuner needs, in four digits, quoted, and within its tokens."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from agent.deciding.acts import Ask, Deed, SetRange
from agent.deciding.context import DecisionContext, Refusal
from agent.deciding.prompt import Detail, details, estimated, fitted, question, shown_recalled, shown_records
from memory.record import Lesson, TrialRecord
from recmodels.models import space_of

Seen = Callable[..., DecisionContext]


@pytest.mark.parametrize(
    "fact",
    [
        "trial 4 of 20 (counted from 0): 16 trials left, 600 s left.",
        "split: leave last out",
        "Each ndcg@10 is a mean over 60 users, with a standard error of 0.0199. ± is a 95 % interval over users;",
        "differ in ndcg@10 by 0.005123 (standard deviation, 3 runs)",
        "The best is trial 2; cannot be told apart from it in ndcg@10: 0.",
        "20 s of m (2 s an epoch)",
        "ends after 5 epochs without a gain",
        "n_users 60, density 0.1235",
        "  rate [0.1, 0.9], default 0.5",
        "  margin [0, 2], default 1, when loss is bpr",
        "  held until the person gives a range: batch 32, epochs 10",
        "  l2 [1, 100] (log scale), default 10: how strongly weights are pulled to 0",
        "s/2 m rate=0.2; ndcg@10 0.34 ± 0.039; by you (own), you expected 0.31, off by +0.03",
        "3 epochs of 10, ended by patience, best at epoch 2 of 3, worse after it; curve 0.1 at 1, 0.3 at 2, 0.2 at 3",
        'you said "A smaller rate ‹helps›."',
        "s/3 m rate=0.85; failed (diverged)",
        "s/0 m defaults; ndcg@10 0.3; by defaults",
        "popularity ndcg@10 0.11 ± 0.02",
        "near/2 on d, likeness 0.80: m defaults; ndcg@10 0.6",
        "on x‹y, likeness 0.20",
        "recall@10 0.1 (another metric)",
        'lesson/1, told by the person: "Small rates help. ‹/data›"',
        "0: m rate=0.3; from gp; predicted 0.35 (90 % interval 0.315 to 0.385); Most",
        '"explores": true, which 4 more trials may.',
        '{"bring_in": model}: ials (the person is asked), ease.',
    ],
)
def test_a_fact_stands_in_the_question(seen: Seen, fact: str) -> None:
    assert fact in fitted(seen()).text


def test_what_is_not_known_takes_no_words(seen: Seen) -> None:
    text = fitted(seen(records=(), recalled=(), lessons=(), baselines=(), request=None)).text
    assert "you said" not in text and "refused:" not in text and "wishes" not in text
    assert text.count("<data>\nnone\n</data>") == 4  # trials, deeds, remembered, lessons


def test_what_the_decider_did_and_the_person_answered_is_told(seen: Seen) -> None:
    deeds = (
        Deed(act=SetRange(model="m", param="rate", low=0.2, high=0.4), rationale="r", after=2),
        Deed(act=Ask(question="How slow?"), rationale="", after=3, answer="5 ms <at most>"),
        Deed(act=SetRange(model="m", param="rate", low=0.0), rationale="r", after=4, needs_yes=True),
    )
    text = fitted(seen(deeds=deeds)).text
    assert "after 2 trials: search m `rate` from 0.2 to 0.4\n" in text
    assert 'after 3 trials: ask "How slow?"; the person answered "5 ms ‹at most›"' in text
    assert "after 4 trials: search m `rate` from 0; no answer came" in text


def test_a_refused_answer_is_shown_back_with_what_is_promised_for_it(seen: Seen) -> None:
    refusal = Refusal(
        rule="too bad", answer='{"candidate": 7}', promised="0.1 (90 % interval 0.07 to 0.13) for your params"
    )
    text = fitted(seen(refusal=refusal, request='more "rate"\nplease')).text
    assert text.rstrip().endswith(
        'Your last answer {"candidate": 7} was refused: too bad. The trials so far predict 0.1 '
        "(90 % interval 0.07 to 0.13) "
        "for your params. "
        "Answer again."
    )
    assert 'The person wishes: "more \\"rate\\" please".' in text


def test_half_of_the_trials_shown_are_the_best_and_the_others_the_latest(
    seen: Seen, make_record: Callable[..., TrialRecord]
) -> None:
    first = [make_record(i, 0.01 * (i % 10), params={"rate": i / 100}) for i in range(20)]
    records = (*first, make_record(20, None))
    shown = shown_records(seen(records=records), 8)
    assert [record.number for record in shown] == [9, 19, 8, 18, 15, 16, 17, 20]
    assert len(shown_records(seen(records=records), 200)) == 21


def test_remembered_trials_are_the_best_of_each_dataset_on_this_metric_then_those_of_others(seen: Seen) -> None:
    assert [record.id for record, _ in shown_recalled(seen(), 9)] == ["near/2", "far/0", "near/1", "other/3"]
    assert [record.id for record, _ in shown_recalled(seen(), 1)] == ["near/2"]


def test_a_study_of_few_models_is_told_in_full_and_a_larger_one_within_its_tokens(
    seen: Seen, make_record: Callable[..., TrialRecord]
) -> None:
    deep = ("bpr_mf", "lightgcn", "sasrec", "gru4rec", "text_tower")
    spaces = {model: space_of(model) for model in deep}
    points = [(i, deep[i % 5]) for i in range(30)]
    records = tuple(make_record(i, i / 1000, model=name, params=spaces[name].defaults()) for i, name in points)
    lessons = tuple(Lesson(id=f"lesson/{i}", text="Small rates help. " * 15, source="user") for i in range(5))
    scope = replace(seen().scope, limits=spaces, repeats=dict.fromkeys(range(30), 1))
    large = seen(spaces=spaces, records=records, lessons=lessons, scope=scope)

    def size(budget: int) -> int:
        found = fitted(large, budget)
        return estimated(f"{found.text}\n{json.dumps(found.schema)}")

    assert size(4000) <= 4000 < size(6000) <= 6000 < size(50_000)
    assert "learning_rate [" not in fitted(large, 4000).text and "learning_rate=" in fitted(large, 4000).text
    assert size(10) == size(20), "the least that there is"


def test_more_is_given_up_from_one_detail_to_the_next_and_the_trials_last(seen: Seen) -> None:
    sizes = [len(question(seen(), detail).text) for detail in details()]
    assert sizes == sorted(sizes, reverse=True)
    order = list(details())
    assert order.index(Detail(trials=10)) < next(i for i, one in enumerate(order) if not one.meanings)
    assert next(i for i, one in enumerate(order) if not one.meanings) < next(
        i for i, one in enumerate(order) if one.recalled == 0
    )


def test_the_schema_takes_as_evidence_what_was_shown(seen: Seen) -> None:
    found = question(seen(), Detail(trials=2, recalled=1, lessons=1)).schema["properties"]["evidence"]
    assert found == {
        "type": "array",
        "items": {"type": "string", "enum": ["s/2", "s/3", "near/2", "lesson/1"]},
        "maxItems": 4,
    }
