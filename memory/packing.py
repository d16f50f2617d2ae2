"""Records as short texts: Chroma indexes whatever stands in metadata, so JSON as it is costs five times its length.

A packed text is "z1", the length of the id, the id, and the compressed JSON in base64. The id stands first so that
neighbours in time are neighbours in SQLite's index, which is read and written in pages.
"""

import base64
import json
import zlib
from typing import Any

_MARK = "z1:"  # of a dictionary: another one needs another mark
# What records have in common, which is not stored again with each. Never change it: what was packed needs it.
_DICTIONARY = (
    b'{"kind": "lesson", "format": 1, "id": "lesson/", "text": "", "source": "reflection", "study": "user", "dataset": '
    b'"created_at": "", "evidence": [], "name": "", "description": ""}{"kind": "dataset", "format": 1, "id": "dataset/'
    b'"latency_ms": "memory_bytes": "mask", "keep", "true, false, null, NaN, Infinity, -Infinity, "time_limit", '
    b'"out_of_memory", "diverged", "minimize", "llm", "tpe", "gp", "random", "portfolio", "user", "repeat", "explore", '
    b'"own", "take", "embedding_size": 64, "learning_rate": 0.00, "weight_decay": 1e-0, "dropout": 0., "n_layers": 2, '
    b'"n_neighbors": 200, "weighting": "tfidf", "shrinkage": 10.0, "regularization": "batch_size": "n_heads": '
    b'"users": {"of": "why": "test_", "parts": "valid_rmse", "valid_mae", "valid_auc", "valid_user_auc", '
    b'"valid_logloss", "valid_f1", {"kind": "trial", "format": 1, "id": "/0", "study": "", "number": 0, "dataset": "", '
    b'"profile": {"n_users": 000.0, "n_items": 000.0, "n_interactions": 0000.0, "density": 0.00, "repeat_rate": 0.0, '
    b'"popularity_gini": 0., "popularity_top20_share": 0., "cold_item_share": 0.0, "history_mean": , '
    b'"history_median": .0, "history_p90": .0, "history_max": .0, "has_time": 1.0, "has_order": 0.0, '
    b'"time_span_days": 0.0, "has_weights": 0.0, "weight_mean": 0.0, "weight_std": 0.0, "weight_min": 0.0, '
    b'"weight_max": 0.0, "has_text": 0.0, "mean_text_words": 0.0, "has_groups": 0.0, "n_groups": 0.0, '
    b'"has_given_split": 0.0}, "model": "", "params": {"learning_rate": 0.00, "dropout": 0.}, "state": "failed", '
    b'"state": "pruned", "state": "complete", "reason": null, "objective": "ndcg@10", "direction": "maximize", '
    b'"value": 0.0, "metrics": {"valid_ndcg@10": 0.0, "valid_ndcg@20": 0.0, "valid_recall@10": 0.0, '
    b'"valid_recall@20": 0.0, "valid_precision@10": 0.0, "valid_precision@20": 0.0, "valid_hit@10": 0., '
    b'"valid_hit@20": 0., "valid_mrr@10": 0., "valid_mrr@20": 0., "valid_map@10": 0.0, "valid_map@20": 0.0, '
    b'"valid_coverage@10": 0., "valid_popularity_share@10": 0., "valid_average_popularity@10": , '
    b'"valid_tail_share@10": 0., "valid_gini@10": 0., "valid_novelty@10": , "valid_serendipity@10": 0.}, '
    b'"curve": [0., 0., 0.], "cost": {"train_s": 0., "epochs": 1, "epoch_s": 0., "peak_memory_bytes": , '
    b'"n_parameters": , "n_trainable": , "evaluate_s": 0.}, "measured": {}, "proposer": "defaults", "act": "", '
    b'"rationale": "", "evidence": [], "expected": null, "seed": 0, "split": "", "positive": "all", '
    b'"repeats": "mask", "outcomes": "", "checkpoint": null, "finished_at": "2026-01-01T00:00:00+00:00"}'
)


def packed(id: str, content: Any, default: Any = None) -> str:
    """JSON of `content` in short; the same content gives the same text.

    Args:
        id: Of the document; its text begins with it.
        default: As `json.dumps`.
    """
    press = zlib.compressobj(6, zdict=_DICTIONARY)
    data = press.compress(json.dumps(content, default=default).encode()) + press.flush()
    return f"{_MARK}{len(id)}:{id}{base64.b64encode(data).decode()}"


def unpacked(text: str) -> Any:
    """What `packed` was given, or what plain JSON holds, as earlier versions wrote it.

    Raises:
        ValueError: The text holds neither.
    """
    if not text.startswith(_MARK):
        return json.loads(text)
    length, _, rest = text.removeprefix(_MARK).partition(":")
    press = zlib.decompressobj(zdict=_DICTIONARY)
    try:
        return json.loads(press.decompress(base64.b64decode(rest[int(length) :])))
    except zlib.error as error:
        raise ValueError(str(error)) from error
