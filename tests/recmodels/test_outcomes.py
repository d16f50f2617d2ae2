"""What outcomes count, as people write it."""

import pytest

from recmodels.errors import ParamError
from recmodels.outcomes import metric_names, parse_outcomes
from recmodels.plan import check_weighed


@pytest.mark.parametrize("text", ["purchase=10,cart=3,view=1", " purchase = 10 , cart=3.0,view=1e0 "])
def test_weights_are_read_and_written_back(text: str) -> None:
    weights = parse_outcomes(text)
    assert weights.to_text() == "purchase=10,cart=3,view=1"
    assert weights.words() == "purchase counts 10, cart 3, view 1"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("purchase", "are weighed as `purchase=10,cart=3,view=1`, got 'purchase'"),
        ("purchase=ten", "of the outcome 'purchase' must be a number of 0 or more, got 'ten'"),
        ("view=1,purchase=-1", "of the outcome 'purchase' must be a number of 0 or more, got '-1'"),
        ("purchase=inf", "must be a number of 0 or more, got 'inf'"),
        ("view=0,cart=0", "at least one outcome must be above 0, got 'view=0,cart=0'"),
        ("view=1,view=2", "'view' is weighed twice, 1 and 2"),
        ("", "are weighed as"),
    ],
)
def test_what_are_no_weights_is_refused_with_the_rule_and_the_value(text: str, said: str) -> None:
    with pytest.raises(ParamError) as refused:
        parse_outcomes(text)
    assert said in str(refused.value)


def test_each_outcome_has_a_metric_of_its_own() -> None:
    assert metric_names(("Add to cart", "purchase", "add-to-cart")) == (
        "recall_of_add_to_cart",
        "recall_of_purchase",
        "recall_of_add_to_cart_3",
    )


def test_an_objective_that_counts_outcomes_alike_is_refused() -> None:
    for objective in ("ndcg@20", "latency_ms", "coverage@10", "auc", "logloss"):
        check_weighed(objective)
    for objective, instead in (("recall@20", "ndcg@20"), ("f1", "auc"), ("rmse", "ndcg@10")):
        with pytest.raises(ParamError, match=f"{objective} counts them alike; take {instead}"):
            check_weighed(objective)
