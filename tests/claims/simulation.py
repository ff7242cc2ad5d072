"""How often claims come out otherwise than they are, over many draws of synthetic experiments.

`python -m tests.claims.simulation 200 0.1` draws 200 experiments, whose scores have a standard
deviation of 0.1 over rules or seeds, and prints the shares. In each, every
claim gets tables in which one of its verdicts is true, in turn; the truths lie near enough to the
thresholds, and the noise is large enough, that many verdicts stay open.
"""

import sys
from collections import Counter
from dataclasses import dataclass, field

from tests.claims.cases import CASES
from tests.claims.judging import judged
from timeshare.analysis.evidence import Evidence
from timeshare.claims.judging import claims, family_of
from timeshare.claims.outcomes import Verdict
from timeshare.experiment.thresholds import Thresholds

FAST = Thresholds()
SAMPLED = {
    name: [verdict for verdict in cases if verdict is not Verdict.INCONCLUSIVE]
    for name, cases in CASES.items()
    if name not in ("C2", "C8", "C9", "C11")
}
"""Verdicts that a claim can truly have, for claims that are estimated from rules or seeds."""


@dataclass
class Shares:
    """What came out.

    Arguments:
        experiments: that were drawn.
        wrong: experiments in which some verdict was neither the true one nor `inconclusive`.
        found: how often each true verdict of each claim came out as each verdict.
    """

    experiments: int = 0
    wrong: int = 0
    found: Counter[tuple[str, Verdict, Verdict]] = field(default_factory=Counter)

    def reached(self, name: str, truth: Verdict) -> float:
        """Share of its experiments in which a claim had its true verdict."""
        mine = {key: count for key, count in self.found.items() if key[:2] == (name, truth)}
        return mine.get((name, truth, truth), 0) / max(sum(mine.values()), 1)

    def lines(self) -> list[str]:
        """The shares as lines of text."""
        share = self.wrong / self.experiments
        rows = [
            f"experiments with a wrong verdict: {self.wrong} of {self.experiments} ({share:.1%})"
        ]
        for name, truths in SAMPLED.items():
            parts = [f"{truth} {self.reached(name, truth):.0%}" for truth in truths]
            rows.append(f"{name}: true verdict reached where it is {', '.join(parts)}")
        return rows


def simulated(experiments: int, spread: float = 0.05, seeds: int = 12) -> Shares:
    """Judge the claims on many draws.

    Arguments:
        experiments: how many.
        spread: standard deviation of each score over rules or seeds.
        seeds: rules or seeds of each task.
    """
    shares, known = Shares(), claims()
    family = family_of(_comparisons(name, seeds) for name in SAMPLED)
    for draw in range(1, experiments + 1):
        wrong = False
        for place, (name, truths) in enumerate(SAMPLED.items()):
            truth = truths[(draw + place) % len(truths)]
            tables = CASES[name][truth](spread=spread, seeds=seeds, draw=draw)
            found = judged(known[name], tables, FAST, family).verdict
            shares.found[name, truth, found] += 1
            wrong |= found not in (truth, Verdict.INCONCLUSIVE)
        shares.experiments += 1
        shares.wrong += wrong
    return shares


def _comparisons(name: str, seeds: int) -> int:
    tables = CASES[name][Verdict.SUPPORTED](spread=0.01, seeds=seeds)
    claim = claims()[name]
    return claim.comparisons(claim.measure(Evidence(tables, FAST))[0])


if __name__ == "__main__":
    for line in simulated(int(sys.argv[1]), float(sys.argv[2])).lines():
        print(line)
