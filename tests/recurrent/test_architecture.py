"""Parameter counts in closed form, the width rule, and what may be imported without torch."""

import subprocess
import sys
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timeshare.recurrent.architecture import Architecture, matching_hidden, parameter_count
from timeshare.recurrent.network import Network
from timeshare.recurrent.schedules.base import Schedule
from timeshare.recurrent.schedules.basis import Basis
from timeshare.recurrent.schedules.blocks import Blocks
from timeshare.recurrent.schedules.cyclic import Cyclic
from timeshare.recurrent.schedules.mixture import Mixture
from timeshare.recurrent.schedules.shared import Shared
from timeshare.recurrent.schedules.unshared import Unshared
from timeshare.registry import find, names

SCHEDULES: list[Schedule] = [
    Shared(),
    Unshared(),
    Blocks(size=3),
    Cyclic(period=4),
    Basis(functions=3),
    Mixture(components=2),
]

architectures = st.builds(
    Architecture,
    cell=st.sampled_from(["rnn", "gru", "lstm"]),
    schedule=st.sampled_from(SCHEDULES),
    hidden_size=st.integers(1, 9),
    input_size=st.integers(0, 4),
    output_size=st.integers(1, 3),
    length=st.integers(1, 10),
    time_features=st.integers(0, 3),
    readout=st.sampled_from(["shared", "per-step"]),
)


@given(architecture=architectures)
@settings(max_examples=60, deadline=None)
def test_the_closed_form_counts_the_numbers_a_member_learns(architecture: Architecture) -> None:
    tensors = Network(architecture, [0, 1]).state_dict()
    count = parameter_count(architecture)
    assert count.readout == tensors["readout"][0].numel()
    assert count.total == sum(tensor[0].numel() for tensor in tensors.values())


@given(architecture=architectures, target=st.integers(1, 100_000))
@settings(max_examples=60, deadline=None)
def test_no_hidden_size_is_nearer_to_the_target(architecture: Architecture, target: int) -> None:
    def distance(hidden: int) -> int:
        sizes = {**vars(architecture), "hidden_size": hidden}
        return abs(parameter_count(Architecture(**sizes)).total - target)

    hidden = matching_hidden(architecture, target)
    others = [size for size in (hidden - 1, hidden + 1) if size >= 1]
    assert all(distance(hidden) <= distance(size) for size in others)


@pytest.mark.parametrize("readout", ["shared", "per-step"])
def test_a_network_of_its_own_size_is_its_own_match(readout: Literal["shared", "per-step"]) -> None:
    architecture = Architecture("lstm", Unshared(), 37, 5, 4, 20, readout=readout)
    assert matching_hidden(architecture, parameter_count(architecture).total) == 37


@pytest.mark.parametrize(
    "change",
    [
        {"hidden_size": 0},
        {"input_size": -1},
        {"output_size": 0},
        {"length": 0},
        {"time_features": -1},
    ],
)
def test_a_size_out_of_range_is_refused(change: dict[str, int]) -> None:
    sizes = {"hidden_size": 4, "input_size": 2, "output_size": 2, "length": 3} | change
    with pytest.raises(ValueError, match=next(iter(change))):
        Architecture("rnn", Shared(), **sizes)  # type: ignore[arg-type]


def test_every_kind_is_found_by_its_name() -> None:
    assert names("recurrent.cells") == ("gru", "lstm", "rnn")
    for kind in names("recurrent.schedules"):
        assert issubclass(find("recurrent.schedules", kind), Schedule)


def test_what_the_configuration_is_checked_with_imports_no_torch() -> None:
    code = """
import sys
from timeshare.registry import find, names
import timeshare.recurrent.architecture
for group in ("recurrent.cells", "recurrent.schedules"):
    for kind in names(group):
        find(group, kind)
assert "torch" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)
