"""How the parameter count grows with T, from conditions and from the cost study."""

import numpy as np
import pandas as pd
from scipy import stats

from timeshare.analysis.evidence import Evidence

LINE = ["source", "cell", "schedule", "variant", "hidden_size"]


def lines(evidence: Evidence) -> pd.DataFrame:
    """Parameter counts by T: one line a task (or the cost study), variant and hidden size."""
    table = evidence.conditions
    own = table[table["plain"]]
    own = own.rename(columns={"task": "source"})[[*LINE, "length", "parameters"]]
    counted = evidence.tables.counted
    if len(counted) == 0:
        return own.drop_duplicates([*LINE, "length"])
    total = counted["parameters_cell"] + counted["parameters_readout"]
    study = counted.assign(source="", parameters=total)[[*LINE, "length", "parameters"]]
    return pd.concat([own, study], ignore_index=True).drop_duplicates([*LINE, "length"])


def exponents(evidence: Evidence, schedule: str) -> list[float]:
    """Slopes of log parameters on log T, one a line with two lengths or more."""
    table = lines(evidence)
    found = []
    for _, line in table[table["schedule"] == schedule].groupby(LINE):
        if len(line) > 1:
            fit = stats.linregress(np.log(line["length"]), np.log(line["parameters"]))
            found.append(float(fit.slope))
    return found
