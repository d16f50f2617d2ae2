"""Every kind of adapter on the packaged encoder: it trains, alone, and is saved in the form that PEFT reads."""

import itertools
import json
import subprocess
import sys
from pathlib import Path

import peft
import pytest
import torch
from torch import Tensor, nn
from transformers import AutoModel, BertConfig, BertModel, DistilBertConfig, DistilBertModel, GPT2Config, GPT2Model

from recmodels.errors import SetupError
from recmodels.pretrained import adapters
from recmodels.pretrained.adapters import (
    AdapterConfig,
    attach,
    load_adapter,
    save_adapter,
    target_modules,
    trainable_share,
)
from recmodels.pretrained.packaged import packaged_minilm
from recmodels.pretrained.rank_allocation import allocate, orthogonality
from recmodels.search_space import SearchSpace

pytestmark = pytest.mark.filterwarnings("ignore:.*is_gradient_checkpointing:FutureWarning")  # peft 0.21

SPACE = SearchSpace(adapters.ADAPTER_PARAMS)
IDS = torch.tensor([[1, 23, 3, 2], [1, 92, 2, 0]])
MASK = torch.tensor([[1, 1, 1, 1], [1, 1, 1, 0]])
MODULE_CASES = list(itertools.product(adapters.MODULE_KINDS, adapters.TARGETS))
PEFT_CASES = [*MODULE_CASES, ("prefix", "attention")]


def small(n_layers: int = 3) -> BertModel:
    torch.manual_seed(0)
    sizes = {"vocab_size": 100, "hidden_size": 32, "num_attention_heads": 4, "intermediate_size": 64}
    return BertModel(BertConfig(num_hidden_layers=n_layers, **sizes), add_pooling_layer=False).eval()


def states(model: nn.Module) -> Tensor:
    output: Tensor = model(input_ids=IDS, attention_mask=MASK).last_hidden_state
    return output


def train_a_little(model: nn.Module) -> None:
    trained = [weight for weight in model.parameters() if weight.requires_grad]
    optimizer = torch.optim.SGD(trained, lr=0.5)
    for _ in range(3):
        optimizer.zero_grad()
        states(model).square().sum(dim=-1).mean().neg().add(states(model)[..., 0].sum()).backward()
        optimizer.step()


@pytest.mark.parametrize(("kind", "targets"), MODULE_CASES)
def test_adapter_starts_as_the_plain_encoder_and_training_changes_only_it(kind: str, targets: str) -> None:
    plain = states(small())
    before = {name: weight.clone() for name, weight in small().named_parameters()}
    model = attach(small(), AdapterConfig(kind=kind, targets=targets, rank=4))
    assert torch.allclose(states(model), plain, atol=1e-5)
    train_a_little(model)
    gradients = {name for name, weight in model.named_parameters() if weight.grad is not None}
    assert gradients == {name for name, weight in model.named_parameters() if weight.requires_grad}
    assert all(adapters.is_adapter_weight(name) for name in gradients)
    assert not torch.allclose(states(model), plain, atol=1e-6 if kind == "adalora" else 1e-3)  # it learns slowly
    after = {name.replace(".base_layer", ""): weight for name, weight in model.get_base_model().named_parameters()}  # type: ignore[operator]
    assert all(torch.equal(after[name], weight) for name, weight in before.items())


def test_training_a_prefix_changes_only_it() -> None:
    before = {name: weight.clone() for name, weight in small().named_parameters()}
    model = attach(small(), AdapterConfig(kind="prefix", prefix_length=3))
    untrained = states(model)
    train_a_little(model)
    (trained,) = (name for name, weight in model.named_parameters() if weight.grad is not None)
    assert adapters.is_adapter_weight(trained)
    assert model.get_parameter(trained).shape == (3, 2 * 3 * 32)  # tokens, keys and values of three layers
    assert not torch.allclose(states(model), untrained, atol=1e-3)
    after = dict(model.get_base_model().named_parameters())  # type: ignore[operator]
    assert all(torch.equal(after[name], weight) for name, weight in before.items())


def test_padding_says_nothing_behind_a_prefix() -> None:
    model = attach(small(), AdapterConfig(kind="prefix"))
    alone = model(input_ids=IDS[1:, :3], attention_mask=MASK[1:, :3]).last_hidden_state
    torch.testing.assert_close(states(model)[1:, :3], alone)


