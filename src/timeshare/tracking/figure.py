"""Learning curves as a small SVG, written directly: thousands are made in one job."""

from collections.abc import Mapping, Sequence
from html import escape
from math import isfinite

from timeshare.tracking.measures import CurvePoint

WIDTH, HEIGHT = 640, 360
LEFT, RIGHT, TOP, BOTTOM = 56, 96, 40, 44
COLOURS = {"train": "#0072b2", "validation": "#e69f00", "test": "#009e73"}
FONT = 'font-family="sans-serif" font-size="12" fill="#333"'


def curves_figure(
    curves: Mapping[str, Sequence[CurvePoint]], title: str, metric: str, chance: float
) -> bytes:
    """The mean of the seeds over updates, a band from the smallest to the largest.

    Arguments:
        curves: by split.
        title: above the figure.
        metric: name of the vertical axis.
        chance: drawn as a dotted line.
    """
    drawn = {
        split: [point for point in curve if isfinite(point.mean)] for split, curve in curves.items()
    }
    points = [point for curve in drawn.values() for point in curve]
    last = max([point.update for point in points], default=1)
    low = min([chance, *(point.low for point in points)])
    high = max([chance, low + 1e-9, *(point.high for point in points)])

    def place(update: float, value: float) -> str:
        x = LEFT + (WIDTH - LEFT - RIGHT) * update / last
        y = HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - low) / (high - low)
        return f"{x:.1f},{y:.1f}"

    values = [low + (high - low) * part / 4 for part in range(5)]
    parts = [_axes(title, metric, [0, last // 2, last], values)]
    parts.append(_line([place(0, chance), place(last, chance)], "#999", 'stroke-dasharray="2 4"'))
    for order, split in enumerate(split for split in COLOURS if split in drawn):
        curve = drawn[split]
        upper = [place(point.update, point.high) for point in curve]
        lower = [place(point.update, point.low) for point in curve]
        band, colour = " ".join(upper + lower[::-1]), COLOURS[split]
        parts.append(f'<polygon points="{band}" fill="{colour}" opacity="0.18"/>')
        means = [place(point.update, point.mean) for point in curve]
        parts.append(_line(means, colour, 'stroke-width="2"'))
        parts.append(_legend(split, order, colour))
    size = f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
    body = "\n".join(parts)
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>\n{body}\n</svg>\n'.encode()


def _axes(title: str, metric: str, updates: Sequence[int], values: Sequence[float]) -> str:
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    parts = [
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{LEFT}" y="22" {FONT} font-weight="bold">{escape(title)}</text>',
        f'<text x="{(LEFT + right) / 2}" y="{HEIGHT - 8}" {FONT}'
        ' text-anchor="middle">update</text>',
        f'<text transform="translate(14 {(TOP + bottom) / 2}) rotate(-90)" {FONT}'
        f' text-anchor="middle">{escape(metric)}</text>',
    ]
    for place, update in enumerate(updates):
        x = LEFT + (right - LEFT) * place / (len(updates) - 1)
        parts.append(f'<text x="{x}" y="{bottom + 18}" {FONT} text-anchor="middle">{update}</text>')
    for place, value in enumerate(values):
        y = bottom - (bottom - TOP) * place / (len(values) - 1)
        parts.append(f'<path d="M{LEFT} {y}H{right}" stroke="#e5e5e5"/>')
        parts.append(
            f'<text x="{LEFT - 6}" y="{y + 4}" {FONT} text-anchor="end">{value:.2f}</text>'
        )
    return "\n".join(parts)


def _line(points: list[str], colour: str, style: str) -> str:
    return f'<polyline points="{" ".join(points)}" fill="none" stroke="{colour}" {style}/>'


def _legend(name: str, order: int, colour: str) -> str:
    x, y = WIDTH - RIGHT + 10, TOP + 12 + 20 * order
    line = f'<path d="M{x} {y}h16" stroke="{colour}" stroke-width="3"/>'
    return f'{line}<text x="{x + 20}" y="{y + 4}" {FONT}>{name}</text>'
