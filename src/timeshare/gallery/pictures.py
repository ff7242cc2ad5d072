"""A picture of a task: a few of its test sequences with their targets."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from timeshare.data.drawing import draw
from timeshare.gallery.exhibits import EXHIBITS, Exhibit
from timeshare.storage.files import replacing
from timeshare.tasks.base import HELD_OUT, Sequences, Split, Targets, Task

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, PALE, PLAIN, HIGHLIGHT = "#222222", "#8a8a8a", "#f1f1f1", "#ffe9a8"
INCHES_A_STEP, INCHES_A_LETTER, LEFT = 0.3, 0.085, 0.75
NOTHING, BLANK = "\N{MIDDLE DOT}", "\N{EN DASH}"


def write_pictures(name: str, svg: Path, png: Path) -> None:
    """Draw an exhibit and write it as SVG and PNG; equal pictures are equal bytes."""
    import matplotlib

    with matplotlib.rc_context({"svg.hashsalt": "timeshare", "font.size": 9}):
        figure = picture(EXHIBITS[name])
        for path, metadata in ((svg, {"Date": None}), (png, {"Software": None})):
            with replacing(path) as temporary:
                figure.savefig(
                    temporary, format=path.suffix[1:], metadata=metadata, dpi=110, facecolor="white"
                )


def picture(exhibit: Exhibit) -> "Figure":
    """A figure with one row for each sequence shown."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    task = exhibit.task
    shown = _shown(task, draw(task, 64, exhibit.length, Split.TEST), exhibit.count)
    symbolic = task.symbolic
    width = _width(task) * exhibit.length + LEFT + _right(task) if symbolic else 7.5
    dense = task.targets is Targets.DENSE
    height = (0.78 if dense else 0.5) if symbolic else 1.25
    figure = Figure(figsize=(width, height * shown.count + 0.45), layout="constrained")
    panels = figure.subplots(shown.count, 1, squeeze=False, sharex=True)[:, 0]
    for row, panel in enumerate(panels):
        (_strip if symbolic else _curves)(panel, task, shown, row)
    if not symbolic:
        panels[-1].set_xlabel("step")
        panels[-1].xaxis.set_major_locator(MaxNLocator(integer=True))
        handles, labels = panels[0].get_legend_handles_labels()
        if 1 < len(labels) <= 5:
            figure.legend(handles, labels, loc="outside upper right", ncols=5, frameon=False)
    return figure


