"""Run the real Snakefile on a tiny experiment, in a folder of its own."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import small

ROOT = Path(__file__).resolve().parent.parent.parent


class Pipeline:
    """The workflow of a checkout in a folder, with the configuration `content`."""

    def __init__(self, folder: Path, content: dict[str, Any], checkout: Path = ROOT) -> None:
        self.folder = folder
        self.content = content
        self.checkout = checkout

    def command(self, *arguments: str) -> list[str]:
        configuration = self.folder / "tiny.yaml"
        configuration.write_text(yaml.safe_dump(self.content))
        return [
            sys.executable,
            "-m",
            "snakemake",
            "--snakefile",
            str(self.checkout / "Snakefile"),
            "--directory",
            str(self.folder),
            "--configfile",
            str(configuration),
            "--cores",
            "2",
            *arguments,
        ]

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(self.command(*arguments), capture_output=True, text=True, check=False)

    def scheduled(self, *arguments: str) -> set[str]:
        """Rules that a run would run now: the first column of Snakemake's table of jobs."""
        done = self.run(*arguments, "--dry-run", "--quiet", "rules")
        assert done.returncode == 0, done.stderr
        rows = [line.split() for line in (done.stdout + done.stderr).splitlines()]
        return {row[0] for row in rows if len(row) == 2 and row[1].isdigit()} - {"total"}


def tiny() -> dict[str, Any]:
    """One task, two variants, one length, two truncations."""
    content = small()
    content["tasks"] = {"parity": {}}
    content["sweeps"]["main"]["tasks"] = ["parity"]
    return content


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    """A pipeline that ran to its end."""
    pipeline = Pipeline(tmp_path_factory.mktemp("pipeline"), tiny())
    done = pipeline.run()
    assert done.returncode == 0, done.stdout + done.stderr
    return pipeline
