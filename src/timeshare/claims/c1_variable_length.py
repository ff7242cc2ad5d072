"""C1. Shared weights let one network read sequences of any length."""

from timeshare.analysis.evidence import Evidence
from timeshare.analysis.unseen import BEYOND, asked, in_every_range, read_at_length, trained_on
from timeshare.claims.base import Claim, Conclusions, Factor
from timeshare.claims.measuring import measured_by_task
from timeshare.claims.outcomes import Outcome


class VariableLength(Claim):
    """C1. Shared weights let one network read sequences of any length."""

    title = "Variable length"
    argument = "Shared weights let one network read sequences of any length."
    estimand = (
        "Test score (0 chance, 1 perfect) of shared networks at unseen lengths, with the largest "
        "train size, where the mean score at T is {readable} or more, in ranges of the length over "
        "T (up to 2, up to 4, beyond), for each task, the same tasks in each; past T, at the steps "
        "past T alone. Lengths below T are unseen for tasks that are asked at the end, of networks "
        "trained at T."
    )
    rule = (
        "At each level of the two factors: supported if the interval of the score lies above "
        "{readable} in every range on every task, contradicted if it lies below in one."
    )
    section = "lengths"
    buys = "one network for sequences of any length"
    needs = (
        "Add shared variants over tasks whose rule continues, some asked at every step (parity) "
        "and some at the end (recall), trained at T (`lengths: fixed`) and on lengths 1..T "
        "(`lengths: up-to`), with two seeds or more, and to `evaluation_lengths` lengths up to "
        "2T, up to 4T and beyond. The variants have to learn the tasks at T."
    )
    conclusions = Conclusions(
        topic="a shared network reads sequences of lengths it never saw",
        supported="A shared network reads sequences of every length tried: where it does worst its "
        "score is {number} {interval} (0 is chance, 1 perfect).",
        contradicted="A shared network fails at lengths it never saw: there are such at "
        "which its score is {number} {interval} (0 is chance, 1 perfect).",
    )
    factors = (
        Factor("the lengths trained on", ("trained at T", "trained on 1..T"), "{level}"),
        Factor(
            "where the answer is asked",
            ("asked at every step", "asked at the end"),
            "where it is {level}",
        ),
    )
    required = BEYOND

    def outcomes(self, evidence: Evidence) -> list[Outcome]:
        """One outcome a task and range of lengths at each level."""
        rows = read_at_length(evidence, "shared")
        rows = rows.assign(effect=rows["score"], trained=trained_on(rows), asked=asked(rows))
        found: list[Outcome] = []
        for (trained, where), part in rows.groupby(["trained", "asked"]):
            for name, inside in in_every_range(part):
                found += measured_by_task(
                    evidence,
                    inside,
                    f"score at lengths {name}, {trained}, {where}",
                    evidence.thresholds.readable,
                    most=1,
                    part=name,
                    level=(str(trained), str(where)),
                )
        return found
