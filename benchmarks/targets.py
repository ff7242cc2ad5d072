"""The targets of the engine, and what was measured beside each.

Shares and ratios are medians over rounds. The ratios to peers that count are those to peers with
subnormal numbers flushed; those to peers as users get them are shown without a target.
"""

import statistics
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from benchmarks.contenders import LARGE_PRODUCT_FLOPS
from benchmarks.shapes import SHAPES, Shape
from benchmarks.timing import ratio

Times = dict[tuple[str, str], list[float]]
"""Seconds by network and contender, round by round."""

SHARES = {
    "8x64x64x8x32": (0.75, 0.65),
    "20x32x16x4x32": (0.70, 0.60),
    "200x32x16x4x32": (0.70, 0.60),
    "8x64x256x8x32": (0.75, 0.65),
    "8x128x64x8x64": (0.85, 0.75),
    "2x64x16x8x256": (0.90, 0.80),
    "1x256x8x8x1024": (None, 0.90),
}
"""The least rate of the engine over that of one large product, shared and unshared; at the widest
shape the target of the shared network is the time of `nn.LSTM`."""

PEERS = {
    ("shared", "nn.LSTM"): {"AMD": 2.5, "Intel": 3.5},
    ("unshared", "LSTMCell"): {"AMD": 8.0, "Intel": 10.0},
    ("shared", "jax"): {"AMD": 3.0, "Intel": 3.0},
    ("unshared", "jax"): {"AMD": 3.5, "Intel": 3.5},
}
"""The least time of a peer over the engine's, as a geometric mean, by the processor's maker."""

FLUSHED = {"nn.LSTM": "nn.LSTM flushed", "LSTMCell": "LSTMCell flushed", "jax": "jax"}
"""The contender that counts for each peer; JAX flushes subnormal numbers by itself."""


def processor() -> str:
    """The processor's name, as Linux gives it."""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return "unknown"


def shares(measured: Mapping[Shape, Times]) -> pd.DataFrame:
    """The engine's rate over that of one large product, per shape, beside the targets."""
    table = []
    for shape, times in measured.items():
        for network, target in zip(
            ("shared", "unshared"), SHARES.get(str(shape), (None, None)), strict=True
        ):
            share = ratio(times["shared", "matmul"], times[network, "engine"])
            share *= shape.flops / LARGE_PRODUCT_FLOPS
            met = None if target is None else share >= target
            table.append((str(shape), network, share, target, met))
    columns = ["shape", "network", "share of one large product", "target", "met"]
    return pd.DataFrame(table, columns=columns)


def against_peers(measured: Mapping[Shape, Times], maker: str) -> pd.DataFrame:
    """Each peer's time over the engine's, by shape and as a geometric mean, beside the targets."""

    def over(network: str, slow: str) -> Callable[[Times], float]:
        return lambda times: ratio(times[network, slow], times[network, "engine"])

    rows: list[tuple[str, Callable[[Times], float], str | None, float | None]] = []
    for (network, peer), targets in PEERS.items():
        if FLUSHED[peer] != peer:
            rows.append((f"{network}: {peer} / engine", over(network, peer), None, None))
        counted = FLUSHED[peer]
        rows.append(
            (f"{network}: {counted} / engine", over(network, counted), ">=", targets.get(maker))
        )
    rows.append(("shared: best peer / engine", lambda times: best_peer(times, "shared"), ">=", 1))
    rows.append(
        ("unshared: best peer / engine", lambda times: best_peer(times, "unshared"), ">=", 1)
    )
    rows.append(
        (
            "engine: unshared / shared",
            lambda times: ratio(times["unshared", "engine"], times["shared", "engine"]),
            "<=",
            1.15,
        )
    )
    return pd.DataFrame([verdict(measured, *row) for row in rows if _has(measured, row[1])])


def best_peer(times: Times, network: str) -> float:
    """The least ratio of a flushed peer's time to the engine's."""
    peers = [FLUSHED[peer] for side, peer in PEERS if side == network]
    return min(
        ratio(times[network, peer], times[network, "engine"])
        for peer in peers
        if (network, peer) in times
    )


def verdict(
    measured: Mapping[Shape, Times],
    name: str,
    question: Callable[[Times], float],
    sign: str | None,
    target: float | None,
) -> dict[str, object]:
    """A row: the ratio at every shape, its mean over the compared ones, the target, and if it is
    met. That no shape is slower than the best peer is held to the least ratio instead."""
    each = {str(shape): question(times) for shape, times in measured.items()}
    compared = [each[str(shape)] for shape in SHAPES if shape in measured]
    if "best peer" in name:
        value = min(each.values())
    else:
        value = statistics.geometric_mean(compared) if compared else float("nan")
    row: dict[str, object] = {"ratio": name, **each, "mean or least": value}
    if sign is None or target is None:
        return row
    met = value >= target if sign == ">=" else value <= target
    return row | {"target": f"{sign} {target:g}", "met": met}


def _has(measured: Mapping[Shape, Times], question: Callable[[Times], float]) -> bool:
    """Whether the contenders were measured; JAX may not be installed."""
    try:
        for times in measured.values():
            question(times)
    except KeyError:
        return False
    return True
