"""Write tables so that a reader sees a whole one or none."""

import os
from pathlib import Path

import pandas as pd


def save(table: pd.DataFrame, path: Path) -> None:
    """Write by a temporary name and rename."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    table.to_csv(partial, index=False)
    partial.replace(path)
