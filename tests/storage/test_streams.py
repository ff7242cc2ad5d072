"""A random stream depends on its names and on nothing else."""

import subprocess
import sys

import pytest

from timeshare.storage.streams import seed_of, stream


def test_equal_names_give_equal_numbers() -> None:
    first, second = stream("data", 3).random(5), stream("data", 3).random(5)
    assert first.tolist() == second.tolist()


@pytest.mark.parametrize(
    "other", [("data", 4), ("data3",), ("data",), ("dat", "a", 3), (3, "data"), ("data", 3, "")]
)
def test_other_names_give_another_seed(other: tuple[object, ...]) -> None:
    assert seed_of(*other) != seed_of("data", 3)


def test_drawing_from_one_stream_leaves_the_others_as_they_were() -> None:
    expected = stream("b").random(3).tolist()
    stream("a").random(100)
    assert stream("b").random(3).tolist() == expected


def test_seeds_are_the_same_in_every_process_and_release() -> None:
    assert seed_of("data", 3) == 3365036185074209251
    code = "from timeshare.storage.streams import seed_of; print(seed_of('data', 3))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONHASHSEED": "7"},
    )
    assert int(done.stdout) == seed_of("data", 3)


def test_seeds_fit_a_signed_integer_of_64_bits() -> None:
    seeds = [seed_of("any", number) for number in range(1000)]
    assert len(set(seeds)) == 1000
    assert 0 <= min(seeds) <= max(seeds) < 2**63
