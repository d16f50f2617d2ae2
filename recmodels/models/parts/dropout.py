"""Dropout that takes a CPU half the time of torch's, which draws a number for each entry from one Mersenne twister."""

import torch
from torch import Tensor, nn

LEVELS = 2**16  # of a random number of 16 bits, four of which come out of one draw


class Dropout(nn.Dropout):
    """As `nn.Dropout`; on a CPU the share left out is a whole number of 65,536ths."""

    def forward(self, values: Tensor) -> Tensor:
        if not self.training or not self.p or values.device.type != "cpu":
            return super().forward(values)
        drawn = torch.empty(-(-values.numel() // 4), dtype=torch.int64).random_(-(2**63), None)  # all 64 bits
        numbers = drawn.view(torch.int16)[: values.numel()].view(values.shape)
        kept = numbers >= round(self.p * LEVELS) - LEVELS // 2
        return values * kept.to(values.dtype).mul_(1 / (1 - self.p))