def test_adalora_takes_ranks_until_those_asked_for_are_left(tmp_path: Path) -> None:
    model = attach(small(), AdapterConfig(kind="adalora", rank=4, n_layers=2, targets="query+value"))
    trained = [weight for weight in model.parameters() if weight.requires_grad]
    optimizer = torch.optim.SGD(trained, lr=0.5)
    left = []
    for step in range(20):
        apart = orthogonality(model)
        assert apart is not None
        (states(model)[..., 0].sum() + apart).backward()
        optimizer.step()
        allocate(model, step, 20)
        optimizer.zero_grad()
        left.append(sum(int(w.count_nonzero()) for name, w in model.named_parameters() if ".lora_E." in name))
    assert left[0] == 4 * 6, "a half more to begin with, on four modules"
    assert left == sorted(left, reverse=True)
    assert set(left[14:]) == {4 * 4}
    save_adapter(model, tmp_path)
    loaded = peft.PeftModel.from_pretrained(small(), tmp_path).eval()
    assert torch.equal(states(loaded), states(model.eval()))


def test_orthogonality_is_the_mean_distance_of_the_factors_from_orthonormal_ones() -> None:
    model = attach(small(), AdapterConfig(kind="adalora", rank=2, n_layers=1, targets="query+value"))
    apart = orthogonality(model)
    assert apart is not None
    factors = [w for name, w in model.named_parameters() if "lora_A" in name]
    factors += [w.T for name, w in model.named_parameters() if "lora_B" in name]
    by_hand = sum((f @ f.T - torch.eye(3)).norm() for f in factors) / 4
    torch.testing.assert_close(apart, 0.5 * by_hand)
    for factor in factors:
        nn.init.orthogonal_(factor.data)
    apart = orthogonality(model)
    assert apart is not None and apart.item() < 1e-5
    assert orthogonality(attach(small(), AdapterConfig(kind="lora"))) is None


@pytest.mark.parametrize(("kind", "targets"), PEFT_CASES)
def test_saved_adapter_loads_with_peft_and_gives_identical_outputs(kind: str, targets: str, tmp_path: Path) -> None:
    model = attach(small(), AdapterConfig(kind=kind, targets=targets, rank=4, dropout=0.3))
    train_a_little(model)
    save_adapter(model, tmp_path)
    loaded = peft.PeftModel.from_pretrained(small(), tmp_path).eval()
    assert torch.equal(states(loaded), states(model.eval()))
    again = attach(small(), AdapterConfig(kind=kind, targets=targets, rank=4, dropout=0.3)).eval()
    load_adapter(again, tmp_path)
    assert torch.equal(states(again), states(model))


@pytest.mark.parametrize("kind", adapters.PEFT_KINDS)
def test_adapter_of_the_packaged_encoder_loads_on_the_encoder_as_published(kind: str, tmp_path: Path) -> None:
    plain = AutoModel.from_pretrained(packaged_minilm())
    plain.pooler = None
    config = AdapterConfig(kind=kind, targets="attention+mlp", n_layers=6, rank=2)
    model = attach(plain.eval(), config, base_name="owner/name")
    train_a_little(model)
    save_adapter(model, tmp_path)
    loaded = peft.PeftModel.from_pretrained(AutoModel.from_pretrained(packaged_minilm()), tmp_path).eval()
    assert torch.equal(states(loaded), states(model))
    assert json.loads((tmp_path / "adapter_config.json").read_text())["base_model_name_or_path"] == "owner/name"


@pytest.mark.parametrize(
    ("params", "layers"),
    [({}, "012"), ({"adapter_layers": 2}, "12")],  # of a checkpoint from when it trained the last layers alone
)
def test_full_trains_all_layers_and_leaves_the_word_vectors(params: dict[str, int], layers: str) -> None:
    checked = SPACE.check({"adapter": "full", "adapter_layers": 1})  # which says nothing of it
    model = attach(small(n_layers=3), AdapterConfig.from_params(checked | params))
    train_a_little(model)
    trained = {name for name, weight in model.named_parameters() if weight.grad is not None}
    wanted = tuple(f"encoder.layer.{number}." for number in layers)
    assert trained == {name for name, _ in model.named_parameters() if name.startswith(wanted)}


def test_frozen_trains_nothing() -> None:
    assert trainable_share(attach(small(), AdapterConfig(kind="frozen"))) == 0.0


def test_adapter_sits_on_the_last_layers_only() -> None:
    names = target_modules(small(n_layers=3), AdapterConfig(targets="query+value", n_layers=2))
    assert names == [f"encoder.layer.{layer}.attention.self.{part}" for layer in (1, 2) for part in ("query", "value")]


def test_more_layers_than_the_encoder_has_means_all_of_them() -> None:
    config = AdapterConfig(targets="query+value", n_layers=6)
    assert len(target_modules(small(n_layers=3), config)) == 6


def test_each_choice_of_targets_is_larger_than_the_one_before() -> None:
    model = small()
    for layer in model.encoder.layer:
        layer.router = nn.Linear(32, 2)  # as an encoder of several experts has
    sizes = [len(target_modules(model, AdapterConfig(targets=targets))) for targets in adapters.TARGETS]
    assert sizes == [2 * 2, 2 * 4, 2 * 6, 2 * 7]


