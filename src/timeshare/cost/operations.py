"""Floating-point operations of the experiment's own updates, from facts that tables hold."""

import json
from collections.abc import Mapping
from typing import Any

from timeshare.cost.formulas import Update, flops_update
from timeshare.recurrent.architecture import Architecture
from timeshare.registry import find


def update_of_facts(facts: Mapping[Any, Any]) -> Update:
    """What an update of one member works on.

    Arguments:
        facts: a row of the table `conditions`, or the facts that `run.json` holds.
    """
    schedule = find("recurrent.schedules", facts["schedule"])
    return Update(
        architecture=Architecture(
            cell=facts["cell"],
            schedule=schedule(**json.loads(facts["schedule_parameters"])),
            hidden_size=facts["hidden_size"],
            input_size=facts["input_size"],
            output_size=facts["output_size"],
            length=facts["length"],
            time_features=facts["time_features"],
            readout=facts["readout"],
        ),
        truncation=facts["truncation"],
        members=1,
        batch=facts["batch"],
        dense=facts["dense"],
    )


def flops_of(facts: Mapping[Any, Any]) -> int:
    """Operations in the matrix products of one member's update; see `flops_update`."""
    return flops_update(update_of_facts(facts))


def flops_of_run(run: Mapping[str, Any]) -> int:
    """Operations of one member's update, from the content of `run.json`."""
    return flops_of(run["facts"])
