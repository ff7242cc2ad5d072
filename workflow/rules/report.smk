# Write the report, and say to Snakemake's own report what its files are
from timeshare.experiment.benchmarks import benchmark_files
from timeshare.experiment.lookups import run_files
from timeshare.experiment.staleness import all_of

TEMPLATES = Path(workflow.basedir) / "src" / "timeshare" / "report" / "template"


# Write the page, its Markdown, the figures and their tables
rule report:
    input:
        **{name: path for name, path in rules.collect.output.items()},
        **{name: path for name, path in rules.judge.output.items()},
        **{name: path for name, path in rules.equivalence.output.items()},
        cost=rules.cost.input,
        runs=lambda wildcards: run_files(paths, CONDITIONS.values(), RUN),
        code=lambda wildcards: sources(
            "report",
            all_of("report.figures", experiment.report.figures),
            sorted(TEMPLATES.iterdir()),
        ),
    output:
        html=report(
            paths.report("report.html"),
            caption="../report/page.rst",
            category="Report",
            labels={"file": "page"},
        ),
        markdown=paths.report("report.md"),
        configuration=paths.report("configuration.yaml"),
        figures=report(
            directory(paths.report("figures")),
            patterns=["{figure}.svg"],
            caption="../report/figure.rst",
            category="Figures",
            labels={"figure": "{figure}"},
        ),
        tables=report(
            directory(paths.report("tables")),
            patterns=["{table}.csv"],
            caption="../report/table.rst",
            category="Tables",
            labels={"table": "{table}"},
        ),
    # The one rule that runs where results can only be read
    log:
        aside.log("report"),
    benchmark:
        aside.benchmark("report")
    conda:
        "../envs/timeshare.yaml"
    params:
        configuration=RESOLVED,
        thresholds=experiment.claims.model_dump(mode="json"),
        projection=experiment.cost.projection.model_dump(mode="json"),
        benchmarks=lambda wildcards: benchmark_files(paths, CONDITIONS.values()),
    message:
        "Writing the report"
    script:
        "../scripts/report.py"