def test_targets_are_found_by_role_in_an_encoder_with_other_names() -> None:
    model = DistilBertModel(DistilBertConfig(dim=32, n_layers=2, n_heads=4, hidden_dim=64))
    found = target_modules(model, AdapterConfig(targets="query+value", n_layers=1))
    assert [name.rpartition(".")[2] for name in found] == ["q_lin", "v_lin"]


@pytest.mark.filterwarnings("error:fan_in_fan_out")
@pytest.mark.parametrize("kind", adapters.MODULE_KINDS)
@pytest.mark.parametrize(
    ("targets", "n"), [("query+value", 1), ("attention", 2), ("attention+mlp", 4), ("all-linear", 4)]
)
def test_the_linear_layers_of_gpt_2_carry_adapters_that_train(kind: str, targets: str, n: int, tmp_path: Path) -> None:
    def gpt() -> GPT2Model:
        torch.manual_seed(0)
        return GPT2Model(GPT2Config(vocab_size=100, n_embd=32, n_layer=2, n_head=4, n_positions=16)).eval()

    config = AdapterConfig(kind=kind, targets=targets, n_layers=1, rank=4)
    assert len(target_modules(gpt(), config)) == n
    model = attach(gpt(), config)
    torch.testing.assert_close(states(model), states(gpt()))
    train_a_little(model)
    trained = states(model)
    assert not torch.allclose(trained, states(gpt()))
    save_adapter(model, tmp_path)
    loaded = peft.PeftModel.from_pretrained(gpt(), str(tmp_path)).eval()
    torch.testing.assert_close(states(loaded), trained)


def test_trainable_share_is_counted_by_hand() -> None:
    model = attach(small(n_layers=1), AdapterConfig(kind="lora", targets="query+value", n_layers=1, rank=4))
    total = sum(weight.numel() for weight in small(n_layers=1).parameters())
    added = 2 * (4 * 32 + 32 * 4)  # two modules, each with A (4, 32) and B (32, 4)
    assert trainable_share(model) == pytest.approx(added / (total + added))


def test_rank_alpha_dropout_and_variant_reach_peft() -> None:
    params = SPACE.check({"adapter": "rslora", "adapter_rank": 5, "adapter_alpha": 7, "adapter_dropout": 0.25})
    config = adapters.peft_config(small(), AdapterConfig.from_params(params))
    assert (config.r, config.lora_alpha, config.lora_dropout) == (5, 7, 0.25)
    assert config.use_rslora and not config.use_dora


def test_params_of_an_adapter_apply_only_where_the_kind_has_them() -> None:
    assert set(SPACE.check({"adapter": "frozen"})) == {"adapter"}
    assert set(SPACE.check({"adapter": "full"})) == {"adapter", "adapter_learning_rate"}
    assert "adapter_rank" not in SPACE.check({"adapter": "ia3"}) and "adapter_targets" in SPACE.check(
        {"adapter": "ia3"}
    )
    assert set(SPACE.check({"adapter": "dora"})) == set(SPACE) - {"adapter_prefix_length"}
    assert set(SPACE.check({"adapter": "adalora"})) == set(SPACE.check({"adapter": "lora"}))
    assert set(SPACE.check({"adapter": "prefix"})) == {"adapter", "adapter_prefix_length", "adapter_learning_rate"}


def test_a_folder_without_an_adapter_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="holds no adapter"):
        load_adapter(attach(small(), AdapterConfig()), tmp_path)


@pytest.mark.parametrize(
    "other", [{"rank": 8}, {"n_layers": 1}, {"targets": "query+value"}, {"kind": "ia3"}, {"kind": "prefix"}]
)
def test_an_adapter_of_another_shape_is_refused(other: dict[str, object], tmp_path: Path) -> None:
    save_adapter(attach(small(), AdapterConfig(rank=4, n_layers=2)), tmp_path)
    unlike = AdapterConfig(**({"rank": 4, "n_layers": 2} | other))  # type: ignore[arg-type]
    with pytest.raises(SetupError, match=r"has other shapes|does not fit"):
        load_adapter(attach(small(), unlike), tmp_path)


def test_a_prefix_of_another_length_is_refused(tmp_path: Path) -> None:
    save_adapter(attach(small(), AdapterConfig(kind="prefix", prefix_length=3)), tmp_path)
    with pytest.raises(SetupError, match="has other shapes"):
        load_adapter(attach(small(), AdapterConfig(kind="prefix", prefix_length=4)), tmp_path)


def test_a_model_without_layers_is_refused() -> None:
    model = small()
    model.config.num_hidden_layers = 99
    with pytest.raises(SetupError, match="no list of 99 layers"):
        attach(model, AdapterConfig())


def test_reading_the_params_imports_neither_torch_nor_peft() -> None:
    code = "import sys, recmodels.pretrained.adapters; print({'torch', 'peft', 'transformers'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
