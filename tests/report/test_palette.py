"""Every schedule has a colour of its own and every cell a marker, plug-ins among them."""

from dataclasses import replace

import pandas as pd

from tests.analysis.synthetic import trained
from tests.report.conftest import results_of, sharing_wins
from timeshare import registry
from timeshare.report import drawing
from timeshare.report.lines import LINE, lines
from timeshare.report.palette import COLOURS, MARKERS, Canvas, Palette

PLUGINS = tuple(f"my_module:Mine{letter}" for letter in "JIHGFEDCBA")
SCHEDULES = (*COLOURS, *PLUGINS)
CELLS = (*MARKERS, *PLUGINS)


def test_every_schedule_and_cell_of_the_package_has_its_own() -> None:
    assert set(COLOURS) == set(registry.names("recurrent.schedules"))
    assert set(MARKERS) == set(registry.names("recurrent.cells"))


def test_ten_schedules_from_outside_differ_in_colour_or_pattern() -> None:
    palette = Palette(SCHEDULES)
    looks = {(palette.colour(name), palette.pattern(name)) for name in SCHEDULES}
    assert len(looks) == len(SCHEDULES)
    assert not {palette.colour(name) for name in PLUGINS} & set(COLOURS.values())


def test_ten_cells_from_outside_differ_in_marker() -> None:
    palette = Palette(cells=CELLS)
    assert len({palette.marker(name) for name in CELLS}) == len(CELLS)


def test_the_order_of_the_names_does_not_matter() -> None:
    expected = Palette(PLUGINS, PLUGINS)
    shuffled = Palette((*sorted(PLUGINS), "shared"), ("lstm", *sorted(PLUGINS)))
    for name in PLUGINS:
        assert shuffled.stroke(name, name) == expected.stroke(name, name)


def test_schedules_of_the_package_keep_their_looks_beside_others() -> None:
    for name in COLOURS:
        assert Palette(SCHEDULES).stroke(name, "lstm") == Palette().stroke(name, "lstm")


def test_the_palette_of_a_report_holds_what_occurs_in_its_results() -> None:
    tables = trained(sharing_wins, ["parity"], lengths=[16], seeds=1)
    conditions = tables.conditions.assign(cell="my_module:MineA")
    cost = {"measured": pd.DataFrame({"schedule": ["my_module:MineB"], "cell": ["gru"]})}
    results = results_of(replace(tables, conditions=conditions), cost=cost)
    expected = Palette(("my_module:MineB", "shared", "unshared"), ("gru", "my_module:MineA"))
    assert results.palette == expected


def test_ten_plug_ins_are_drawn_apart() -> None:
    rows = [
        {
            **dict.fromkeys(LINE, "x"),
            "rule_change_rate": 0.0,
            "length": 16,
            "train_size": size,
            "effect": place / 10,
        }
        | {"variant": name, "label": name, "schedule": name, "cell": name}
        for place, name in enumerate(PLUGINS)
        for size in (32, 64)
    ]
    table = pd.DataFrame(rows)
    table = table.assign(low=table["effect"], high=table["effect"])
    with drawing.look("plug-ins"):
        canvas = Canvas(1, Palette(PLUGINS, PLUGINS))
        figure = lines(table, canvas, "train_size", ("training sequences", "score"))
    looks = {
        (line.get_color(), line.get_linestyle(), line.get_marker())
        for line in figure.axes[0].get_lines()
        if line.get_marker() not in ("", "None")
    }
    assert len(looks) == len(PLUGINS)
