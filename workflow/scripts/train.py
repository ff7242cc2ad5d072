"""Train one condition."""

from pathlib import Path

from snakemake.iocontainers import Snakemake

from timeshare.data.files import read_parts
from timeshare.experiment import Condition
from timeshare.storage.logs import logged
from timeshare.storage.provenance import now
from timeshare.tasks.base import Split
from timeshare.training.run_files import write_run
from timeshare.training.train import checkpoints, train

snakemake: Snakemake

with logged(snakemake.log[0]):
    started = now()
    condition = Condition.of(snakemake.params.condition)
    weights = Path(snakemake.output.weights)
    checkpoint = Path(snakemake.params.checkpoint)
    checkpoint_seconds = snakemake.config.get("training", {}).get("checkpoint_seconds")
    if checkpoint_seconds is not None:
        plan = condition.training.model_copy(update={"checkpoint_seconds": checkpoint_seconds})
        condition = condition.model_copy(update={"training": plan})
    splits = {split: read_parts(Path(getattr(snakemake.input, split))) for split in Split}
    trained = train(condition, splits, checkpoint, snakemake.threads)
    write_run(trained, started, weights, Path(snakemake.output.history), Path(snakemake.output.run))
    for path in checkpoints(checkpoint):
        path.unlink(missing_ok=True)
