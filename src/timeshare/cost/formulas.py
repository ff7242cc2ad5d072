"""Closed formulas of an update's operations and parameters; `docs/cost.md` derives each of them.

One step of one sequence multiplies a matrix of `gates*H` rows and C columns with one column. All
else follows: twice its entries are the operations forward, as many again are the gradient of the
weights, and the part of its columns that acts on the state is the gradient of the state.
"""

from dataclasses import dataclass, replace

from timeshare.recurrent.architecture import Architecture, parameter_count
from timeshare.references.architecture import ReferenceArchitecture

REAL = 4
"""Bytes of a float32."""
MOMENTS = 2
"""Numbers that AdamW stores for each parameter."""


@dataclass(frozen=True)
class Update:
    """What one update works on.

    Arguments:
        architecture: of every member; its length is T.
        truncation: steps K of a window, at most T.
        members: members E trained at once.
        batch: sequences B of each member.
        dense: whether every step has a target, or only the last one.
        compiled: whether the compiled kernels unroll the cell where they have it, or eager PyTorch.
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
    def matrices_per_step(self) -> int:
        """Matrices a step's weights are computed from; 0 where the schedule selects one."""
        return self.architecture.schedule.matrices_per_step(self.architecture.length)


def flops_update(update: Update) -> int:
    """Floating-point operations in the matrix products of an update, all members.

    A multiplication with its addition counts two. Pointwise work (gates, loss, AdamW) is not
    counted: it grows with the same lengths, in proportion to H instead of its square.
    """
    architecture = update.architecture
    graph = _steps_with_graph(update)
    sequences = update.members * update.batch
    cell = _cell_forward(update) + graph * _cell_backward(update)
    cell += _flops_embedding(update, graph)
    readout = _read_steps(update) * 6 * architecture.output_size * architecture.hidden_size
    return sequences * (cell + readout) + update.members * _flops_schedule(update, graph)


def flops_reference(architecture: ReferenceArchitecture, batch: int) -> int:
    """As `flops_update`, of one member of a reference.

    Each map is a product forward, another for the gradient of its matrix, and a third for that of
    its inputs, which the first map does not need.
    """
    maps = list(architecture.reference.maps(architecture.sizes).values())
    products = [2 * each.outputs * each.inputs * each.steps for each in maps]
    products.append(2 * architecture.output_size * architecture.width * architecture.answers)
    return batch * (3 * sum(products) - products[0])


def _steps_with_graph(update: Update) -> int:
    """All T steps of a dense task; of a final one the last window's, which alone has a target."""
    return update.architecture.length if update.dense else update.truncation


def _read_steps(update: Update) -> int:
    return update.architecture.length if update.dense else 1


def _cell_forward(update: Update) -> int:
    return 2 * update.matrix * update.architecture.length


def _cell_backward(update: Update) -> int:
    """Of one step and sequence: the gradient of the weights, and that of the state before."""
    return 2 * update.matrix + 2 * update.architecture.rows * update.architecture.hidden_size


def _flops_embedding(update: Update, graph: int) -> int:
    """Of one sequence: the embedded inputs, its gradient, and that of the embedded inputs."""
    architecture = update.architecture
    if not architecture.embedding:
        return 0
    product = 2 * architecture.embedding * architecture.input_size
    width = architecture.embedding + architecture.time_features
    return architecture.length * product + graph * (product + 2 * architecture.rows * width)


def _flops_schedule(update: Update, graph: int) -> int:
    """Operations that compute the weights of the steps and carry their gradient back."""
    schedule, length = update.architecture.schedule, update.architecture.length
    forward = schedule.flops_forward(length, update.matrix)
    return length * forward + graph * schedule.flops_backward(length, update.matrix)


def bytes_weights(update: Update) -> int:
    """Memory of the learned tensors of all members."""
    return REAL * update.members * parameter_count(update.architecture).total


def bytes_gradients(update: Update) -> int:
    """Memory of their gradients: one number a parameter."""
    return bytes_weights(update)


def bytes_optimiser(update: Update) -> int:
    """Memory of AdamW's two moments."""
    return MOMENTS * bytes_weights(update)


def at_length(update: Update, length: int) -> Update:
    """The same update at another length, K unchanged, or shortened to T."""
    return replace(
        update,
        architecture=replace(update.architecture, length=length),
        truncation=min(update.truncation, length),
    )
