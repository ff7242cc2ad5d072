"""AdamW for many members at once, each with its own learning rate."""

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from timeshare.recurrent.kernels.adamw import Rule, arithmetic
from timeshare.recurrent.network import Network


class MemberAdamW:
    """AdamW with decoupled weight decay, one learning rate and one gradient norm per member.

    Source: Kingma & Ba (2015); Loshchilov & Hutter (2019).

    Arguments:
        network: the members to train.
        learning_rates: one per member.
        weight_decay: decoupled, times the learning rate.
        betas: decay rates of the two moments.
        eps: added to the root of the second moment.

    Raises `ValueError` if the number of learning rates is not the number of members.
    """

    def __init__(
        self,
        network: Network,
        learning_rates: Sequence[float],
        weight_decay: float,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
    ) -> None:
        if len(learning_rates) != network.members:
            raise ValueError(f"{len(learning_rates)} learning rates for {network.members} members")
        self._parameters = network.parameters()
        self._learning_rates = [float(rate) for rate in learning_rates]
        self._weight_decay = weight_decay
        self._betas = betas
        self._eps = eps
        self._first = [torch.zeros_like(tensor) for tensor in self._parameters]
        self._second = [torch.zeros_like(tensor) for tensor in self._parameters]
        self._updates = [0 for _ in learning_rates]
        self._arithmetic = arithmetic(self._parameters[0])

    @torch.no_grad()
    def clip(self, norm: float) -> Tensor:
        """Scale each member's gradient to at most `norm`; call it after `backward`.

        Returns:
            the norms before clipping, `[E]`, over all of a member's parameters.
        """
        gradients = self._gradients()
        norms = [math.sqrt(total) for total in self._arithmetic.squares(gradients)]
        factors = [norm / length if length > norm else 1.0 for length in norms]
        self._arithmetic.scale(gradients, factors)
        return torch.tensor(norms, dtype=self._parameters[0].dtype)

    @torch.no_grad()
    def step(self, active: Sequence[bool] | None = None) -> None:
        """One update of the active members.

        Arguments:
            active: which of the E members to update; None updates all. The others do not change,
                even if their gradients are not finite.
        """
        gradients = self._gradients()
        rules: list[Rule | None] = []
        for member, rate in enumerate(self._learning_rates):
            if active is not None and not active[member]:
                rules.append(None)
                continue
            self._updates[member] += 1
            updates = self._updates[member]
            rules.append(Rule(rate, self._weight_decay, *self._betas, self._eps, updates))
        tensors = zip(self._parameters, gradients, self._first, self._second, strict=True)
        self._arithmetic.adamw(list(tensors), rules)
        for parameter in self._parameters:
            torch.autograd.graph.increment_version(parameter)

    def state_dict(self) -> dict[str, Tensor]:
        """Copies of both moments and the numbers of updates, so that training can be resumed."""
        tensors = {"updates": torch.tensor(self._updates)}
        for kind, moments in (("first", self._first), ("second", self._second)):
            tensors |= {f"{kind}.{i}": tensor.cpu().clone() for i, tensor in enumerate(moments)}
        return tensors

    def load_state_dict(self, tensors: dict[str, Tensor]) -> None:
        """Load what `state_dict` returned; raises `KeyError` if a tensor is missing."""
        self._updates = tensors["updates"].tolist()
        for kind, moments in (("first", self._first), ("second", self._second)):
            for i, tensor in enumerate(moments):
                tensor.copy_(tensors[f"{kind}.{i}"])

    def _gradients(self) -> list[Tensor]:
        """Gradients of all parameters; the gradient of an unused parameter is zero."""
        gradients = []
        for parameter in self._parameters:
            if parameter.grad is None:
                parameter.grad = torch.zeros_like(parameter)
            if not parameter.grad.is_contiguous():
                parameter.grad = parameter.grad.contiguous()
            gradients.append(parameter.grad)
        return gradients
