"""Between the parameters of `torch.nn`'s recurrent layers and a matrix of the engine."""

import torch
from torch import Tensor, nn


def check_convertible(module: nn.RNNBase) -> None:
    """Raise `ValueError` for more than one layer, two directions, a projection or ReLU."""
    for name, only in (
        ("num_layers", 1),
        ("bidirectional", False),
        ("proj_size", 0),
        ("nonlinearity", "tanh"),
    ):
        if getattr(module, name, only) != only:
            raise ValueError(f"{name} must be {only} to be converted, not {getattr(module, name)}")


@torch.no_grad()
def matrix_of(module: nn.RNNBase, constants: int) -> Tensor:
    """The engine's matrix `[gates*H, C]`, without columns for biases where there are none.

    Arguments:
        module: with one layer and one direction.
        constants: 1 where the columns are `[1; x; h]` and the two biases are added, 2 where they
            are `[1; x; 1; h]`.
    """
    own = dict(module.named_parameters())
    by_inputs, by_state = own["weight_ih_l0"], own["weight_hh_l0"]
    if not module.bias:
        return torch.cat([by_inputs, by_state], dim=1)
    first, second = own["bias_ih_l0"][:, None], own["bias_hh_l0"][:, None]
    if constants == 1:
        return torch.cat([first + second, by_inputs, by_state], dim=1)
    return torch.cat([first, by_inputs, second, by_state], dim=1)


@torch.no_grad()
def fill_from_matrix(module: nn.RNNBase, matrix: Tensor, constants: int) -> None:
    """Copy the engine's matrix `[gates*H, C]`, bias columns included, into a layer of `torch.nn`.

    With one constant the second bias becomes zero. Arguments: as for `matrix_of`.
    """
    D, H = module.input_size, module.hidden_size
    own = dict(module.named_parameters())
    own["weight_ih_l0"].copy_(matrix[:, 1 : 1 + D])
    own["weight_hh_l0"].copy_(matrix[:, -H:])
    if module.bias:
        own["bias_ih_l0"].copy_(matrix[:, 0])
        own["bias_hh_l0"].zero_()
        if constants == 2:
            own["bias_hh_l0"].copy_(matrix[:, 1 + D])
