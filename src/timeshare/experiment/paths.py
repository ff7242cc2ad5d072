"""Where every file of an experiment lies: `results/<name>/` and `reports/<name>/`.

Called without values for a task, a length or a condition, a method returns a pattern with
Snakemake's wildcards in their places; called with values, it returns the path itself.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

TASK, LENGTH = "{task}", "{length}"
CONDITION = "{task}/{variant}/length-{length}/truncation-{truncation}"
"""The id of a condition, which is also its folder below the folder of runs."""

WEIGHTS, HISTORY, RUN = "weights.safetensors", "history.parquet", "run.json"
"""The files that training a condition leaves: weights, learning curves, and how they were made."""
TRAINED = (WEIGHTS, HISTORY, RUN)
CHECKPOINT = "checkpoint"
"""The file from which a killed training continues; it is deleted at the end."""

ASIDE = ".snakemake/aside"
"""Takes the place of the folder of results for logs that cannot be written there."""
PARTS = "reports/study/parts"
"""The folder in which what is kept of each part of the study lies."""
PART_PREFIX = "study-"
"""What the names of the experiments begin with that are parts of the study."""

DRAWING = "generate/{task}/length-{length}"
DRAWING_TESTS = "generate/{task}/tests"
TRAINING = f"train/{CONDITION}"
EVALUATING = "evaluate/{task}/length-{length}"
"""Jobs that exist many times, as the paths of their logs and benchmarks name them."""


def condition_id(task: str, variant: str, length: int, truncation: str) -> str:
    """The id of a condition.

    Arguments:
        task: name of the task.
        variant: name of the variant.
        length: training length T, in steps.
        truncation: truncation length K in steps, or `full`.
    """
    return CONDITION.format(task=task, variant=variant, length=length, truncation=truncation)


@dataclass(frozen=True)
class Paths:
    """The paths of an experiment's files.

    Arguments:
        name: of the experiment.
        root: the folder in which `results` and `reports` lie; the working directory when empty.
    """

    name: str
    root: str = ""

    @cached_property
    def results(self) -> str:
        """The folder of data, runs, tables and whatever else jobs write before the report."""
        return str(PurePosixPath(self.root, "results", self.name))

    def aside(self, writable: bool) -> "Paths":
        """Where a report's log and its driver's note lie: here, or away from read-only results.

        Arguments:
            writable: whether files can be written into the folder of results.
        """
        return self if writable else Paths(self.name, str(PurePosixPath(self.root, ASIDE)))

    @property
    def sources(self) -> str:
        """The folder of the digests of what results depend on: the sources of each job."""
        return f"{self.results}/sources"

    @property
    def driver(self) -> str:
        """The file in which the last process that ran the experiment notes where its log is."""
        return f"{self.results}/logs/driver"

    @property
    def reports(self) -> str:
        """The folder of the report."""
        return str(PurePosixPath(self.root, "reports", self.name))

    def report(self, name: str) -> str:
        """A file or folder of the report, such as `report.html`."""
        return f"{self.reports}/{name}"

    def part(self, file: str) -> str:
        """A file of what is kept of the experiment, where it is a part of the study."""
        return str(PurePosixPath(self.root, PARTS, self.name.removeprefix(PART_PREFIX), file))

    def run(self, name: str, condition: str = CONDITION) -> str:
        """A file of a trained condition: `WEIGHTS`, `HISTORY`, `RUN` or `CHECKPOINT`."""
        return f"{self.results}/runs/{condition}/{name}"

    def training_data(self, split: str, task: str = TASK, length: int | str = LENGTH) -> str:
        """The sequences of a split that training a task at one length reads."""
        return f"{self._training_data(split, task, length)}.safetensors"

    def training_manifest(self, split: str, task: str = TASK, length: int | str = LENGTH) -> str:
        """What the sequences of a split were made from, and their sha256."""
        return f"{self._training_data(split, task, length)}.manifest.json"

    def test_data(self, task: str = TASK) -> str:
        """The test sequences of a task at every evaluated length."""
        return f"{self.results}/data/{task}/tests.safetensors"

    def test_manifest(self, task: str = TASK) -> str:
        """What the test sequences of a task were made from, and their sha256."""
        return f"{self.results}/data/{task}/tests.manifest.json"

    def evaluation(self, table: str, task: str = TASK, length: int | str = LENGTH) -> str:
        """A table of the evaluation of all conditions of a task at one training length."""
        return f"{self.results}/evaluations/{task}/length-{length}/{table}.parquet"

    def table(self, name: str) -> str:
        """A table of the whole experiment."""
        return f"{self.results}/tables/{name}.parquet"

    def cost(self, name: str) -> str:
        """A table of the compute-cost study."""
        return f"{self.results}/cost/{name}.parquet"

    def tracking(self, name: str) -> str:
        """A file of tracking: the default store, and what its jobs leave."""
        return f"{self.results}/mlflow/{name}"

    def log(self, job: str) -> str:
        """The log of a job, such as `train/` with the id of a condition, or `collect`."""
        return f"{self.results}/logs/{job}.log"

    def benchmark(self, job: str) -> str:
        """The seconds and the memory of a job, as Snakemake measures them."""
        return f"{self.results}/benchmarks/{job}.tsv"

    def _training_data(self, split: str, task: str, length: int | str) -> str:
        return f"{self.results}/data/{task}/length-{length}/{split}"
