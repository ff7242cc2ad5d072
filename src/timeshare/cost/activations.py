"""Closed formulas of an update's activation memory; `docs/cost.md` derives each of them."""

from timeshare.cost.formulas import REAL, Update
from timeshare.recurrent.cells.base import HandDerived
from timeshare.recurrent.kernels.layout import SAVED, VECTOR


def bytes_activations(update: Update) -> int:
    """Peak memory of an update beyond inputs, weights, gradients and optimiser.

    It is the largest of several moments. All but one lie in the backward pass of a window of K
    steps. The last comes after the windows, for a schedule with a penalty on its weights: the
    backward pass of that penalty, in proportion to the number of matrices.
    """
    architecture = update.architecture
    penalty = architecture.schedule.penalty_numbers(architecture.length, update.matrix)
    hand_derived = issubclass(architecture.cell_type, HandDerived)
    window = _hand_derived_window(update) if hand_derived else _autograd_window(update)
    return REAL * update.members * max(window, penalty)


def _hand_derived_window(update: Update) -> int:
    """Numbers of one member at the peak of a window, for a cell with a hand-derived backward pass.

    Either when the gradient of the read-out is computed, or when that of the cell is, while
    computed weights and their gradient both exist. With eager unrolling the latter takes the
    pre-activation gradients of one step and the gradient of the state as well.
    """
    outputs = _outputs(update)
    common = _saved(update) + outputs
    computed = update.truncation * update.matrix if update.matrices_per_step else 0
    return max(common + 2 * outputs + computed, common + 2 * computed + _step_gradients(update))


def _step_gradients(update: Update) -> int:
    """Numbers of one step of the backward pass; the compiled kernels' scratch is not counted."""
    cell = update.architecture.cell_type
    assert issubclass(cell, HandDerived)
    if update.compiled and cell.compiled is not None:
        return 0
    blocks = cell.preactivation_rows + cell.states
    return update.batch * blocks * update.architecture.hidden_size


def _saved(update: Update) -> int:
    """Numbers of a window of one member that are alive when its backward pass begins.

    For each step: the input and the stacked column `[1; input; state]`; the saved
    activations of the cell; its memory, if it has one; the hidden state and its gradient. Once a
    window: the slots of the state after the last step, and the states before and after the window.
    """
    architecture = update.architecture
    states, H = architecture.cell_type.states, architecture.hidden_size
    padded = -(-update.batch // VECTOR) * VECTOR if update.compiled else update.batch
    slot = padded * (architecture.columns + (states - 1) * H)
    step = padded * _blocks(update) * H + update.batch * (_inputs(update) + 2 * H)
    return update.truncation * (slot + step) + slot + _border(update)


def _blocks(update: Update) -> int:
    """Blocks of H numbers that a hand-derived cell saves of a step for its backward pass.

    The compiled kernels may save fewer than eager unrolling does, and compute the others again.
    """
    cell = update.architecture.cell_type
    assert issubclass(cell, HandDerived)
    if update.compiled and cell.saved_rows and cell.compiled is not None:
        return SAVED[cell.compiled]
    return cell.saved_rows


def _autograd_window(update: Update) -> int:
    """Numbers of one member at the peak of a window, for a cell that only defines `step`.

    There are three candidates: when the gradient of the read-out is computed; in the backward pass
    of the window's last step, with three matrices for the gradient of its weights; and after that
    of its first step, when the gradients of the steps' matrices are stacked to one tensor.
    """
    from timeshare.cost.autograd import saved_numbers

    architecture = update.architecture
    K, H, B = update.truncation, architecture.hidden_size, update.batch
    width = architecture.cell_inputs + architecture.time_features
    saved = saved_numbers(architecture.cell_type, width, H, B)
    outputs, inputs = _outputs(update), K * B * _inputs(update)
    common = K * (saved + 2 * B * H) + inputs + _border(update) + outputs
    computed = update.matrices_per_step
    matrices = K if computed else architecture.schedule.matrices(architecture.length)
    stacked = (min(K, matrices) + matrices + computed) * update.matrix
    weights = K * update.matrix if computed else 0
    return max(
        common + weights + 2 * outputs,
        common + weights + 3 * update.matrix,
        stacked + K * B * H + inputs + _border(update) + outputs,
    )


def _outputs(update: Update) -> int:
    """Outputs of a window of one member."""
    steps = update.truncation if update.dense else 1
    return update.batch * steps * update.architecture.output_size


def _inputs(update: Update) -> int:
    """Numbers of one step's input; with time features the input without them is alive, too.

    Of an embedding, the inputs before it are alive twice, in the order of the window and in that of
    its product, and besides them the embedded inputs or their gradient.
    """
    architecture = update.architecture
    features, inputs = architecture.time_features, architecture.input_size
    if architecture.embedding:
        return 2 * inputs + architecture.embedding + features
    return inputs + inputs + features if features else inputs


def _border(update: Update) -> int:
    """The states before and after a window."""
    architecture = update.architecture
    return update.batch * 2 * architecture.cell_type.states * architecture.hidden_size
