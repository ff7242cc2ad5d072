"""AdamW for many members at once, each with its own learning rate and weight decay."""

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from timeshare.recurrent.kernels.adamw import Rules, arithmetic
from timeshare.recurrent.member_network import MemberNetwork, check_kept


class MemberAdamW:
    """AdamW with decoupled weight decay; rate, decay and gradient norm belong to each member.

    Source: Kingma & Ba (2015); Loshchilov & Hutter (2019).

    Arguments:
        network: the members to train.
        learning_rates: one per member.
        weight_decays: decoupled, times the learning rate; one per member.
        betas: decay rates of the two moments.
        eps: added to the root of the second moment.

    Raises `ValueError` if there is not one learning rate and one weight decay for each member.
    """

    def __init__(
        self,
        network: MemberNetwork,
        learning_rates: Sequence[float],
        weight_decays: Sequence[float],
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
    ) -> None:
        for what, values in (
            ("learning rates", learning_rates),
            ("weight decays", weight_decays),
        ):
            if len(values) != network.members:
                raise ValueError(f"{len(values)} {what} for {network.members} members")
        self._network = network
        self._learning_rates = [float(rate) for rate in learning_rates]
        self._weight_decays = [float(decay) for decay in weight_decays]
        self._betas = betas
        self._eps = eps
        self._first = [torch.zeros_like(tensor) for tensor in network.parameters()]
        self._second = [torch.zeros_like(tensor) for tensor in network.parameters()]
        self._updates = [0 for _ in learning_rates]
        self._factors: list[float] | None = None
        self._zeros: dict[int, Tensor] = {}
        """The gradients of parameters that no loss has used, by their place."""
        self._arithmetic = arithmetic(network.parameters()[0])

    @torch.no_grad()
    def clip(self, norm: float) -> Tensor:
        """Let the next `step` scale each member's gradient to at most `norm`.

        Call it after `backward`. The gradients stay as they are until then: a pass over them of its
        own would take as much time as the update.

        Returns:
            the norms before clipping, `[E]`, over all of a member's parameters.
        """
        gradients = self._gradients()
        norms = [math.sqrt(total) for total in self._arithmetic.squares(gradients)]
        self._factors = [norm / length if length > norm else 1.0 for length in norms]
        return torch.tensor(norms, dtype=self._network.dtype)

    @torch.no_grad()
    def step(self, active: Sequence[bool] | None = None) -> None:
        """One update of the active members.

        Arguments:
            active: which of the E members to update; None updates all. The others do not change,
                even if their gradients are not finite.
        """
        gradients = self._gradients()
        members = len(self._updates)
        trains = [True] * members if active is None else list(active)
        self._updates = [
            number + trained for number, trained in zip(self._updates, trains, strict=True)
        ]
        rates, decays = self._learning_rates, self._weight_decays
        factors = self._factors or [1.0] * members
        rules = Rules(rates, decays, self._updates, trains, factors, *self._betas, self._eps)
        self._factors = None
        parameters = self._network.parameters()
        tensors = zip(parameters, gradients, self._first, self._second, strict=True)
        self._arithmetic.adamw(list(tensors), rules)
        for parameter in parameters:
            torch.autograd.graph.increment_version(parameter)

    def keep(self, members: Sequence[int]) -> None:
        """Keep only these members, in this order; the network must keep the same ones.

        Arguments:
            members: numbers (0..E-1) of the members that stay, counted as before the call.

        Raises `ValueError` if there is none, or one occurs twice or does not exist.
        """
        check_kept(members, len(self._updates))
        which = torch.tensor(list(members), device=self._network.device)
        self._first, self._second = (
            [tensor.index_select(0, which) for tensor in moments]
            for moments in (self._first, self._second)
        )
        self._factors, self._zeros = None, {}
        self._learning_rates = [self._learning_rates[member] for member in members]
        self._weight_decays = [self._weight_decays[member] for member in members]
        self._updates = [self._updates[member] for member in members]

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
        if self._network.members != len(self._updates):
            raise ValueError(
                f"the network has {self._network.members} members and its optimiser "
                f"{len(self._updates)}: both must keep the same ones"
            )
        gradients = []
        for place, parameter in enumerate(self._network.parameters()):
            gradient = parameter.grad
            if gradient is None:
                gradient = self._zeros.get(place)
                if gradient is None:
                    gradient = self._zeros[place] = torch.zeros_like(parameter)
            elif not gradient.is_contiguous():
                gradient = parameter.grad = gradient.contiguous()
            gradients.append(gradient)
        return gradients
