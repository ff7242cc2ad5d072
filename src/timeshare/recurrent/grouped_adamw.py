"""AdamW on tensors of many members in few calls of PyTorch's fused kernel: for a GPU."""

from collections.abc import Sequence

import torch
from torch import Tensor

from timeshare.recurrent.kernels.adamw import Quadruple, Rules


class GroupedArithmetic:
    """The operations of the optimiser, in one call for all members with the same rate and decay.

    Each member is a tensor of its own in that call, so that its update does not depend on others.
    """

    def adamw(self, tensors: Sequence[Quadruple], rules: Rules) -> None:
        """Update weights and both moments in place; members that are not active do not change."""
        groups: dict[tuple[float, float], list[int]] = {}
        settings = zip(rules.rates, rules.weight_decays, strict=True)
        for member, (active, setting) in enumerate(zip(rules.active, settings, strict=True)):
            if active:
                groups.setdefault(setting, []).append(member)
        _scale([gradient for _, gradient, _, _ in tensors], rules.factors)
        numbers = [float(number) for number in rules.updates]
        updates = torch.tensor(numbers, device=tensors[0][0].device).unbind()
        members = [[tensor.unbind() for tensor in kind] for kind in zip(*tensors, strict=True)]
        for (rate, weight_decay), group in groups.items():
            weights, gradients, m, v = (
                [tensor[member] for tensor in kind for member in group] for kind in members
            )
            torch._fused_adamw_(
                weights,
                gradients,
                m,
                v,
                [],
                [updates[member] for _ in tensors for member in group],
                lr=rate,
                beta1=rules.beta1,
                beta2=rules.beta2,
                weight_decay=weight_decay,
                eps=rules.eps,
                amsgrad=False,
                maximize=False,
            )

    def squares(self, gradients: Sequence[Tensor]) -> list[float]:
        """The sum of squares of each member, over all tensors."""
        sums = torch.zeros(len(gradients[0]), dtype=torch.float64, device=gradients[0].device)
        for gradient in gradients:
            norms = torch._foreach_norm(list(gradient.unbind()), 2, dtype=torch.float64)
            sums += torch.stack(list(norms)).square()
        return [float(total) for total in sums.tolist()]


def _scale(gradients: Sequence[Tensor], factors: Sequence[float]) -> None:
    """Multiply each member's gradients by its factor in place; 1 changes no bit."""
    if all(factor == 1 for factor in factors):
        return
    scaled = torch.tensor(factors, dtype=gradients[0].dtype, device=gradients[0].device)
    for gradient in gradients:
        gradient.mul_(scaled.view(-1, *(1 for _ in gradient.shape[1:])))
