"""Claims have the id that their file's name begins with."""

import pytest

from tests.conftest import small
from timeshare.experiment import ConfigurationError, Experiment
from timeshare.experiment.claim_ids import claim_id, claim_ids, in_order


@pytest.mark.parametrize(
    ("name", "found"),
    [("c5-overfitting", "C5"), ("c10-function-of-time", "C10"), ("my.module:MyClaim", "MyClaim")],
)
def test_the_id_of_a_claim_is_read_from_its_name(name: str, found: str) -> None:
    assert claim_id(name) == found


def test_ids_are_in_the_order_of_their_numbers() -> None:
    known = claim_ids(["mine:Other"])
    assert known[:2] == ["C1", "C2"]
    assert known.index("C10") == known.index("C9") + 1
    assert known[-1] == "Other"
    assert in_order(reversed(known)) == known


def test_a_sweep_may_serve_a_claim_from_outside_the_package() -> None:
    content = small(claims={"further": ["tests.experiment.test_claim_ids:Mine"]})
    content["sweeps"]["main"]["claims"] = ["C3", "Mine"]
    assert Experiment.parse(content).claims.further
    content["claims"] = {}
    with pytest.raises(ConfigurationError, match=r"sweeps\.main\.claims: unknown claim 'Mine'"):
        Experiment.parse(content)


@pytest.mark.parametrize(("section", "key"), [("claims", "further"), ("report", "figures")])
def test_an_import_path_without_a_module_is_refused(section: str, key: str) -> None:
    content = small(**{section: {key: ["no.such:Thing"]}})
    with pytest.raises(ConfigurationError, match=rf"{section}\.{key}\.0: 'no\.such:Thing' cannot"):
        Experiment.parse(content)
