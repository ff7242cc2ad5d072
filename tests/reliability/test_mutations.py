"""Mutations of the shipped configurations are read, or refused in a few short lines."""

from pathlib import Path

import pytest

from tests.reliability.mutations import separately

FINE = {"accepted", "refused", "beyond the limits"}


@pytest.mark.parametrize("seed", [101, 202, 303, 404])
def test_a_mutated_configuration_is_read_or_refused_in_short(tmp_path: Path, seed: int) -> None:
    found = separately(seed, 250, tmp_path, limits=False)
    assert len(found) == 250
    broken = [each for each in found if each["word"] not in FINE]
    assert broken == []
    assert {"accepted", "refused"} <= {each["word"] for each in found}
