# The study's report from the parts that are kept in reports/study/parts, without any weights:
# `make study-report`. Parts are made by `make study PART=map`.
import sys
from pathlib import Path

from snakemake.utils import min_version

min_version("9.27")

CHECKOUT = Path(workflow.basedir).parent
sys.path.insert(0, str(CHECKOUT / "src"))

from timeshare.analysis.parts import COST, FACTS, KEPT, REPLICATION, TIMES
from timeshare.experiment.digests import Digests
from timeshare.experiment.paths import PARTS, Paths
from timeshare.experiment.staleness import all_of

paths = Paths("study")
sources = Digests(paths.sources, write=workflow.is_main_process)
FOUND = sorted(path.parent.name for path in Path(PARTS).glob(f"*/{FACTS}"))
JOINED = [name for name in FOUND if not name.startswith(REPLICATION)]
TABLES = {name: paths.table(name) for name in KEPT}
VERDICTS = ("claims", "outcomes")


# Everything: the report of all parts together
rule all:
    default_target: True
    input:
        paths.report("report.html"),


# Put the tables of all parts but replications together
rule join:
    input:
        parts=[
            f"{PARTS}/{name}/{file}"
            for name in JOINED
            for file in (FACTS, TIMES, *(f"{table}.parquet" for table in KEPT))
        ],
        code=sources("join_parts"),
    output:
        **TABLES,
        times=paths.table("times"),
        made=f"{paths.results}/made.json",
    log:
        paths.log("join"),
    params:
        folders=[f"{PARTS}/{name}" for name in JOINED],
    message:
        "Joining {params.folders}"
    script:
        "scripts/join_parts.py"


# Judge the claims on all parts together
rule judge:
    input:
        **TABLES,
        made=rules.join.output.made,
        code=sources("judge_parts", all_of("claims")),
    output:
        **{name: paths.table(name) for name in VERDICTS},
    log:
        paths.log("judge"),
    message:
        "Judging the claims on all parts"
    script:
        "scripts/judge_parts.py"


# Write the page, its Markdown, the figures and their tables
rule report:
    input:
        **TABLES,
        cost=[paths.table(name) for name in COST],
        times=rules.join.output.times,
        made=rules.join.output.made,
        claims=rules.judge.output.claims,
        outcomes=rules.judge.output.outcomes,
        code=sources(
            "study_report",
            all_of("report.figures"),
            sorted((CHECKOUT / "src/timeshare/report/template").iterdir()),
        ),
    output:
        html=paths.report("report.html"),
        markdown=paths.report("report.md"),
        configuration=paths.report("configuration.yaml"),
        figures=directory(paths.report("figures")),
        tables=directory(paths.report("tables")),
    log:
        paths.log("report"),
    message:
        "Writing the report of the study"
    script:
        "scripts/study_report.py"
