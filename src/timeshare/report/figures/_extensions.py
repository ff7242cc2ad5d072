"""The extension that serves each schedule best at an unseen length."""

import pandas as pd

from timeshare.report.lines import LINE


def best_extension(rows: pd.DataFrame, value: str = "score") -> pd.DataFrame:
    """Of each condition and evaluated length, the extension with the highest mean value."""
    if rows.empty:
        return rows
    keys = [*LINE, "evaluated_length"]
    means = rows.groupby([*keys, "extension"])[value].mean().reset_index()
    best = means.sort_values([*keys, value]).drop_duplicates(keys, keep="last")
    return rows.merge(best[[*keys, "extension"]])
