"""Generated pages are those that the code gives; pictures show what the schedules compute."""

import itertools
from pathlib import Path

import pytest
import typer

from timeshare import registry
from timeshare.cli import app
from timeshare.experiment.configuration import Experiment
from timeshare.gallery import commands, configuration, schedules, strips
from timeshare.recurrent.schedules.base import Extension

COMMAND = "snakemake gallery"


def test_the_page_of_the_configuration_is_made_from_the_models(root: Path) -> None:
    found = (root / "docs/configuration.md").read_text(encoding="utf-8")
    assert found == configuration.page(), COMMAND


def test_every_key_of_the_configuration_is_described() -> None:
    page = configuration.page()
    document = Experiment.model_json_schema()
    for model in (document, *document["$defs"].values()):
        for key, field in model.get("properties", {}).items():
            assert f"| `{key}` | " in page
            assert (
                field["description"].split(";")[0].split("|")[0][:40].replace("<", "&lt;") in page
            )
    assert "| anything |" not in page


def test_the_page_of_commands_is_made_from_the_command_line(root: Path) -> None:
    found = (root / "docs/commands.md").read_text(encoding="utf-8")
    assert found == commands.page(typer.main.get_command(app)), COMMAND


def test_the_page_of_schedules_is_made_from_them(root: Path) -> None:
    found = (root / "docs/schedules.md").read_text(encoding="utf-8")
    assert found == schedules.page(), COMMAND
    assert set(strips.SHOWN) == set(registry.names("recurrent.schedules"))


@pytest.mark.parametrize("name", strips.SHOWN)
def test_steps_have_equal_colours_where_they_have_equal_weights(name: str) -> None:
    schedule, _ = strips.SHOWN[name]
    found = strips.colours(schedule, Extension.HOLD)
    assert len(found) == strips.LENGTH + strips.BEYOND
    trained = found[: strips.LENGTH]
    different = {"shared": 1, "blocks": 3, "cyclic": 3}.get(name, strips.LENGTH)
    assert len(set(trained)) == different
    if schedule.needs_extension:
        assert set(found[strips.LENGTH :]) == {trained[-1]}


def test_tied_steps_are_nearer_to_each_other_than_untied_ones() -> None:
    def distance(name: str) -> float:
        found = strips.colours(strips.SHOWN[name][0], Extension.HOLD)[: strips.LENGTH]
        pairs = itertools.pairwise(found)
        return sum(abs(a - b) for one, other in pairs for a, b in zip(one, other, strict=True))

    assert distance("soft") < 0.7 * distance("unshared")


def test_drawing_again_gives_the_same_bytes(tmp_path: Path) -> None:
    for folder in ("one", "other"):
        (tmp_path / folder).mkdir()
        strips.write_pictures(tmp_path / folder)
    names = ["extensions.png", "extensions.svg", "spectrum.png", "spectrum.svg"]
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == names
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "other" / name).read_bytes()
