"""The tables of claims and of the measured outcomes they rest on."""

from timeshare.analysis.contracts.base import boolean, contract, integer, number, text
from timeshare.analysis.contracts.measurements import TABLES_FOLDER

UNITS = "`units`"
NOTHING = "where nothing was measured"
VERDICT = "`supported`, `contradicted`, `inconclusive`"
P_ADJUSTED = (
    "p-value of the effect being equal to the threshold, times the number of comparisons that "
    "share the error rate"
)
SAMPLED = "where nothing was sampled"
N = "units (rules, or seeds where a task has one rule) behind the effect, 0 where it is exact"
SMALLEST = (
    "distance from the threshold that an effect needs to be decided in four of five repetitions"
)
NEEDED = "units of each task that would decide it at the present spread; 1,001 is more than 1,000"

CLAIMS = contract(
    "claims",
    "A row is one claim: what it says, how it is decided, its main effect and its verdict.",
    (f"{TABLES_FOLDER}/claims.parquet",),
    {
        "id": text("id of the claim, such as `C5`"),
        "title": text("title of the claim"),
        "argument": text("the argument that is tested"),
        "estimand": text("what is estimated"),
        "rule": text("rule that gives the verdict, fixed before the run"),
        "section": text("section of the report that shows the claim"),
        "buys": text("what sharing buys where the argument holds; empty for other arguments"),
        "verdict": text(
            "`supported`, `contradicted`, `depends`, `by construction`, `not tested` or "
            "`inconclusive`"
        ),
        "factor": text("what the effect may depend on, declared by the claim; empty if nothing"),
        "decided": text("levels of the factor that are decided, each with its verdict"),
        "undecided": text("levels of the factor that are not decided"),
        "effect_name": text("what the main effect measures; empty where nothing was measured"),
        "effect": number("estimate of the main effect", UNITS, NOTHING),
        "low": number("lower end of its simultaneous interval", UNITS, NOTHING),
        "high": number("upper end of its simultaneous interval", UNITS, NOTHING),
        "threshold": number("what the effect is compared with", UNITS, NOTHING),
        "units": text("units of effect, interval and threshold; empty where nothing was measured"),
        "n": integer(N),
        "p_adjusted": number(P_ADJUSTED, "", SAMPLED),
        "smallest_effect": number(
            f"{SMALLEST}, the largest over the primary outcomes", UNITS, SAMPLED
        ),
        "needed_units": integer(
            f"{NEEDED}, the largest over the primary outcomes",
            "",
            "where the verdict is not `inconclusive` or nothing was sampled",
        ),
        "comparisons": integer("comparisons of the claim that share the error rate"),
        "sentence": text("what was found, in words"),
        "missing": text("what the configuration lacks; empty where the claim was tested"),
    },
)

OUTCOMES = contract(
    "outcomes",
    "A row is one measured outcome of a claim.",
    (f"{TABLES_FOLDER}/outcomes.parquet",),
    {
        "id": text("id of the claim, such as `C5`"),
        "name": text("what was measured, in words"),
        "kind": text(
            "`primary` (the verdict depends on it), `secondary` (reported beside it), or "
            "`by construction` (true by definition)"
        ),
        "part": text("part of the claim, where it has several; empty otherwise"),
        "factor": text("what the effect may depend on; empty where the outcome has no level"),
        "level": text("level of the factor, or levels of two; empty where there is none"),
        "task": text("title of the task that it is about; empty where it is about several"),
        "effect": number("the estimate", UNITS, "where there is no estimate"),
        "low": number(
            "lower end of its interval, which holds together with those of all primary outcomes",
            UNITS,
            "where there is no interval",
        ),
        "high": number("upper end of its interval", UNITS, "where there is no interval"),
        "threshold": number("what the effect is compared with", UNITS),
        "units": text("units of effect, interval and threshold"),
        "above": boolean("whether the argument expects the effect above the threshold"),
        "n": integer(N),
        "p_adjusted": number(P_ADJUSTED, "", SAMPLED),
        "verdict": text(VERDICT.replace(", `inc", " or `inc") + ", of this outcome alone"),
        "smallest_effect": number(SMALLEST, UNITS, SAMPLED),
        "needed_units": integer(NEEDED, "", "where it is decided or nothing was sampled"),
        "networks": integer("networks behind it; 0 where no training is behind it", "networks"),
        "unfinished": integer(
            "networks behind it that were not trained out: at the most updates allowed they had "
            "not stopped by themselves, or they diverged",
            "networks",
        ),
        "edges": text(
            "the settings behind it whose chosen value lies at the edge of those tried, each "
            "followed by a semicolon; empty where there is none"
        ),
    },
)

CONTRACTS = (CLAIMS, OUTCOMES)
