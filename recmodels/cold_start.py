"""What a model answers for users and items that training did not see, and whether an answer is only a fallback.

| model                    | user with a history      | user without one  | item that training did not see    |
|--------------------------|--------------------------|-------------------|-----------------------------------|
| popularity               | popular items            | popular items     | last                              |
| personal_frequency       | from the history         | popular items     | last                              |
| item_knn                 | from the history         | popular items     | last                              |
| ease                     | from the history         | popular items     | 0: nothing speaks for or against  |
| ials                     | solved for (folded in)   | popular items     | 0, likewise                       |
| bpr_mf, lightgcn         | the mean of its items    | popular items     | last                              |
| sasrec, gru4rec, hstu    | from the history         | popular items     | low: it was never wanted          |
| text_tower               | the texts of the history | popular items     | by its text                       |
| hybrid                   | texts, order, attributes | by attributes     | by its text and attributes        |
| llm_ranker               | read in the prompt       | popular items     | by its title, behind item_knn's   |
| biased_mf                | an average user          | an average user   | an average item                   |
| deepfm, dcnv2            | by attributes            | by attributes     | by its attributes                 |

Of a user whose id is not in the dataset there are no attributes, so models of attributes answer as for an average user.
`Recommender` says with each list which fallback it is, if it is one.
"""

from recmodels.models.base import Fallback, RecModel


def fallback_of(model: RecModel, *, is_known: bool, has_history: bool) -> Fallback | None:
    """What the list of a user is instead of their own; None where it is their own.

    Args:
        is_known: The dataset has the user's id.
        has_history: There is something that the user did.
    """
    if has_history and model.reads_histories:
        return None
    if is_known and not (model.reads_histories and model.without_history == "popularity"):
        return None
    return model.without_history
