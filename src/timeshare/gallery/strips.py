"""Pictures of schedules: strips of colour over time, one colour for each set of weights.

The colours are computed by the schedules themselves: a learned matrix is three numbers, the parts
of red, green and blue, and a step has the colour of the weights that `Schedule.weights` returns.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from timeshare.recurrent.schedules.base import WEIGHTS, Extension, Schedule
from timeshare.recurrent.schedules.basis import Basis
from timeshare.recurrent.schedules.blocks import Blocks
from timeshare.recurrent.schedules.cyclic import Cyclic
from timeshare.recurrent.schedules.mixture import MIXING, Mixture
from timeshare.recurrent.schedules.shared import Shared
from timeshare.recurrent.schedules.soft import Soft
from timeshare.recurrent.schedules.unshared import Unshared
from timeshare.storage.files import replacing

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from torch import Tensor

LENGTH, BEYOND = 12, 6
"""Steps T trained at, and further steps shown."""
INK, PALE = "#222222", "#5c636b"

SHOWN: Mapping[str, tuple[Schedule, str]] = {
    "shared": (Shared(), "one matrix for every step"),
    "blocks": (Blocks(size=4), "one matrix for every 4 steps"),
    "cyclic": (Cyclic(period=3), "3 matrices in turn"),
    "soft": (Soft(strength=0.7), "one a step, each pulled\ntowards its neighbours"),
    "basis": (Basis(functions=4), "a sum of 4 matrices, times\nfixed functions of t"),
    "mixture": (Mixture(components=3), "a mixture of 3 matrices,\nwhose shares are learned"),
    "unshared": (Unshared(), "one matrix a step"),
}
"""The schedules in the order from shared to unshared, and what is written beside each strip."""

EXTENSIONS = {
    Extension.HOLD: "the last one goes on",
    Extension.CYCLE: "they begin again",
    Extension.ALIGN_RIGHT: "the first one waits,\nthe last step has the last",
}


def write_pictures(folder: Path) -> None:
    """Draw both pictures and write them as SVG and PNG; equal pictures are equal bytes."""
    import matplotlib

    with matplotlib.rc_context({"svg.hashsalt": "timeshare", "font.size": 10}):
        for name, figure in (("spectrum", spectrum()), ("extensions", extensions())):
            for ending, metadata in (("svg", {"Date": None}), ("png", {"Software": None})):
                with replacing(folder / f"{name}.{ending}") as temporary:
                    figure.savefig(
                        temporary, format=ending, metadata=metadata, dpi=110, facecolor="white"
                    )


def spectrum() -> "Figure":
    """A strip for each schedule, past T with the extension `hold` where it needs one."""
    rows = []
    for name, (schedule, text) in SHOWN.items():
        rows.append((name, text, colours(schedule, Extension.HOLD)))
    return _strips(rows, f"trained: steps 1 to T = {LENGTH}", "beyond T")


def extensions() -> "Figure":
    """A strip of the schedule `unshared` for each extension."""
    schedule, _ = SHOWN["unshared"]
    rows = [(str(kind), text, colours(schedule, kind)) for kind, text in EXTENSIONS.items()]
    total = LENGTH + BEYOND
    return _strips(rows, f"steps 1 to T = {LENGTH}", f"steps {LENGTH + 1} to {total}")


def colours(schedule: Schedule, extension: Extension) -> list[tuple[float, float, float]]:
    """The colour of each step of a sequence that is longer than T: red, green, blue from 0 to 1."""
    parameters = {name: tensor[None] for name, tensor in _learned(schedule).items()}
    total = LENGTH + BEYOND
    needed = extension if schedule.needs_extension else None
    matrices, index = schedule.weights(parameters, range(total), LENGTH, total, needed)
    found = matrices[0, index, 0].clamp(0, 1)
    return [(float(red), float(green), float(blue)) for red, green, blue in found]


def _learned(schedule: Schedule) -> "Mapping[str, Tensor]":
    """The tensors of a schedule whose matrices are colours `[S, 1, 3]`, as if they were learned."""
    import torch

    palette = iter(_palette())
    tensors = schedule.initialise(
        lambda: torch.tensor([next(palette)], dtype=torch.float64), LENGTH
    )
    if isinstance(schedule, Basis):
        # The first matrix is the mean; each other one is a change of colour about it.
        tensors[WEIGHTS] = torch.tensor(
            [[[0.55, 0.55, 0.5]], [[0.4, -0.2, -0.3]], [[-0.1, 0.25, -0.25]], [[0.1, -0.1, 0.15]]],
            dtype=torch.float64,
        )
    if isinstance(schedule, Mixture):
        # The first matrix has the early steps, the second the middle ones, the third the last ones.
        tensors[MIXING] = torch.tensor(
            [[0.0, 0.5, 0.0], [4.0, 0.0, -4.0], [0.0, -4.0, 0.0], [0.0, 0.0, 0.0]],
            dtype=torch.float64,
        )
    if isinstance(schedule, Soft):
        tensors[WEIGHTS] = _tied(schedule, tensors[WEIGHTS])
    return tensors


def _tied(schedule: Schedule, own: "Tensor") -> "Tensor":
    """The colours that stay nearest to those of `unshared` and pay the schedule's penalty."""
    import torch

    tied = own.clone().requires_grad_()
    optimiser = torch.optim.SGD([tied], lr=0.03)
    for _ in range(500):
        optimiser.zero_grad()
        penalty = schedule.penalty(tied[None])
        assert penalty is not None
        ((tied - own).square().sum() + penalty.sum()).backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    return tied.detach()


def _palette() -> list[tuple[float, float, float]]:
    """Twelve colours, of which neighbours differ clearly."""
    import matplotlib

    colours = matplotlib.colormaps["turbo"]
    order = (1, 8, 4, 11, 6, 2, 10, 5, 0, 7, 3, 9)
    return [colours(0.06 + 0.88 * place / 11)[:3] for place in order]


Row = tuple[str, str, list[tuple[float, float, float]]]


def _strips(rows: list[Row], trained: str, beyond: str) -> "Figure":
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9.2, 0.52 * len(rows) + 0.75), layout="constrained")
    panel = figure.subplots()
    for place, (name, text, found) in enumerate(rows):
        height = -place
        for step, colour in enumerate(found):
            _cell(panel, step, height, colour)
        panel.text(-0.3, height, name, ha="right", va="center", color=INK, weight="bold")
        panel.text(LENGTH + BEYOND + 0.3, height, text, va="center", color=PALE, size=9)
    bottom = 1 - len(rows) - 0.55
    panel.plot([LENGTH, LENGTH], [0.5, bottom], color=INK, lw=1.4, ls="--")
    panel.text(LENGTH / 2, 0.62, trained, ha="center", color=PALE)
    panel.text(LENGTH + BEYOND / 2, 0.62, beyond, ha="center", color=PALE)
    panel.set_xlim(-3.2, LENGTH + BEYOND + 7.2)
    panel.set_ylim(bottom, 1.1)
    panel.axis("off")
    return figure


def _cell(panel: "Axes", step: int, height: int, colour: Any) -> None:
    from matplotlib.patches import Rectangle

    panel.add_patch(Rectangle((step + 0.04, height - 0.36), 0.92, 0.72, facecolor=colour, lw=0))
