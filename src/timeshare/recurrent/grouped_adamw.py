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
        """Update weights and both moments in place; members without a rule do not change."""
        groups: dict[tuple[float, ...], list[int]] = {}
        for member, rule in enumerate(rules):
            if rule is not None:
                key = (rule.rate, rule.weight_decay, rule.beta1, rule.beta2, rule.eps)
                groups.setdefault(key, []).append(member)
        numbers = [0.0 if rule is None else float(rule.updates) for rule in rules]
        updates = torch.tensor(numbers, device=tensors[0][0].device).unbind()
        members = [[tensor.unbind() for tensor in kind] for kind in zip(*tensors, strict=True)]
        for (rate, weight_decay, beta1, beta2, eps), group in groups.items():
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
                beta1=beta1,
                beta2=beta2,
                weight_decay=weight_decay,
                eps=eps,
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

    def scale(self, gradients: Sequence[Tensor], factors: Sequence[float]) -> None:
        """Multiply each member's gradients by its factor in place; 1 changes no bit."""
        scaled = torch.tensor(factors, dtype=gradients[0].dtype, device=gradients[0].device)
        for gradient in gradients:
            gradient.mul_(scaled.view(-1, *(1 for _ in gradient.shape[1:])))
