"""Synthetic tables of the cost study, and of the comparison with a layered network."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from timeshare.analysis.tables import CONDITION


def compared(double: float, single: float) -> pd.DataFrame:
    """Differences from a layered network in each precision."""
    rows = [
        ("lstm", 8, "float64", "outputs", double, 1.0),
        ("lstm", 8, "float32", "outputs", single, 1.0),
    ]
    columns = ["cell", "length", "precision", "quantity", "difference", "scale"]
    return pd.DataFrame(rows, columns=columns)


def fitting(longest: Mapping[int, tuple[int | None, int | None]]) -> pd.DataFrame:
    """The longest T of an unshared network by hidden size, on a laptop and on a GPU.

    A shared one has no limit.
    """
    rows = [
        {
            "name": kind,
            "schedule": kind,
            "truncation": "128",
            "machine": machine,
            "bytes_machine": size,
            "length": length,
            "hidden_size": hidden_size,
        }
        for hidden_size, limits in longest.items()
        for machine, size, limit in zip(("laptop", "GPU"), (1e10, 1e11), limits, strict=True)
        for kind, length in (("shared", None), ("unshared", limit))
    ]
    return pd.DataFrame(rows).astype({"length": "Int64"})


def sized(*exponents: float) -> pd.DataFrame:
    """Parameters against T of unshared networks, one variant an exponent."""
    rows = [
        {
            "variant": f"{kind}-{number}",
            "cell": "lstm",
            "schedule": kind,
            "length": length,
            "truncation": length,
            "hidden_size": 32,
            "parameters_readout": 0,
            "parameters_cell": 1000 * length**power,
        }
        for number, exponent in enumerate(exponents)
        for kind, power in (("unshared", exponent), ("shared", 0.0))
        for length in (16, 32, 64)
    ]
    return pd.DataFrame(rows)


def timed(
    scores: pd.DataFrame, update: float, sequence: float, score: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tables `measured` and `quality` with these exponents of time against K.

    Arguments:
        scores: of members with several K, whose noise is that of the time to the level.
        update: of an update that reads K steps.
        sequence: of an update that reads a whole sequence.
        score: of training to a set score.
    """
    rows = [
        {
            "part": "update",
            "schedule": "shared",
            "cell": "lstm",
            "variant": "shared",
            "length": 64,
            "truncation": k,
            "update": mode,
            # A pass over the sequence makes an update in each of its 64 / k windows.
            "seconds_median": k**update * 64 / k if mode == "window" else float(k**sequence),
            "bytes_peak": k,
        }
        for mode in ("window", "sequence")
        for k in (1, 4, 16, 64)
    ]
    last = scores[(scores["split"] == "test") & (scores["selection"] == "best")]
    kept = [*CONDITION, "train_size", "rule", "seed", "unit", "setting"]
    # The noise of the score is the noise of the exponent, at the distance of K from T.
    octaves = np.log2(last["truncation"])
    seconds = 2 ** (octaves * (score + (last["score"] - 1)))
    return pd.DataFrame(rows), last[kept].assign(seconds=seconds, reached=True)
