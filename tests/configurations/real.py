"""Run drawn configurations by the real workflow: `python -m tests.configurations.real 300`."""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml
from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings

from tests.configurations.strategies import Case, cases
from timeshare.experiment import ConfigurationError, Experiment

ROOT = Path(__file__).resolve().parents[2]


def run_pipeline(case: Case, folder: Path, cores: int = 2) -> str | None:
    """Run a configuration with Snakemake; what went wrong, or None.

    Arguments:
        case: whose files lie in `folder`.
        folder: where it runs.
        cores: for Snakemake.
    """
    configuration = folder / "drawn.yaml"
    configuration.write_text(yaml.safe_dump(case.content, sort_keys=False), encoding="utf-8")
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(ROOT / "Snakefile")]
    command += ["--directory", str(folder), "--configfile", str(configuration)]
    done = subprocess.run(
        [*command, "--cores", str(cores)], capture_output=True, text=True, check=False
    )
    page = folder / "reports" / "drawn" / "report.html"
    if done.returncode == 0 and "</html>" in page.read_text(encoding="utf-8"):
        return None
    logs = (path.read_text(encoding="utf-8") for path in folder.glob("results/**/logs/**/*.log"))
    tracebacks = [text for text in logs if "Traceback" in text]
    return "\n".join([*tracebacks, (done.stdout + done.stderr)[-3000:]])


def main() -> None:
    """Run configurations until `count` were accepted, and list those that fail."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=300)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**9))
    parser.add_argument("--cores", type=int, default=1)
    parser.add_argument("--failures", type=Path, default=Path("failures"))
    arguments = parser.parse_args()
    started, ran, failed = time.monotonic(), 0, 0
    for case in _drawn(arguments.count * 3, arguments.seed):
        with tempfile.TemporaryDirectory() as name:
            case.write(Path(name))
            try:
                Experiment.parse(case.content, "drawn.yaml", Path(name))
            except ConfigurationError:
                continue
            fault = run_pipeline(case, Path(name), arguments.cores)
            ran += 1
            if fault is not None:
                failed += 1
                kept = arguments.failures / f"{arguments.seed}-{ran}"
                kept.mkdir(parents=True, exist_ok=True)
                case.write(kept)
                (kept / "drawn.yaml").write_text(yaml.safe_dump(case.content, sort_keys=False))
                (kept / "fault.txt").write_text(fault)
        spent = time.monotonic() - started
        print(f"{ran} ran, {failed} failed, {spent:.0f} s, seed {arguments.seed}", flush=True)
        if ran == arguments.count:
            break
    sys.exit(failed > 0)


def _drawn(count: int, first: int) -> list[Case]:
    """Configurations drawn with a seed, valid or not."""
    found: list[Case] = []

    @seed(first)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases())
    def collect(case: Case) -> None:
        found.append(case)

    collect()
    return found


if __name__ == "__main__":
    main()
