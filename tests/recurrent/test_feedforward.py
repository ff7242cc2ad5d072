"""An unshared network is a feed-forward network, and the comparison would notice if it were not."""

import pytest
import torch

from timeshare.recurrent import feedforward
from timeshare.recurrent.feedforward import equivalence

QUANTITIES = {
    "outputs",
    "gradient of weights",
    "gradient of biases",
    "gradient of readout",
    "gradient of inputs",
    "gradient of first state",
}


@pytest.mark.parametrize("hidden", [3, 16])
@pytest.mark.usefixtures("kernels")
def test_outputs_and_all_gradients_are_those_of_the_layered_network(hidden: int) -> None:
    table = equivalence(lengths=(1, 7), hidden=hidden)
    assert set(table["quantity"]) == QUANTITIES
    assert len(table) == 3 * 2 * 2 * len(QUANTITIES)
    relative = table["difference"] / table["scale"]
    assert relative[table["precision"] == "float64"].max() < 1e-12
    assert relative[table["precision"] == "float32"].max() < 1e-4


def test_a_layer_that_differs_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    original = feedforward.Layer.forward

    def forgetful(layer, shown, state):  # type: ignore[no-untyped-def]
        return original(layer, shown, tuple(0.99 * part for part in state))

    monkeypatch.setattr(feedforward.Layer, "forward", forgetful)
    table = equivalence(cells=("lstm",), lengths=(5,))
    assert table.loc[table["quantity"] == "outputs", "difference"].min() > 1e-4
    assert torch.tensor(table["difference"].to_numpy()).isfinite().all()
