# Write the report: one page, the same as Markdown, and the figures and tables behind it
rule report:
    input:
        scores=rules.collect.output.scores,
        tables=rules.collect.output,
        runs=[f"{run}/run.json" for run in RUNS],
        code=sources("report", "experiment"),
    output:
        html=f"{REPORTS}/report.html",
        markdown=f"{REPORTS}/report.md",
        figures=directory(f"{REPORTS}/figures"),
        tables=directory(f"{REPORTS}/tables"),
    log:
        f"{RESULTS}/logs/report.log",
    benchmark:
        f"{RESULTS}/benchmarks/report.tsv"
    conda:
        "../envs/timeshare.yaml"
    params:
        configuration=experiment.model_dump(mode="json"),
        results=lambda wildcards: RESULTS,
    message:
        "Writing the report"
    script:
        "../scripts/report.py"
