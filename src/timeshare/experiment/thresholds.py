"""The section `claims` of the configuration: what counts as a difference, fixed before the run."""

from types import MappingProxyType

from pydantic import Field

from timeshare.experiment.import_paths import ImportPath
from timeshare.experiment.strict import Count, Rate, Strict


class Thresholds(Strict):
    """Thresholds of the claims' decision rules; scores run from 0 (chance) to 1 (perfect)."""

    old_keys = MappingProxyType(
        {"resamples": "Leave it out: intervals are computed without random draws."}
    )

    confidence: float = Field(
        0.95, gt=0.5, lt=1, description="simultaneous confidence of the intervals of all claims"
    )
    margin: float = Field(
        0.05, gt=0, lt=1, description="smallest difference between scores that matters"
    )
    much_better: float = Field(
        0.1, gt=0, lt=1, description="advantage in score that counts as 'much better' (C14)"
    )
    readable: float = Field(
        0.5,
        gt=0,
        lt=1,
        description="score from which a network reads sequences of a length (C1, C10)",
    )
    solved: float = Field(
        0.95, gt=0, le=1, description="test score at which a member has solved its task (C8, cost)"
    )
    trained_out: float = Field(
        0.8,
        ge=0,
        le=1,
        description="share of a condition's members that have to stop by themselves before it "
        "tells of power (C7)",
    )
    octaves: Rate = Field(
        4.0, description="fewest octaves between the smallest and the largest train size (C6)"
    )
    exponent: float = Field(
        0.1,
        gt=0,
        lt=0.5,
        description="how far an exponent of the parameters may lie from 0 or 1 (C2, C10)",
    )
    equal_parameters: Rate = Field(
        0.25, description="relative difference up to which two parameter counts are equal"
    )
    rounding: Rate = Field(
        1e-9, description="largest relative difference of equal networks in double precision (C9)"
    )
    rounding_single: Rate = Field(
        1e-3, description="largest relative difference of equal networks in single precision (C9)"
    )
    long: Count = Field(100_000, description="steps from which a sequence counts as long (C11)")
    saving: float = Field(
        0.5,
        gt=0,
        le=1,
        description="exponent of time or memory against K from which a window saves (C12)",
    )
    further: list[ImportPath] = Field(
        [], description="further claims, each by its import path 'my_package.module:MyClaim'"
    )
