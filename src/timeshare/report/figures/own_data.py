"""Own data: what each real data set answers in its own terms."""

from typing_extensions import override

from timeshare.analysis.comparison import Side, side
from timeshare.analysis.estimates import estimates
from timeshare.analysis.own_data import MOST_TIMES, Growth, OwnAnswer
from timeshare.analysis.tables import RECURRENT
from timeshare.report import wording
from timeshare.report.figures.base import Figure
from timeshare.report.findings import Finding
from timeshare.report.lines import LINE, SCORE, lines
from timeshare.report.own import in_metric, joint_answers, of_cell
from timeshare.report.results import PAIR, Results

PREDICTING = (
    "These are means over seeds; the command “timeshare predict” uses the one network with the "
    "highest validation score, which may be of another kind."
)


class OwnData(Figure):
    """The test score of each recurrent network on real data, by train size."""

    section = "own-data"
    place = 1
    needs = (
        "There is no real data set: bring your own as a task of the kind csv, or add vowels, "
        "mnist1d, digits or text."
    )

    @override
    def finding(self, results: Results) -> Finding | None:
        found = joint_answers(results)
        rows = results.at_length
        rows = rows[rows["real"] & (rows["family"] == RECURRENT)].dropna(subset=["score"])
        lengths = {each.task: each.length for each in found}
        rows = rows[rows["length"] == rows["task"].map(lengths)]
        table = estimates(rows, LINE)
        if table.empty:
            return None
        return Finding(
            _headline(found, results.margin),
            _all_told(found, results),
            "Test score at T by number of distinct training sequences, of each recurrent network.",
            table,
            lambda canvas: lines(table, canvas, "train_size", ("training sequences", SCORE)),
            columns=min(3, max(2, table["task"].nunique())),
        )


def _headline(found: list[OwnAnswer], margin: float) -> str:
    """Whether data profit from unsharing, in a few words."""
    sides = {_side(each, margin) for each in found}
    if len(sides) > 1:
        return "Real data sets differ in whether they profit from unsharing"
    known = sides.pop()
    what = "These data" if len(found) == 1 else "All real data sets"
    if known is None:
        return "Whether these data profit from unsharing was not measured"
    return {
        Side.UNSHARED: f"{what} profit from unsharing",
        Side.SHARED: f"{what} lose by unsharing",
        Side.SAME: "Sharing or not makes no difference that matters on these data",
        Side.OPEN: "These runs cannot tell whether the data profit from unsharing",
    }[known]


def _side(found: OwnAnswer, margin: float) -> Side | None:
    return None if found.profit is None else side(found.profit, margin)


def _all_told(found: list[OwnAnswer], results: Results) -> str:
    """The answers of all data sets; of one with several cells the best network is said once."""
    parts = []
    for number, each in enumerate(found):
        last = number + 1 == len(found) or found[number + 1].task != each.task
        parts.append(told(each, results.margin, results.deviations.get(each.task), last))
    return " ".join(parts)


def told(found: OwnAnswer, margin: float, deviation: float | None, best: bool = True) -> str:
    """The answers of one data set, in sentences.

    Arguments:
        found: the answers.
        margin: the smallest difference that matters.
        deviation: of the training targets, in the units of the table; None where not known.
        best: whether the best network on validation data is named.
    """
    parts = (
        _profit(found, margin),
        _metric(found, deviation),
        _more(found),
        _untold(found),
        _schedule(found) if best else "",
    )
    return " ".join(filter(None, parts))


def _metric(found: OwnAnswer, deviation: float | None) -> str:
    if len(found.levels) < len(PAIR):
        return ""
    number, others = in_metric(found, deviation)
    return f"On test sequences: {number} {others}."


def _profit(found: OwnAnswer, margin: float) -> str:
    where = (
        f"On {wording.quoted(found.task)}{of_cell(found)} (T={found.length}, "
        f"{wording.counted(found.train_size, 'training sequence')})"
    )
    if found.profit is None:
        return (
            f"{where} unshared and shared weights of one cell and hidden size were not compared on "
            "two seeds or more."
        )
    difference = f"unshared minus shared test score is {wording.spoken(found.profit)}"
    verdict = {
        Side.UNSHARED: "it profits from unsharing at this size",
        Side.SHARED: "it loses by unsharing at this size",
        Side.SAME: f"any difference is smaller than {margin:g}, too small to matter",
        Side.OPEN: "these runs cannot tell whether it profits",
    }[side(found.profit, margin)]
    return f"{where} {difference}: {verdict}."


def _schedule(found: OwnAnswer) -> str:
    if found.validation.empty:
        return "No network has a score on validation data."
    first = found.validation.iloc[0]
    best = f"{wording.quoted(first['variant'])} is best on validation data"
    score = f"a score of {wording.decimal(first['score'])}"
    if len(found.validation) == 1:
        return f"{best}, as the only network tried, with {score}."
    return f"{_ahead(found, best, score)} {PREDICTING}"


def _ahead(found: OwnAnswer, best: str, score: str) -> str:
    """The best network on validation data, beside the second best."""
    second = wording.quoted(found.validation.iloc[1]["variant"])
    if found.lead is None:
        return f"{best}, with {score}; one seed cannot tell it from {second}."
    if found.lead.low > 0:
        return f"{best}, with {score}, ahead of {second} by {wording.spoken(found.lead)}."
    return (
        f"{best}, with {score}, but these seeds cannot tell it from {second}: "
        f"{wording.spoken(found.lead)}."
    )


def _more(found: OwnAnswer) -> str:
    if found.profit is None:
        return ""
    if not found.profit.clear:
        return "No difference is clear, so how many more sequences would close one cannot be told."
    trailing = "shared" if found.profit.effect > 0 else "unshared"
    if found.growth is None:
        return (
            f"How many more sequences {trailing} weights would need to catch up cannot be told "
            "from one train size: name several."
        )
    return _growth(found.growth, trailing, found)


def _growth(growth: Growth, trailing: str, found: OwnAnswer) -> str:
    basis = f"a straight line through {growth.sizes} train sizes"
    if growth.times == float("inf"):
        return (
            f"By {basis}, {trailing} weights would need more than {MOST_TIMES:g} times the "
            "sequences to catch up with what the others score now, if ever."
        )
    needed = round(growth.times * found.train_size)
    if growth.low != growth.low:
        ends = "its interval is not known from one seed"
    elif growth.high == float("inf"):
        ends = f"at least {growth.low * found.train_size:,.0f}, and the seeds set no upper end"
    else:
        low, high = (end * found.train_size for end in (growth.low, growth.high))
        ends = f"from {low:,.0f} to {high:,.0f} over the seeds"
    return (
        f"By {basis}, {trailing} weights would need about {needed - found.train_size:,} more "
        f"sequences, {needed:,} in all, to score what the others score now ({ends})."
    )


def _untold(found: OwnAnswer) -> str:
    """What so few sequences and seeds cannot tell."""
    if found.profit is None:
        return ""
    half = (found.profit.high - found.profit.low) / 2
    return (
        f"With {wording.counted(found.tests, 'test sequence')} and "
        f"{wording.counted(found.profit.units, 'seed')}, differences of less than about "
        f"{wording.decimal(half)} cannot be told, nor what other sizes, cells and settings than "
        "those tried would give."
    )
