"""What the workflow imports when it plans its jobs needs neither torch, MLflow nor pandas.

Which folder may import which is a contract of import-linter in `pyproject.toml`; here stands what
its view of the source cannot tell, namely which modules are imported in the end.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HEAVY = ("torch", "mlflow", "pandas", "snakemake")


def imports_of_the_workflow() -> list[str]:
    """The import statements of the Snakefile and of all rules that concern this package."""
    rules = [ROOT / "Snakefile", *sorted((ROOT / "workflow/rules").glob("*.smk"))]
    statement = r"^from timeshare\S* import (?:\([^)]*\)|[^\n(]+)"
    return [found for path in rules for found in re.findall(statement, path.read_text(), re.M)]


def loaded_by(code: str) -> set[str]:
    """Which of the heavy modules are loaded after the code has run."""
    report = f"import sys\nprint(*(name for name in {HEAVY!r} if name in sys.modules))"
    command = [sys.executable, "-c", f"{code}\n{report}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    return set(done.stdout.split())


def test_planning_jobs_loads_none_of_the_large_libraries() -> None:
    statements = imports_of_the_workflow()
    assert len(statements) > 3
    assert loaded_by("\n".join(statements)) == set()


def test_reading_the_configuration_loads_none_of_the_large_libraries() -> None:
    code = (
        "from pathlib import Path\n"
        "from timeshare.experiment import Experiment, expand\n"
        "from timeshare.experiment.reading import read_yaml\n"
        "expand(Experiment.parse(read_yaml(Path('config.yaml'))))"
    )
    assert loaded_by(code) == set()
