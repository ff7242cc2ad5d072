"""Rows of points beside names of any length."""

import pandas as pd
import pytest

from timeshare.report import drawing
from timeshare.report.dots import dots
from timeshare.report.palette import Canvas, Palette
from timeshare.report.vector import svg

LONG = "LSTM with shared weights, as many parameters as the unshared one has in all"


@pytest.mark.parametrize("columns", [1, 2])
def test_long_names_take_several_lines_and_leave_room_for_the_points(columns: int) -> None:
    names = ["shared", LONG, f"{LONG}, and more"]
    rows = [
        {
            "panel": "a table of one's own, T=12",
            "name": name,
            "series": series,
            "schedule": "shared",
            "cell": "lstm",
            "effect": 0.5,
            "low": 0.4,
            "high": 0.6,
            "rank": 0,
        }
        for name in names
        for series in ("216", "27")
    ]
    with drawing.look("dots"):
        figure = dots(pd.DataFrame(rows), Canvas(columns, Palette(("shared",), ("lstm",))), "score")
        assert svg(figure)  # a panel without room is a warning, which is an error here
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert labels[0] == "shared"
    assert labels[1].replace("\n", " ") == LONG
