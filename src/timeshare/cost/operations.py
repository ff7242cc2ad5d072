"""Floating-point operations of the experiment's own updates, from facts that tables hold."""

import json
from collections.abc import Mapping
from typing import Any

from timeshare.cost.formulas import Update, flops_reference, flops_update
from timeshare.recurrent.architecture import Architecture
from timeshare.references.architecture import ReferenceArchitecture
from timeshare.registry import find
from timeshare.training.facts import RECURRENT


def update_of_facts(facts: Mapping[Any, Any]) -> Update:
    """What an update of one recurrent member works on.

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
            embedding=facts["embedding"],
        ),
        truncation=facts["truncation"],
        members=1,
        batch=facts["batch"],
        dense=facts["dense"],
    )


def _reference_of_facts(facts: Mapping[Any, Any]) -> ReferenceArchitecture:
    reference = find("references", facts["family"])
    return ReferenceArchitecture(
        reference=reference(**json.loads(facts["schedule_parameters"])),
        hidden_size=facts["hidden_size"],
        input_size=facts["input_size"],
        output_size=facts["output_size"],
        length=facts["length"],
        dense=facts["dense"],
    )


def flops_of(facts: Mapping[Any, Any]) -> int:
    """Operations in the matrix products of one member's update; see `flops_update`.

    Arguments:
        facts: as of `update_of_facts`; a reference's, too.
    """
    if facts["family"] != RECURRENT:
        return flops_reference(_reference_of_facts(facts), facts["batch"])
    return flops_update(update_of_facts(facts))


def flops_of_run(run: Mapping[str, Any]) -> int:
    """Operations of one member's update, from the content of `run.json`."""
    return flops_of(run["facts"])
