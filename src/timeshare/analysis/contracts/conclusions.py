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
        "verdict": text(f"{VERDICT} or `not tested`"),
        "effect_name": text("what the main effect measures; empty where nothing was measured"),
        "effect": number("estimate of the main effect", UNITS, NOTHING),
        "low": number("lower end of its simultaneous interval", UNITS, NOTHING),
        "high": number("upper end of its simultaneous interval", UNITS, NOTHING),
        "threshold": number("what the effect is compared with", UNITS, NOTHING),
        "units": text("units of effect, interval and threshold; empty where nothing was measured"),
        "n": integer("units (seeds of tasks) that the effect rests on, 0 where it is exact"),
        "p_adjusted": number(P_ADJUSTED, "", "where nothing was sampled"),
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
        "effect": number("the estimate", UNITS, "where there is no estimate"),
        "low": number("lower end of its interval", UNITS, "where there is no interval"),
        "high": number("upper end of its interval", UNITS, "where there is no interval"),
        "threshold": number("what the effect is compared with", UNITS),
        "units": text("units of effect, interval and threshold"),
        "above": boolean("whether the argument expects the effect above the threshold"),
        "primary": boolean("whether the claim's verdict depends on the outcome"),
        "n": integer("units (seeds of tasks) that the effect rests on, 0 where it is exact"),
        "p_adjusted": number(P_ADJUSTED, "", "where nothing was sampled"),
        "verdict": text(VERDICT.replace(", `inc", " or `inc") + ", of this outcome alone"),
    },
)

CONTRACTS = (CLAIMS, OUTCOMES)
