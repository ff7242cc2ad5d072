"""A trained network is opened from the files of its run."""

from pathlib import Path

import numpy as np
import pytest
import torch

from tests.conftest import read_by
from timeshare.experiment import Condition
from timeshare.nn import TrainedNetwork, load
from timeshare.recurrent.network import Network
from timeshare.recurrent.schedules.base import Extension
from timeshare.storage.provenance import now
from timeshare.tasks.base import Split
from timeshare.training.layout import Store
from timeshare.training.model_factory import architecture_of, network_of
from timeshare.training.run_files import write_run
from timeshare.training.train import Trained, train

UNSHARED = "drift/unshared/length-10/truncation-3"


def trained_in(folder: Path, condition: Condition) -> Trained:
    trained = train(condition, read_by(condition))
    names = ("weights.safetensors", "history.parquet", "run.json")
    write_run(trained, now(), *(folder / name for name in names))
    return trained


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("run")


@pytest.fixture
def trained(folder: Path, conditions: dict[str, Condition]) -> Trained:
    variant = conditions[UNSHARED].network.model_copy(
        update={"time_features": 2, "readout": "per-step"}
    )
    return trained_in(folder, conditions[UNSHARED].model_copy(update={"network": variant}))


def network_of_run(trained: Trained, which: str) -> Network:
    network = network_of(trained.condition, trained.reported.members)
    names = network.named_parameters()
    network.load_state_dict({name: trained.reported.tensors[f"{which}/{name}"] for name in names})
    return network


@pytest.mark.parametrize("length", [10, 7, 14])
@pytest.mark.parametrize("which", ["best", "last"])
def test_it_computes_what_the_experiment_evaluated(
    folder: Path, trained: Trained, which: str, length: int
) -> None:
    task = trained.condition.build_task()
    sequences = task.sample(5, length, Split.TEST, np.random.default_rng(0))
    network, hold = network_of_run(trained, which), Extension.HOLD
    batch = Store(task, sequences).gather(torch.arange(5)[None])
    steps = range(length)
    inputs = batch.window(steps, network.members)
    hidden, _ = network.run(inputs, network.initial_state(5), steps, length, hold)
    expected = network.read(hidden, steps, length, hold).permute(1, 3, 0, 2)

    ensemble = load(folder, which=which, extension="hold")  # type: ignore[arg-type]
    symbols = torch.from_numpy(sequences.inputs)
    outputs, _ = ensemble(symbols)
    torch.testing.assert_close(outputs, expected, rtol=1e-5, atol=1e-6)
    features = inputs[:, 0].permute(2, 0, 1)
    for member, values in enumerate(trained.reported.members):
        one = load(folder, values.model_dump(), which=which, extension="hold")  # type: ignore[arg-type]
        torch.testing.assert_close(one(features)[0], expected[member], rtol=1e-5, atol=1e-6)
        assert torch.equal(one(symbols)[0], one(features)[0])


def test_a_shared_network_reads_sequences_of_different_lengths(
    tmp_path: Path, conditions: dict[str, Condition]
) -> None:
    trained_in(tmp_path, conditions["parity/shared/length-10/truncation-full"])
    network = load(tmp_path, member=1)
    size = network.recurrent.input_size
    inputs = torch.randn(3, 25, size)
    outputs, _ = network(inputs, lengths=[25, 4, 9])
    alone, _ = network(inputs[1:2, :4])
    torch.testing.assert_close(outputs[1, :4], alone[0])
    assert {name for name, _ in network.named_parameters()} == {"readout", "recurrent.weights"}


def test_it_can_be_trained_further(folder: Path, trained: Trained) -> None:
    network = load(folder, member=0)
    outputs, _ = network(torch.randint(0, network.recurrent.input_size, (2, 10)))
    torch.autograd.backward(outputs.square().sum())
    assert all(p.grad is not None and p.grad.any() for p in network.parameters())


def test_members_that_are_not_clear_are_refused(folder: Path, trained: Trained) -> None:
    count = len(trained.condition.members)
    with pytest.raises(ValueError, match=f"there is no member {count}, only 0 to {count - 1}"):
        load(folder, member=count)
    with pytest.raises(ValueError, match=r"[2-9] members fit {'seed': 0}"):
        load(folder, member={"seed": 0})
    with pytest.raises(ValueError, match="0 members fit"):
        load(folder, member={"seed": 99})
    with pytest.raises(ValueError, match="member: colour is none of "):
        load(folder, member={"colour": 1})


def test_a_folder_without_a_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"not the folder of a run: it has no run\.json"):
        load(tmp_path)


def test_inputs_that_are_not_the_tasks_are_refused(folder: Path, trained: Trained) -> None:
    network = load(folder, member=0)
    size = network.recurrent.input_size
    with pytest.raises(ValueError, match=f"symbols lie between 0 and {size - 1}"):
        network(torch.tensor([[size]]))
    with pytest.raises(ValueError, match=f"the input has {size + 1} features, not {size}"):
        network(torch.randn(1, 4, size + 1))
    with pytest.raises(ValueError, match="step 11 lies past the training length 10"):
        network(torch.randn(1, 12, size))
    network.symbolic = False
    with pytest.raises(ValueError, match="this task's inputs are features, not symbols"):
        network(torch.tensor([[0]]))


def test_tensors_of_another_network_are_refused(trained: Trained) -> None:
    tensors = {"weights": torch.zeros(1, 2, 3, 4), "readout": torch.zeros(1, 10, 1, 7)}
    with pytest.raises(ValueError, match="these are not the network's tensors"):
        TrainedNetwork(architecture_of(trained.condition), tensors, single=True)


@pytest.mark.parametrize("member", [None, 1])
def test_a_network_with_an_embedding_is_opened(
    tmp_path: Path, conditions: dict[str, Condition], member: int | None
) -> None:
    plain = conditions["parity/shared/length-10/truncation-full"]
    variant = plain.network.model_copy(update={"embedding": 3})
    trained = trained_in(tmp_path, plain.model_copy(update={"network": variant}))
    network, task = network_of_run(trained, "best"), plain.build_task()
    batch = Store(task, task.sample(5, 10, Split.TEST, np.random.default_rng(0))).gather(
        torch.arange(5)[None]
    )
    inputs = batch.window(range(10), network.members)
    hidden, _ = network.run(inputs, network.initial_state(5), range(10))
    expected = network.read(hidden, range(10)).permute(1, 3, 0, 2)
    assert batch.symbols is not None
    outputs, _ = load(tmp_path, member)(batch.symbols[:, 0].T)
    wanted = expected if member is None else expected[member]
    torch.testing.assert_close(outputs, wanted, rtol=1e-5, atol=1e-6)
