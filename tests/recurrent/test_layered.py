"""An unshared network is a feed-forward network, and the comparison would notice if it were not."""

import pytest
import torch

from timeshare.recurrent.layered import equivalence
from timeshare.recurrent.layers import FROM_STEP, INDEPENDENT, LinearLayer, StepLayer

QUANTITIES = {
    "outputs",
    "gradient of weights",
    "gradient of biases",
    "gradient of readout",
    "gradient of inputs",
    "gradient of first state",
}
BUILT_IN = ("rnn", "gru", "lstm")
COUPLED = "tests.cost.plugins:Coupled"


@pytest.mark.parametrize("hidden_size", [3, 16])
@pytest.mark.usefixtures("kernels")
def test_outputs_and_all_gradients_are_those_of_the_layered_network(hidden_size: int) -> None:
    table = equivalence(BUILT_IN, lengths=(1, 7), hidden_size=hidden_size)
    assert set(table["quantity"]) == QUANTITIES
    assert set(table["layers"]) == {INDEPENDENT}
    assert len(table) == 3 * 2 * 2 * len(QUANTITIES)
    relative = table["difference"] / table["scale"]
    assert relative[table["precision"] == "float64"].max() < 1e-12
    assert relative[table["precision"] == "float32"].max() < 1e-4


def test_a_cell_from_elsewhere_is_compared_by_layers_that_call_its_step() -> None:
    table = equivalence(("lstm", COUPLED), lengths=(1, 7))
    assert dict(zip(table["cell"], table["layers"], strict=True)) == {
        "lstm": INDEPENDENT,
        COUPLED: FROM_STEP,
    }
    own = table[table["cell"] == COUPLED]
    assert set(own["quantity"]) == QUANTITIES - {"gradient of biases"}
    relative = own["difference"] / own["scale"]
    assert relative[own["precision"] == "float64"].max() < 1e-12
    assert relative[own["precision"] == "float32"].max() < 1e-4


@pytest.mark.parametrize(("layer", "cell"), [(LinearLayer, "lstm"), (StepLayer, COUPLED)])
def test_a_layer_that_differs_is_noticed(
    layer: type[LinearLayer] | type[StepLayer], cell: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = layer.forward

    def forgetful(layer, given, state):  # type: ignore[no-untyped-def]
        return original(layer, given, tuple(0.99 * part for part in state))

    monkeypatch.setattr(layer, "forward", forgetful)
    table = equivalence((cell,), lengths=(5,))
    assert table.loc[table["quantity"] == "outputs", "difference"].min() > 1e-4
    assert torch.tensor(table["difference"].to_numpy()).isfinite().all()
