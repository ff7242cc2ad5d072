# Draw the pictures of the tasks for the documentation: `snakemake gallery`
from timeshare.experiment.staleness import all_of
from timeshare.gallery.exhibits import EXHIBITS


localrules:
    gallery,


# Draw a few sequences of one task with their targets
rule picture:
    input:
        code=lambda wildcards: sources("gallery", EXHIBITS[wildcards.exhibit].names),
    output:
        svg="docs/tasks/{exhibit}.svg",
        png="docs/tasks/{exhibit}.png",
    log:
        paths.log("gallery/{exhibit}"),
    benchmark:
        paths.benchmark("gallery/{exhibit}")
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
        code=lambda wildcards: sources("catalogue", all_of("tasks")),
    output:
        "docs/tasks.md",
    log:
        paths.log("gallery/catalogue"),
    benchmark:
        paths.benchmark("gallery/catalogue")
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
