"""Claims have the id that their file's name begins with."""

from pathlib import Path

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
    content = small(claims={"further": ["tests.analysis.synthetic:Score"]})
    content["sweeps"]["main"]["claims"] = ["C3", "Score"]
    assert Experiment.parse(content).claims.further
    content["claims"] = {}
    with pytest.raises(ConfigurationError, match=r"sweeps\.main\.claims: unknown claim 'Score'"):
        Experiment.parse(content)


@pytest.mark.parametrize(("section", "key"), [("claims", "further"), ("report", "figures")])
def test_an_import_path_without_a_module_is_refused(section: str, key: str) -> None:
    content = small(**{section: {key: ["no.such:Thing"]}})
    with pytest.raises(ConfigurationError, match=rf"{section}\.{key}\.0: 'no\.such:Thing' cannot"):
        Experiment.parse(content)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("class Mine(", r"author_claims\.py, line 1: "),
        ("import json\nimport no_such_package", r"line 2: there is no module 'no_such_package'"),
        ("from no_such_package.part import x", "there is no module 'no_such_package'"),
        ("class Other: ...", r"author_claims\.py has no class Mine"),
        ("text = '\0'", r"author_claims\.py"),
    ],
)
@pytest.mark.parametrize(("section", "key"), [("claims", "further"), ("report", "figures")])
def test_a_module_that_cannot_have_the_class_is_refused_before_any_job(
    section: str,
    key: str,
    code: str,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "author_claims.py").write_text(code, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    content = small(**{section: {key: ["author_claims:Mine"]}})
    with pytest.raises(ConfigurationError, match=words):
        Experiment.parse(content)


@pytest.mark.parametrize(
    "code",
    [
        "class Mine: ...",
        "from elsewhere import Mine",
        "from elsewhere import Other as Mine",
        "from elsewhere import *",
        "Mine = 3",
        "try:\n    import no_such_package\nexcept ImportError:\n    pass\nclass Mine: ...",
    ],
)
def test_a_module_that_may_have_the_class_is_not_run(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere.py").write_text("", encoding="utf-8")
    (tmp_path / "author_figures.py").write_text(f"{code}\n1 / 0\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    assert Experiment.parse(small(report={"figures": ["author_figures:Mine"]})).report.figures