def _shown(task: Task, sequences: Sequences, count: int) -> Sequences:
    """Sequences to show: of both groups where there are two, of different classes where final."""
    if sequences.groups is not None and task.holds_out:
        held = sequences.groups == HELD_OUT
        rows = [np.flatnonzero(part)[: count // 2] for part in (~held, held)]
        return sequences.select(np.concatenate(rows))
    if task.targets is Targets.FINAL and task.metric.classifies:
        _, first = np.unique(sequences.targets, return_index=True)
        others = np.setdiff1d(np.arange(sequences.count), first)
        return sequences.select(np.concatenate([np.sort(first), others])[:count])
    return sequences.first(count)


def _width(task: Task) -> float:
    """Inches of a step, for the longest symbol."""
    names = task.input_names + (task.output_names if task.targets is Targets.DENSE else ())
    return max(INCHES_A_STEP, INCHES_A_LETTER * max(map(len, names)) + 0.08)


def _right(task: Task) -> float:
    """Inches for an answer at the end."""
    if task.targets is Targets.DENSE:
        return 0.1
    return 0.6 + 1.1 * INCHES_A_LETTER * max(map(len, task.output_names))


def _strip(panel: "Axes", task: Task, shown: Sequences, row: int) -> None:
    """Symbols as a strip of cells; targets below them, or one at the end."""
    T, dense = shown.length, task.targets is Targets.DENSE
    inch = 1 / _width(task)
    names = [task.input_names[symbol] for symbol in shown.inputs[row]]
    target = shown.targets[row]
    for step, name in enumerate(names):
        _cell(panel, step, 1, name, _colour_of_input(task, name))
    if dense:
        for step, code in enumerate(target.tolist()):
            _cell(panel, step, 0, *_answer(task, code))
        _label(panel, -0.08 * inch, 0, "target")
    else:
        text, colour = _answer(task, int(target))
        _label(panel, T + 0.15 * inch, 1, "\N{RIGHTWARDS ARROW}", "center")
        box = {"facecolor": colour, "edgecolor": "none", "boxstyle": "round,pad=0.25"}
        panel.text(T + 0.35 * inch, 1, text, color=INK, weight="bold", bbox=box, va="center")
    _label(panel, -0.08 * inch, 1, _group(task, shown, row))
    panel.set_xlim(-LEFT * inch, T + _right(task) * inch)
    panel.set_ylim(-0.5 if dense else 0.45, 1.5)
    panel.axis("off")


def _group(task: Task, shown: Sequences, row: int) -> str:
    """The group of a sequence, where it has one as a whole."""
    if shown.groups is None or shown.groups.ndim == 2:
        return "input"
    return task.group_names[int(shown.groups[row])]


def _cell(panel: "Axes", step: int, height: int, text: str, colour: str) -> None:
    from matplotlib.patches import Rectangle

    panel.add_patch(Rectangle((step + 0.03, height - 0.4), 0.94, 0.8, facecolor=colour, lw=0))
    ink = PALE if text == NOTHING else INK
    panel.text(step + 0.5, height, text, ha="center", va="center_baseline", color=ink)


def _label(panel: "Axes", x: float, y: float, text: str, align: Any = "right") -> None:
    panel.text(x, y, text, ha=align, va="center_baseline", color=PALE)


def _answer(task: Task, code: int) -> tuple[str, str]:
    """The text of a target, and the colour of its cell."""
    if code < 0:
        return NOTHING, "white"
    return task.output_names[code], _colour_of_class(task, code)


def _colour_of_class(task: Task, code: int) -> str:
    """A light tint that the colour-blind can distinguish and on which dark text is readable."""
    import seaborn
    from matplotlib.colors import to_hex

    if task.output_names[code] == BLANK:
        return PLAIN
    if task.output_size > 10:
        return HIGHLIGHT
    red, green, blue = seaborn.color_palette("colorblind")[code]
    return str(to_hex((0.5 + red / 2, 0.5 + green / 2, 0.5 + blue / 2)))


def _colour_of_input(task: Task, name: str) -> str:
    """That of the class it names, if it names one."""
    if task.output_size > 10:
        answers = {word for names in task.output_names for word in names.split()}
        return HIGHLIGHT if name in answers and task.input_names != task.output_names else PLAIN
    if name in task.output_names and task.learnable:
        return _colour_of_class(task, task.output_names.index(name))
    return PLAIN


def _curves(panel: "Axes", task: Task, shown: Sequences, row: int) -> None:
    """Channels as curves; the target as a curve of its own, or as a word."""
    import seaborn

    last = shown.length if shown.lengths is None else int(shown.lengths[row])
    steps = np.arange(last)
    palette = seaborn.color_palette(
        "colorblind" if task.input_size <= 10 else "crest", task.input_size
    )
    for channel, name in enumerate(task.input_names):
        values = shown.inputs[row, :last, channel]
        if np.isin(values, (0, 1)).all():
            marked = steps[values == 1]
            panel.vlines(marked, 0, 1, color=palette[channel], lw=6, alpha=0.35, label=name)
            continue
        panel.plot(steps, values, color=palette[channel], lw=1.2, marker=".", ms=4, label=name)
    if task.targets is Targets.DENSE:
        panel.plot(steps, shown.targets[row], color=INK, lw=2, ls="--", label="target")
    else:
        code = shown.targets[row]
        answer = task.output_names[int(code)] if task.metric.classifies else f"{code:.2f}"
        panel.set_title(f"target: {answer}", loc="left", size=9, color=INK)
    seaborn.despine(ax=panel)
    panel.set_xlim(-0.5, shown.length - 0.5)
