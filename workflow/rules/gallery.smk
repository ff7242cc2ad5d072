# Draw the pictures and write the generated pages of the documentation: `snakemake gallery`
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


# Draw which weights each step uses, for the schedules of the package
rule schedule_pictures:
    input:
        code=lambda wildcards: sources(
            "schedule_pictures", all_of("recurrent.schedules")
        ),
    output:
        expand(
            "docs/schedules/{picture}.{kind}",
            picture=("spectrum", "extensions"),
            kind=("svg", "png"),
        ),
    log:
        paths.log("gallery/schedules"),
    benchmark:
        paths.benchmark("gallery/schedules")
    conda:
        "../envs/timeshare.yaml"
    message:
        "Drawing the schedules"
    script:
        "../scripts/schedule_pictures.py"


# Write the pages of schedules, of the configuration and of the commands
rule reference_pages:
    input:
        code=lambda wildcards: sources("reference_pages", all_of("recurrent.schedules")),
    output:
        schedules="docs/schedules.md",
        configuration="docs/configuration.md",
        commands="docs/commands.md",
    log:
        paths.log("gallery/reference"),
    benchmark:
        paths.benchmark("gallery/reference")
    conda:
        "../envs/timeshare.yaml"
    message:
        "Writing the pages of schedules, configuration and commands"
    script:
        "../scripts/reference_pages.py"


# All pictures and their pages
rule gallery:
    input:
        [f"docs/tasks/{name}.{kind}" for name in EXHIBITS for kind in ("svg", "png")],
        "docs/tasks.md",
        rules.schedule_pictures.output,
        rules.reference_pages.output,
