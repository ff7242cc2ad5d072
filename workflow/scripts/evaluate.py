"""Evaluate all conditions of a task at one T."""

from pathlib import Path

import pandas as pd
from snakemake.iocontainers import Snakemake

from timeshare.analysis.contracts import write
from timeshare.data.files import read_parts
from timeshare.storage.files import read_tensors
from timeshare.storage.logs import logged
from timeshare.tasks.base import Split
from timeshare.training.evaluate import evaluate
from timeshare.training.facts import reported_members
from timeshare.training.run_files import read_run

snakemake: Snakemake

with logged(snakemake.log[0]):
    splits = {
        split: read_parts(Path(getattr(snakemake.input, split)))
        for split in (Split.TRAIN, Split.VALIDATION)
    }
    tests = read_parts(Path(snakemake.input.tests))
    files = zip(snakemake.input.runs, snakemake.input.weights, strict=True)
    evaluations = []
    for run, weights in files:
        condition, facts = read_run(Path(run))
        evaluations.append(
            evaluate(
                condition,
                reported_members(facts),
                read_tensors(Path(weights)),
                facts["reported"]["diverged"],
                splits,
                tests,
                snakemake.params.sequences,
            )
        )
    for name in ("scores", "positions", "test_sequences"):
        tables = [getattr(evaluation, name) for evaluation in evaluations]
        write(name, Path(getattr(snakemake.output, name)), pd.concat(tables, ignore_index=True))
