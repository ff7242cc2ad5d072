"""C3. Unshared weights do not generalise to lengths never trained on."""

from timeshare.analysis.evidence import Evidence
from timeshare.analysis.pairs import Matching, largest, pairs
from timeshare.analysis.tables import FIXED
from timeshare.analysis.unseen import UNSEEN, asked, learned, trained_on
from timeshare.claims.base import Claim, Conclusions, Factor
from timeshare.claims.measuring import measured_by_task
from timeshare.claims.outcomes import Kind, Outcome


class UnseenLengths(Claim):
    """C3. Unshared weights do not generalise to lengths never trained on."""

    title = "Unseen lengths"
    argument = (
        "A network with different parameters at each step does not generalise to lengths it never "
        "saw."
    )
    estimand = (
        "Shared minus unshared test score at unseen lengths, of networks trained at T, paired by "
        "rule or seed, with the largest train size at which both have a mean score of {readable} "
        "or more at T; each unshared member has its best extension (hold, cycle or align right) at "
        "each length, chosen on the test score itself; past T, at the steps past T alone. At equal "
        "width and, where tested, at equal parameters. Secondary: the unshared network narrowed; "
        "networks trained on lengths 1..T."
    )
    rule = (
        "Where the answer is asked at every step, and where it is asked at the end: supported if "
        "the interval lies above {margin} in each comparison on each task, contradicted if it "
        "lies below in one."
    )
    section = "lengths"
    buys = "use at lengths never trained on"
    needs = (
        "Add a sweep of a shared and an unshared variant of one cell and width over tasks whose "
        "rule continues, one asked at every step (parity) and one at the end (recall), with two "
        "seeds or more, and lengths beyond T to `evaluation_lengths`; both variants have to learn "
        "the tasks at T."
    )
    conclusions = Conclusions(
        topic="unshared networks fall behind shared ones at lengths they never saw",
        supported="At lengths they never saw unshared networks, even with their best extension, "
        "score lower than shared ones: where the difference is smallest, by {number} {interval}.",
        contradicted="At lengths they never saw unshared networks, with their best extension, keep "
        "up on some task: shared minus unshared is {number} {interval}.",
    )
    factors = (
        Factor(
            "where the answer is asked",
            ("asked at every step", "asked at the end"),
            "where it is {level}",
        ),
    )
    required = (Matching.WIDTH,)

    def outcomes(self, evidence: Evidence) -> list[Outcome]:
        """One outcome a matching and task at each level; equal width is needed."""
        limits = evidence.thresholds
        found: list[Outcome] = []
        for matching in Matching:
            table = pairs(learned(evidence), matching, limits.equal_parameters, UNSEEN)
            table = largest(table.assign(effect=-table["effect"]))
            table = table.assign(asked=asked(table), trained=trained_on(table))
            for (lengths, where), rows in table.groupby(["lengths", "asked"]):
                primary = lengths == FIXED and matching is not Matching.NARROWED
                how = "" if lengths == FIXED else f", {rows['trained'].iloc[0]}"
                found += measured_by_task(
                    evidence,
                    rows,
                    f"shared minus unshared, {matching}, {where}{how}",
                    limits.margin,
                    kind=Kind.PRIMARY if primary else Kind.SECONDARY,
                    part=str(matching),
                    level=(where,),
                )
        return found
