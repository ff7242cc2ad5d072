"""Closed formulas of an update's cost; `docs/cost.md` derives each of them.

One step of one sequence multiplies a matrix of `gates*H` rows and C columns with one column. All
else follows: twice its entries are the operations forward, as many again are the gradient of the
weights, and the part of its columns that acts on the state is the gradient of the state.
"""

from dataclasses import dataclass, replace

from timeshare.recurrent.architecture import Architecture, parameter_count
from timeshare.recurrent.cells.base import HandDerived
from timeshare.recurrent.compiled.layout import KEPT, VECTOR
from timeshare.recurrent.schedules.basis import Basis
from timeshare.recurrent.schedules.mixture import Mixture
from timeshare.recurrent.schedules.soft import Soft

REAL = 4
"""Bytes of a float32."""
MOMENTS = 2
"""Numbers AdamW keeps for each parameter."""


@dataclass(frozen=True)
class Update:
    """What one update works on.

    Arguments:
        architecture: of every member; its length is T.
        truncation: steps K of a window, at most T.
        members: members E trained at once.
        batch: sequences B of each member.
        dense: whether every step has a target, or only the last one.
        compiled: whether the compiled kernels walk the cell, or the plain path.
    """

    architecture: Architecture
    truncation: int
    members: int
    batch: int
    dense: bool = True
    compiled: bool = True

    @property
    def matrix(self) -> int:
        """Entries of one step's matrix."""
        return self.architecture.rows * self.architecture.columns

    @property
    def computed(self) -> int:
        """Matrices a step's weights are computed from; 0 where the schedule picks one."""
        schedule = self.architecture.schedule
        mixed = isinstance(schedule, Mixture)
        if mixed or (isinstance(schedule, Basis) and schedule.functions > 1):
            return schedule.matrices(self.architecture.length)
        return 0


def flops_update(update: Update) -> int:
    """Floating-point operations in the matrix products of an update, all members.

    A multiplication with its addition counts two. Pointwise work (gates, loss, AdamW) is not
    counted: it grows with the same lengths, in proportion to H instead of its square.
    """
    graph = _steps_with_graph(update)
    sequences = update.members * update.batch
    return (
        sequences * (_cell_forward(update) + graph * _cell_backward(update))
        + sequences * _read_steps(update) * 6 * update.architecture.outputs
        * update.architecture.hidden
        + update.members * _flops_schedule(update, graph)
    )  # fmt: skip


def _steps_with_graph(update: Update) -> int:
    """All T steps of a dense task; of a final one the last window's, which alone has a target."""
    return update.architecture.length if update.dense else update.truncation


def _read_steps(update: Update) -> int:
    return update.architecture.length if update.dense else 1


def _cell_forward(update: Update) -> int:
    return 2 * update.matrix * update.architecture.length


def _cell_backward(update: Update) -> int:
    """Of one step and sequence: the gradient of the weights, and that of the state before."""
    return 2 * update.matrix + 2 * update.architecture.rows * update.architecture.hidden


def _flops_schedule(update: Update, graph: int) -> int:
    """Operations that compute the weights of a step and carry their gradient back.

    A basis gives each step a sum of its matrices with fixed coefficients: one product forward, one
    for the gradient of the matrices. A mixture's coefficients are learned: one more for their
    gradient, and the small products that give the logits from the features.
    """
    matrices = update.computed
    if not matrices:
        return 0
    entries = 2 * matrices * update.matrix
    length = update.architecture.length
    schedule = update.architecture.schedule
    if isinstance(schedule, Mixture):
        logits = 2 * schedule.features * matrices
        return length * (entries + logits) + graph * (2 * entries + logits)
    return (length + graph) * entries


def bytes_weights(update: Update) -> int:
    """Memory of the learned tensors of all members."""
    return REAL * update.members * parameter_count(update.architecture).total


def bytes_gradients(update: Update) -> int:
    """Memory of their gradients: one number a parameter."""
    return bytes_weights(update)


def bytes_optimiser(update: Update) -> int:
    """Memory of AdamW's two moments."""
    return MOMENTS * bytes_weights(update)


def bytes_activations(update: Update) -> int:
    """Peak memory of an update beyond inputs, weights, gradients and optimiser.

    The largest of three moments. Two are in the life of a window of K steps, and proportional to
    K: when the read-out's gradient arrives, and when the cell's gradient is computed while that of
    computed weights lies beside them. The third comes after the windows, for `soft` alone, and is
    proportional to T: the gradient of the penalty on neighbouring steps.
    """
    outputs = update.architecture.outputs * (update.truncation if update.dense else 1)
    sequences = update.members * update.batch
    common = _kept(update) + sequences * outputs
    at_readout = common + 2 * sequences * outputs
    computed = update.truncation * update.matrix * update.members if update.computed else 0
    in_window = max(at_readout + computed, common + 2 * computed)
    return REAL * max(in_window, _penalty(update))


def _penalty(update: Update) -> int:
    """Numbers alive at the peak of a penalty's backward pass: four for each difference."""
    schedule = update.architecture.schedule
    if not (isinstance(schedule, Soft) and schedule.strength):
        return 0
    return 4 * update.members * (update.architecture.length - 1) * update.matrix


def _kept(update: Update) -> int:
    """Numbers of a window that are alive when its backward pass begins.

    For each step: the input and, beside it, the stacked column `[1; input; state]`; what the cell
    keeps; its memory, if it has one; the hidden state and its gradient. Once a window: the slots
    of the state after the last step, and the states the window was given and gives on.
    """
    architecture = update.architecture
    states, H = architecture.cell_type.states, architecture.hidden
    clocked = (architecture.inputs + architecture.clock) * bool(architecture.clock)
    padded = -(-update.batch // VECTOR) * VECTOR if update.compiled else update.batch
    slot = padded * (architecture.columns + (states - 1) * H)
    step = padded * _blocks(update) * H + update.batch * (architecture.inputs + clocked + 2 * H)
    border = slot + update.batch * 2 * states * H
    return update.members * (update.truncation * (slot + step) + border)


def _blocks(update: Update) -> int:
    """Blocks of H numbers that the cell keeps of a step for its backward pass.

    The compiled kernels may keep fewer than the plain path, and recompute the others.
    """
    cell = update.architecture.cell_type
    if not issubclass(cell, HandDerived):
        return cell.gates + cell.states
    if update.compiled and cell.kept and cell.compiled is not None:
        return KEPT[cell.compiled]
    return cell.kept


def at_length(update: Update, length: int) -> Update:
    """The same update at another length, K kept, or shortened to T."""
    return replace(
        update,
        architecture=replace(update.architecture, length=length),
        truncation=min(update.truncation, length),
    )
