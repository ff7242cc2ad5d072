# Draw the pictures of the tasks for the documentation: `snakemake gallery`
from timeshare.report.exhibits import EXHIBITS


localrules:
    gallery,


# Draw a few sequences of one task with their targets
rule picture:
    input:
        code=lambda wildcards: sources(
            "gallery", exhibited(EXHIBITS[wildcards.exhibit])
        ),
    output:
        svg="docs/tasks/{exhibit}.svg",
        png="docs/tasks/{exhibit}.png",
    log:
        f"{RESULTS}/logs/gallery/{{exhibit}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/gallery/{{exhibit}}.tsv"
    wildcard_constraints:
        exhibit="|".join(EXHIBITS),
    conda:
        "../envs/timeshare.yaml"
    message:
        "Drawing {wildcards.exhibit}"
    script:
        "../scripts/gallery.py"


# Write the page that shows them all
rule catalogue:
    input:
        code=lambda wildcards: sources(
            "catalogue", [("tasks", kind) for kind in kinds("tasks")]
        ),
    output:
        "docs/tasks.md",
    log:
        f"{RESULTS}/logs/gallery/catalogue.log",
    benchmark:
        f"{RESULTS}/benchmarks/gallery/catalogue.tsv"
    conda:
        "../envs/timeshare.yaml"
    message:
        "Writing the page of tasks"
    script:
        "../scripts/catalogue.py"


# All pictures and their page
rule gallery:
    input:
        [f"docs/tasks/{name}.{kind}" for name in EXHIBITS for kind in ("svg", "png")],
        "docs/tasks.md",
