"""What every reference keeps."""

from collections.abc import Iterator

import torch
from torch import Tensor

from timeshare.checking.checks import Check
from timeshare.checking.fields import field_faults, import_faults
from timeshare.references.base import LinearMap, Reference, Sizes

SIZES = Sizes(hidden_size=5, input_size=3, length=6)
BATCH = 4


def checks(reference: Reference, path: str) -> list[Check]:
    """The checks of a reference, those that others rest on first."""
    return [
        Check("lists its linear maps", lambda: _maps(reference), needed=True),
        Check("describes its parameters", lambda: field_faults(type(reference), Reference)),
        Check("imports without torch", lambda: import_faults(path)),
        Check("returns features of its width", lambda: _features(reference), needed=True),
        Check("gives the same again and changes nothing", lambda: _pure(reference)),
        Check("depends on no later step, where it answers at each", lambda: _causal(reference)),
    ]


def _maps(reference: Reference) -> Iterator[str]:
    for name, found in reference.maps(SIZES).items():
        if not isinstance(found, LinearMap):
            yield f"`maps` gives {name!r} as {type(found).__name__} instead of LinearMap."
        elif min(found.outputs, found.steps) < 1 or found.inputs < 0:
            yield f"`maps` gives {name!r} no positive sizes: {found}."
    width = reference.width(SIZES)
    if not isinstance(width, int) or width < 1:
        yield f"`width` is {width!r}, and it is a whole number from 1."


def _drawn(reference: Reference) -> tuple[dict[str, Tensor], Tensor]:
    generator = torch.Generator().manual_seed(0)
    tensors = {
        name: torch.randn(each.outputs, 1 + each.inputs, generator=generator)
        for name, each in reference.maps(SIZES).items()
    }
    return tensors, torch.randn(SIZES.input_size, SIZES.length, BATCH, generator=generator)


def _features(reference: Reference) -> Iterator[str]:
    found = reference.features(*_drawn(reference))
    width = reference.width(SIZES)
    expected = [width, SIZES.length, BATCH] if reference.every_step else [width, BATCH]
    if list(found.shape) != expected:
        yield f"`features` has the shape {list(found.shape)} instead of {expected}."
    elif not torch.isfinite(found).all():
        yield "`features` holds numbers that are not finite."


def _pure(reference: Reference) -> Iterator[str]:
    tensors, inputs = _drawn(reference)
    copy = inputs.clone()
    if not torch.equal(reference.features(tensors, inputs), reference.features(tensors, inputs)):
        yield "two calls of `features` with equal arguments differ."
    if not torch.equal(copy, inputs):
        yield "`features` writes into its inputs."


def _causal(reference: Reference) -> Iterator[str]:
    if not reference.every_step:
        return
    tensors, inputs = _drawn(reference)
    changed = inputs.clone()
    changed[:, -1] += 1
    before, after = (reference.features(tensors, each)[:, :-1] for each in (inputs, changed))
    if not torch.allclose(before, after, atol=1e-6):
        yield "features of earlier steps change with the last step's inputs."
