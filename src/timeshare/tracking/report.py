"""The run of a report: its pages, figures and tables, and the claims as metrics."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from timeshare.claims.outcomes import Verdict
from timeshare.storage.files import read_table, sha256
from timeshare.tracking.entries import BOOKKEEPING, Body, Entry, Point
from timeshare.tracking.points import short

CLAIMS = "claims.parquet"
"""Name of the table of claims among the report's files."""
TABLE = "claims.json"
VERDICTS = {Verdict.SUPPORTED: 1.0, Verdict.INCONCLUSIVE: 0.0, Verdict.CONTRADICTED: -1.0}
"""Verdicts on a scale, so that they can be charted.

The others (it depends, it holds by construction, it was not tested) lie nowhere between for and
against; `_points` counts the claims of every verdict.
"""
ESTIMATES = {"effect": "effect", "low": "effect low", "high": "effect high"}
"""Columns of the claims, and what their metrics' names end in."""


def report_entry(
    files: Sequence[Path],
    title: str,
    configuration: Mapping[str, Any],
    digest: str,
    started: int,
) -> Entry:
    """The run of the report of a configuration.

    Arguments:
        files: the report's files, and the table of claims where claims are judged.
        title: name of the experiment.
        configuration: what was asked for.
        digest: of the configuration.
        started: milliseconds since 1970, when the first condition began.

    Raises `FileNotFoundError` for a file that is not there.
    """
    whole = sorted(_files(files))
    claims = next((read_table(path) for path in whole if path.name == CLAIMS), None)
    content = hashlib.sha256("".join(sha256(path) for path in whole).encode()).hexdigest()[:16]
    fixed = {"kind": "report", "mlflow.source.name": "timeshare"}
    if claims is not None:
        fixed["mlflow.loggedArtifacts"] = json.dumps([{"path": TABLE, "type": "table"}])
    return Entry(
        key=f"report {digest}",
        content=content,
        name=f"report · {title} · {digest}",
        started=started,
        tags={f"{BOOKKEEPING}configuration": digest},
        fixed=fixed,
        body=lambda: _body(whole, claims, configuration),
    )


def _body(files: list[Path], claims: pd.DataFrame | None, configuration: Mapping[str, Any]) -> Body:
    finished = max(round(path.stat().st_mtime * 1000) for path in files)
    # The address of a store may hold a password.
    asked = {name: part for name, part in configuration.items() if name != "tracking"}
    artifacts: dict[str, bytes | Path] = dict(zip(_places(files), files, strict=True))
    artifacts["configuration.json"] = (json.dumps(asked, indent=2) + "\n").encode()
    points: list[Point] = []
    if claims is not None:
        artifacts[TABLE] = claims.to_json(orient="split", index=False).encode()
        points = list(_points(claims, finished))
    return Body(
        finished=finished,
        params=_params(configuration),
        points=points,
        note="" if claims is None else _note(claims),
        files=artifacts,
    )


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            # Not what others leave there, such as the time stamp of Snakemake
            found = (each for each in path.rglob("*") if not each.name.startswith("."))
            yield from (each for each in found if each.is_file())
        else:
            yield path


def _places(files: list[Path]) -> list[str]:
    """Where each file lies among the artifacts: below the report's folder, or in `tables`."""
    pages = [path.parent for path in files if path.suffix == ".html"]
    places = []
    for path in files:
        inside = next((page for page in pages if page in path.parents), None)
        places.append(str(path.relative_to(inside)) if inside else f"tables/{path.name}")
    return places


def _points(claims: pd.DataFrame, moment: int) -> Iterator[Point]:
    for verdict in Verdict:
        yield Point(f"verdicts/{verdict}", float((claims["verdict"] == verdict).sum()), 0, moment)
    for claim in claims.to_dict("records"):
        verdict = Verdict(claim["verdict"])
        if verdict in VERDICTS:
            yield Point(f"claims/{claim['id']} verdict", VERDICTS[verdict], 0, moment)
        for column, ending in ESTIMATES.items():
            value = float(claim[column])
            if np.isfinite(value):
                yield Point(f"claims/{claim['id']} {ending}", short(value), 0, moment)


def _note(claims: pd.DataFrame) -> str:
    lines = ["| claim | verdict | |", "|---|---|---|"]
    lines += [
        f"| {claim['id']} | **{claim['verdict']}** | {claim.get('sentence', '')} |"
        for claim in claims.to_dict("records")
    ]
    return "\n".join(lines)


def _params(configuration: Mapping[str, Any]) -> dict[str, str]:
    names = {name: ", ".join(configuration[name]) for name in ("tasks", "variants", "sweeps")}
    sections = ("members", "training", "evaluation")
    values = {
        f"{section} {key}".replace("_", " "): json.dumps(value)
        for section in sections
        for key, value in configuration[section].items()
    }
    return names | values
