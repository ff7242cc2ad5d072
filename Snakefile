# The map of the experiment: configuration, rules and targets. The science is in src/timeshare.
import json
import os
import sys
from pathlib import Path

from snakemake.utils import min_version

min_version("9.27")

SOURCE = str(Path(workflow.basedir) / "src")
sys.path.insert(0, SOURCE)

from timeshare.cost.limits import foreseen
from timeshare.experiment import ConfigurationError, Experiment
from timeshare.experiment.digests import Digests
from timeshare.experiment.files import importable
from timeshare.experiment.folders import folder_fault
from timeshare.experiment.paths import HISTORY, RUN, TRAINED, WEIGHTS, condition_id
from timeshare.experiment.reading import read_yaml
from timeshare.experiment.selection import Grid
from timeshare.experiment.slurm import (
    cancel_left_behind,
    content,
    explanations,
    note_driver,
)
from timeshare.experiment.staleness import names_of, names_of_task, variant_names
from timeshare.experiment.unlocking import note_host

# A configuration named with --configfile replaces the default one instead of blending into it.
if not workflow.configfiles:

    configfile: "config.yaml"


try:
    for path in workflow.configfiles:
        read_yaml(Path(path))
    source = Path(workflow.configfiles[-1])
    # Jobs find the package in whatever environment they run, and the modules that lie beside a
    # configuration
    known = filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))
    found = dict.fromkeys([SOURCE, *known, importable(source.parent)])
    os.environ.update(PYTHONPATH=os.pathsep.join(found))
    experiment = Experiment.parse(config, source.name, source.parent)
except ConfigurationError as error:
    raise WorkflowError(str(error)) from None

if workflow.is_main_process:
    folders = [Path.cwd(), Path(workflow.basedir)]
    planned, beyond = foreseen(experiment)
    if fault := folder_fault(folders, experiment.tracking) or beyond:
        raise WorkflowError(fault)
    # Read by src/snakemake_logger_plugin_timeshare, which says how much time is left
    os.environ.update(TIMESHARE_EXPECTED_SECONDS=json.dumps(planned.by_job()))

# A job in a process of its own looks up its own conditions only
CONDITIONS = Grid(experiment, whole=workflow.is_main_process)
paths = experiment.paths
results = Path(paths.results)
aside = paths.aside(not results.exists() or os.access(results, os.W_OK))
# Snakemake lists a folder once, and would take for missing what is written into it afterwards
sources = Digests(
    paths.sources,
    write=workflow.is_main_process,
    written=lambda path: workflow.iocache.exists_local.update({path: True}),
)
# Without the address of a store: it may hold a password
RESOLVED = experiment.model_dump(mode="json", exclude={"tracking": {"store"}})


wildcard_constraints:
    task=r"[a-z0-9][a-z0-9._-]*",
    variant=r"[a-z0-9][a-z0-9._-]*",
    length=r"\d+",
    truncation=r"full|\d+",


localrules:
    all,


include: "workflow/rules/data.smk"
include: "workflow/rules/train.smk"
include: "workflow/rules/evaluate.smk"
include: "workflow/rules/cost.smk"
include: "workflow/rules/judge.smk"
include: "workflow/rules/report.smk"
include: "workflow/rules/part.smk"
include: "workflow/rules/track.smk"
include: "workflow/rules/gallery.smk"


# Everything: the report, and the runs in MLflow
rule all:
    default_target: True
    input:
        rules.report.output,
        rules.cost.input,
        rules.track.output if experiment.tracking.enabled else [],


# Jobs that a killed run left in Slurm's queue would delete what this one writes
onstart:
    for job in cancel_left_behind(Path(aside.driver)):
        print(
            f"Cancelled job {job}, which an earlier run left behind",
            file=sys.stderr,
        )
    note_driver(Path(aside.driver), log)
    note_host()


onerror:
    for sentence in explanations(content(log)):
        print(sentence, file=sys.stderr)
