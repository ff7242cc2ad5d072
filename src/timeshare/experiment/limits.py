"""The section `limits` of the configuration: the largest experiment that is begun."""

from pydantic import Field

from timeshare.experiment.strict import Count, Rate, Strict


class Limits(Strict):
    """An experiment beyond one of these is refused before any job runs."""

    conditions: Count = Field(10_000, description="most conditions")
    core_hours: Rate = Field(
        1_000, description="most hours that one core would take, as `timeshare show` expects them"
    )
    disk_gigabytes: Rate | None = Field(
        None,
        description="most space that its files may take, in gigabytes (10^9 bytes); a tenth of the "
        "space that is free when left out",
    )
