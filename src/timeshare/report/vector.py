"""Figures as files, and as parts of a page that follow its colours."""

import io
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from timeshare.registry import ContractError
from timeshare.report import drawing
from timeshare.report.findings import Finding
from timeshare.report.palette import (
    COLOURS,
    FURTHER_COLOURS,
    GRID,
    INK,
    PALE,
    PAPER,
    Canvas,
    Palette,
)
from timeshare.storage.files import replacing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DOTS = 150
"""Dots an inch of the PNG files."""
PAGE_COLOURS = {
    INK: "--ink",
    PALE: "--pale",
    GRID: "--grid",
    PAPER: "--page",
    **{shade: f"--{name}" for name, shade in COLOURS.items()},
    **{shade: f"--further-{place}" for place, shade in enumerate(FURTHER_COLOURS)},
}
"""Colours of the figures that the page replaces by its own, light or dark."""


def drawn(finding: Finding, canvas: Canvas) -> "Figure":
    """The figure of a finding; `ContractError` where its `draw` returns anything else."""
    from matplotlib.figure import Figure

    figure = finding.draw(canvas)
    if not isinstance(figure, Figure):
        raise ContractError(
            f"the finding {finding.title!r}: `draw` returns {type(figure).__name__} instead of a "
            "matplotlib Figure."
        )
    return figure


def write_figure(name: str, finding: Finding, palette: Palette, folder: Path) -> tuple[str, str]:
    """Write a finding's figure as SVG and PNG.

    Arguments:
        name: of the figure and of its files.
        finding: which draws it.
        palette: of the report.
        folder: of the files.

    Returns:
        it as inline SVG, for a wide page and for a phone.
    """
    with drawing.look(name):
        wide = drawn(finding, Canvas(finding.columns, palette))
        document = svg(wide)
        with replacing(folder / f"{name}.svg") as temporary:
            temporary.write_text(on_paper(document), encoding="utf-8")
        with replacing(folder / f"{name}.png") as temporary:
            temporary.write_bytes(png(wide))
        narrow = svg(drawn(finding, Canvas(1, palette)))
        return inline(document, f"{name}-wide"), inline(narrow, f"{name}-narrow")


def svg(figure: "Figure") -> str:
    """A figure as an SVG document, text as text; equal figures are equal documents."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    buffer = io.StringIO()
    # Not `savefig`, which draws everything once more to lay it out.
    canvas: Any = FigureCanvasSVG(figure)
    canvas.print_svg(buffer, metadata={"Date": None, "Creator": None})
    return buffer.getvalue()


def png(figure: "Figure") -> bytes:
    """A figure as a PNG file, its panels where they are already."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    buffer = io.BytesIO()
    # Laying the panels out again would take most of the time.
    figure.set_layout_engine("none")
    figure.set_facecolor("white")
    figure.set_dpi(DOTS)
    canvas: Any = FigureCanvasAgg(figure)
    canvas.print_png(buffer, metadata={"Software": None})
    return buffer.getvalue()


def on_paper(document: str) -> str:
    """The document with a white background, for readers outside the page."""
    end = document.index(">", document.index("<svg")) + 1
    return f'{document[:end]}\n <rect width="100%" height="100%" fill="white"/>{document[end:]}'


def inline(document: str, prefix: str) -> str:
    """An SVG document as a part of a page: no header, ids of its own, the page's colours.

    The part is hidden from screen readers: the element around it says what it shows.
    """
    body = document[document.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    body = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}-\1"', body)
    body = re.sub(r'href="#([^"]+)"', rf'href="#{prefix}-\1"', body)
    body = re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}-\1)", body)
    for shade, name in PAGE_COLOURS.items():
        body = re.sub(re.escape(shade), f"var({name})", body, flags=re.IGNORECASE)
    size = re.search(r'viewBox="0 0 ([\d.]+) ', body)
    width = float(size.group(1)) if size else 0.0
    opening = re.sub(r' (width|height)="[^"]*"', "", body[: body.index(">")])
    style = f' aria-hidden="true" focusable="false" style="--size:{width * 4 / 3:.0f}px"'
    return opening + style + body[body.index(">") :]
