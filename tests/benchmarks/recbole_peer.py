"""Trains one model of RecBole on files that bench_recbole.py wrote, in RecBole's own environment.

PYTHON recbole_peer.py TASK.json RESULT.json
"""

import json
import sys
import time
from itertools import islice
from pathlib import Path

import torch
from recbole.config import Config
from recbole.data import create_dataset, data_preparation
from recbole.utils import get_model, get_trainer, init_seed


class Some:
    """The first batches of a loader."""

    def __init__(self, loader, n):
        self.loader, self.n = loader, n

    def __iter__(self):
        return islice(iter(self.loader), self.n)

    def __len__(self):
        return self.n

    def __getattr__(self, name):
        return getattr(self.loader, name)


def mask_history(model, train_data):
    """RecBole's sequence models may recommend what the user had; take that away as for all other models."""
    rows, score = train_data.dataset.inter_feat, model.full_sort_predict
    seen = torch.zeros(train_data.dataset.user_num, model.n_items, dtype=torch.bool)
    seen[rows["user_id"], rows["item_id"]] = True
    users, lists = rows["user_id"], rows["item_id_list"]
    seen[users[:, None].expand_as(lists), lists] = True

    def masked(interaction):
        scores = score(interaction).view(len(interaction), -1)
        scores[seen[interaction["user_id"]]] = -torch.inf
        return scores.scatter_(1, interaction["item_id_list"], -torch.inf)  # the latest: of valid when it is test

    model.full_sort_predict = masked


def clocked(act):
    wall, processor = time.perf_counter(), time.process_time()
    found = act()
    return found, time.perf_counter() - wall, time.process_time() - processor


def main():
    task = json.loads(Path(sys.argv[1]).read_text())
    result = Path(sys.argv[2])
    torch.set_num_threads(1)
    sys.argv = sys.argv[:1]  # RecBole reads the command line
    config = Config(model=task["model"], dataset=task["dataset"], config_dict=task["config"])
    init_seed(config["seed"], True)
    train_data, valid_data, test_data = data_preparation(config, create_dataset(config))
    model = get_model(config["model"])(config, train_data.dataset)
    if "item_id_list" in train_data.dataset.inter_feat:
        mask_history(model, train_data)
    trainer = get_trainer(config["MODEL_TYPE"], config["model"])(config, model)
    n_batches = min(task["batches"] or len(train_data), len(train_data))
    share = n_batches / len(train_data)
    loader = train_data if share == 1 else Some(train_data, n_batches)
    wall_s = processor_s = 0.0
    valid, best = {}, {}
    for epoch in range(task["epochs"]):
        _, wall, processor = clocked(lambda epoch=epoch: trainer._train_epoch(loader, epoch))
        wall_s, processor_s = wall_s + wall, processor_s + processor
        if (epoch + 1) % task["evaluate_every"] == 0 or epoch + 1 == task["epochs"]:
            valid, _, eval_s = clocked(lambda: trainer.evaluate(valid_data, load_best_model=False))
            if not best or valid[task["metric"]] > best["value"]:
                test = trainer.evaluate(test_data, load_best_model=False)
                best = {"value": valid[task["metric"]], "epoch": epoch + 1, "train_s": processor_s, "test": dict(test)}
    n = task["epochs"] * share
    found = {"epoch_s": processor_s / n, "epoch_wall_s": wall_s / n, "share": share, "eval_s": eval_s, "best": best}
    result.write_text(json.dumps(found | {"n_parameters": sum(weight.numel() for weight in model.parameters())}))


if __name__ == "__main__":
    main()
