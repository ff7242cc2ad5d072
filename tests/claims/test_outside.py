"""A claim from outside the package: the one of the guide."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.analysis.synthetic import FAST, at, trained
from tests.conftest import small
from tests.guides import guide
from timeshare.analysis.evidence import Evidence
from timeshare.claims.base import Claim, Conclusions
from timeshare.claims.judging import ClaimError, claims, judge
from timeshare.claims.outcomes import Outcome
from timeshare.experiment import Experiment
from timeshare.experiment.imports import source_of
from timeshare.experiment.staleness import all_of, sources
from timeshare.experiment.thresholds import Thresholds
from timeshare.registry import ContractError, UnknownNameError

PATH = "my_claims:FewSequences"


@pytest.fixture
def thresholds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Thresholds]:
    """The thresholds of a configuration that lists the guide's claim."""
    with guide("adding-a-claim.md", "my_claims", tmp_path, monkeypatch) as section:
        yield Experiment.parse(small(**section)).claims


@pytest.mark.parametrize(
    ("shared", "unshared", "verdict"),
    [(0.9, 0.5, "supported"), (0.5, 0.9, "contradicted")],
)
def test_a_claim_of_one_file_is_judged(
    thresholds: Thresholds, shared: float, unshared: float, verdict: str
) -> None:
    tables = trained(at(shared=shared, unshared=unshared), ["parity"], train_sizes=(32, 512))
    found = judge(tables, thresholds)
    row = found["claims"].set_index("id").loc["FewSequences"]
    assert row["verdict"] == verdict
    assert (
        row["rule"] == "Supported if the interval lies above 0.05, contradicted if it lies below."
    )
    outcomes = found["outcomes"]
    assert outcomes.loc[outcomes["id"] == "FewSequences", "effect"].item() == pytest.approx(
        shared - unshared, abs=0.03
    )


def test_a_further_claim_takes_its_share_of_the_error_rate(thresholds: Thresholds) -> None:
    tables = trained(at(shared=0.9, unshared=0.5), ["parity"], train_sizes=(32, 512))
    alone, both = (judge(tables, each)["claims"] for each in (FAST, thresholds))
    assert list(both["id"])[-1] == "FewSequences"
    assert both["comparisons"].sum() == alone["comparisons"].sum() + 1


def test_the_judgement_depends_on_the_file_of_the_claim(
    thresholds: Thresholds, tmp_path: Path
) -> None:
    assert source_of("claims", PATH) == tmp_path / "my_claims.py"
    files = sources("judge", all_of("claims", thresholds.further))
    assert str(tmp_path / "my_claims.py") in files
    assert any(file.endswith("c14_bottom_line.py") for file in files)


def test_a_claim_that_lacks_something_is_refused_with_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [
        "from timeshare.claims.base import Claim",
        "class Half(Claim):",
        "    title = 'Half'",
        "class C5(Claim): ...",
        "class Other: ...",
    ]
    (tmp_path / "my_wrong_claims.py").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(UnknownNameError, match="'my_wrong_claims:Half' does not define argument, "):
        claims(("my_wrong_claims:Half",))
    with pytest.raises(UnknownNameError, match="does not derive from timeshare"):
        claims(("my_wrong_claims:Other",))
    with pytest.raises(ClaimError, match="two claims have the id C5; rename the class of"):
        claims(("my_wrong_claims:C5",))


@pytest.mark.parametrize(
    ("returned", "words"),
    [
        (None, "claim Mine: `outcomes` returns NoneType instead of a list"),
        ([0.5], "claim Mine: `outcomes` returns float instead of Outcome"),
        (
            [Outcome("x", 1, 1, 1, 0, "", level=("a",))],
            "claim Mine: the outcome 'x' has 1 levels, and the claim has 0 factors",
        ),
    ],
)
def test_what_a_claim_returns_is_held_to_its_type(returned: Any, words: str) -> None:
    class Mine(Claim):
        title = argument = estimand = rule = section = needs = "words"
        conclusions = Conclusions(topic="x", supported="{number}", contradicted="{number}")

        def outcomes(self, evidence: Evidence) -> list[Outcome]:
            found: list[Outcome] = returned
            return found

    with pytest.raises(ContractError, match=re.escape(words)):
        Mine().measure(Evidence(trained(at(shared=0.9, unshared=0.5), ["parity"]), FAST))
