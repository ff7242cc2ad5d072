"""The extensions that apply to a network at a length, and the trained steps that each uses."""

from timeshare.recurrent.schedules.base import Extension, trained_steps
from timeshare.references.architecture import ReferenceArchitecture
from timeshare.training.windows import AnyNetwork


def extensions(network: AnyNetwork, evaluated_length: int) -> list[Extension | None]:
    """The extensions that apply at a length: none at T, and none for a schedule without an end."""
    architecture = network.architecture
    if isinstance(architecture, ReferenceArchitecture):
        return [None]
    if not architecture.needs_extension or evaluated_length == architecture.length:
        return [None]
    return list(Extension)


def used_steps(extension: Extension | None, length: int, evaluated: int) -> tuple[int, ...]:
    """The trained steps that an extension uses; equal ones give equal outputs."""
    if extension is None:
        return ()
    return tuple(trained_steps(range(evaluated), length, evaluated, extension))
