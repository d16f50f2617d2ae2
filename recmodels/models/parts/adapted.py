"""Models around a pretrained network: only what trains is saved, the adapter in a PEFT folder of its own."""

from abc import abstractmethod
from pathlib import Path

import safetensors.torch
from torch import Tensor, nn

from recmodels.models.base import WEIGHTS_FILE, RecModel
from recmodels.pretrained import adapters


class Adapted(RecModel):
    """A checkpoint holds all but the frozen weights: `model.safetensors`, and `adapter` where there is one."""

    @abstractmethod
    def adapted(self) -> nn.Module:
        """The pretrained network, as `adapters.attach` gave it."""

    def weights(self) -> dict[str, Tensor]:
        all_names = self.named_parameters(remove_duplicate=False)  # peft names the word vectors a second time
        frozen = {name for name, weight in all_names if not weight.requires_grad}
        return {name: weight for name, weight in self.state_dict().items() if name not in frozen}

    def load_weights(self, weights: dict[str, Tensor]) -> None:
        missing = self.weights().keys() ^ weights.keys()
        if missing:
            raise RuntimeError(f"the weights do not fit the params: {', '.join(sorted(missing)[:3])}")
        self.load_state_dict(weights, strict=False)

    def save(self, folder: Path) -> None:
        weights = {name: weight.detach().contiguous().cpu() for name, weight in self.weights().items()}
        own = {name: weight for name, weight in weights.items() if not adapters.is_adapter_weight(name)}
        safetensors.torch.save_file(own, folder / WEIGHTS_FILE)
        if len(own) < len(weights):
            adapters.save_adapter(self.adapted(), folder / adapters.ADAPTER_FOLDER)

    def load(self, folder: Path) -> None:
        kept = {name: weight for name, weight in self.weights().items() if adapters.is_adapter_weight(name)}
        self.load_weights(kept | safetensors.torch.load_file(folder / WEIGHTS_FILE))
        if kept:
            adapters.load_adapter(self.adapted(), folder / adapters.ADAPTER_FOLDER)
