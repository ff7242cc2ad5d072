"""The environment of a cluster can be installed: its pinned packages agree with one another."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="module")
def resolved(root: Path) -> dict[str, str]:
    """The versions that pip would install with every extra that goes with the plugin."""
    command = [
        *(sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--quiet"),
        *("--report", "-", "--constraint", str(root / "constraints.txt")),
        f"{root}[slurm,test,style]",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    packages = [each["metadata"] for each in report["install"]]
    return {each["name"].lower().replace("_", "-"): each["version"] for each in packages}


@pytest.mark.slow
def test_the_plugin_and_the_pinned_packages_resolve_together(resolved: dict[str, str]) -> None:
    assert "snakemake-executor-plugin-slurm" in resolved
    assert {"torch", "snakemake", "mlflow", "sktime"} <= resolved.keys()


@pytest.mark.slow
def test_every_package_of_the_environment_is_pinned(resolved: dict[str, str], root: Path) -> None:
    lines = (root / "constraints.txt").read_text().split()
    pinned = {line.partition("==")[0].lower().replace("_", "-") for line in lines}
    assert resolved.keys() - pinned <= {"timeshare", "setuptools"}
