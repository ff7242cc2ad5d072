# Write the report, and say to Snakemake's own report what its files are

TEMPLATES = Path(workflow.basedir) / "src" / "timeshare" / "report" / "template"


rule report:
    input:
        scores=rules.collect.output.scores,
        tables=rules.collect.output,
        claims=lambda wildcards: (
            rules.judge.output if workflow.is_rule("judge") else []
        ),
        cost=rules.cost.input,
        runs=[f"{run}/run.json" for run in RUNS],
        code=lambda wildcards: sources(
            "report", tasks_of(CONDITIONS.values()), expands=True
        ),
        pages=[str(page) for page in sorted(TEMPLATES.iterdir())],
    output:
        html=report(
            f"{REPORTS}/report.html",
            caption="../report/page.rst",
            category="Report",
            labels={"file": "page"},
        ),
        markdown=f"{REPORTS}/report.md",
        figures=report(
            directory(f"{REPORTS}/figures"),
            patterns=["{figure}.svg"],
            caption="../report/figure.rst",
            category="Figures",
            labels={"figure": "{figure}"},
        ),
        tables=report(
            directory(f"{REPORTS}/tables"),
            patterns=["{table}.csv"],
            caption="../report/table.rst",
            category="Tables",
            labels={"table": "{table}"},
        ),
    log:
        f"{RESULTS}/logs/report.log",
    benchmark:
        f"{RESULTS}/benchmarks/report.tsv"
    conda:
        "../envs/timeshare.yaml"
    params:
        configuration=ASKED,
        results=lambda wildcards: RESULTS,
    message:
        "Writing the report"
    script:
        "../scripts/report.py"
