"""The examples are those that the guides explain, and the experiment with all of them is valid."""

import re
from pathlib import Path

import pytest

from timeshare.experiment import Experiment, expand

GUIDES = {
    "adding-a-task.md": "my_tasks.py",
    "adding-a-cell.md": "my_cells.py",
    "adding-a-schedule.md": "my_schedules.py",
    "adding-a-claim.md": "my_claims.py",
    "adding-a-figure.md": "my_figures.py",
}


def classes(code: str) -> list[str]:
    """The text of each class at the top level."""
    return [part.strip() for part in re.findall(r"^class .*?(?=^\S|\Z)", code, flags=re.M | re.S)]


@pytest.mark.parametrize(("guide", "example"), GUIDES.items())
def test_the_class_of_the_guide_is_that_of_the_example(
    root: Path, guide: str, example: str
) -> None:
    text = (root / "docs" / guide).read_text(encoding="utf-8")
    (block,) = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    found = classes((root / "examples" / example).read_text(encoding="utf-8"))
    assert classes(block)
    assert set(classes(block)) <= set(found)
    assert f"[{example}](../examples/{example})" in text


def test_the_experiment_of_the_examples_names_all_of_them(root: Path) -> None:
    experiment = Experiment.read(root / "examples/extensions.yaml")
    assert len(expand(experiment)) == 6
    text = (root / "examples/extensions.yaml").read_text(encoding="utf-8")
    assert all(f"{name.removesuffix('.py')}:" in text for name in GUIDES.values())
