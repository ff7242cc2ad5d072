"""The files of a condition, read when they are needed."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from safetensors.numpy import load, save

from timeshare.experiment import Condition, Member
from timeshare.experiment.conditions import Role
from timeshare.experiment.paths import HISTORY, RUN, WEIGHTS, Paths
from timeshare.storage.files import read_json, read_table
from timeshare.storage.seals import check_seal
from timeshare.tasks.base import Split
from timeshare.tracking.entries import DataSet
from timeshare.training.facts import reported_members
from timeshare.training.model_selection import setting_scores
from timeshare.training.search import SEARCHED

LAYOUT = "4"
"""Part of the content digest: another number logs everything anew."""


@dataclass(frozen=True)
class Files:
    """The files of one condition.

    Arguments:
        paths: of the experiment.
        id: of the condition.
        facts: its `run.json`.
        scores: its rows of its evaluation, each with a `digest`.
    """

    paths: Paths
    id: str
    facts: Mapping[str, Any]
    scores: pd.DataFrame

    def path(self, name: str) -> Path:
        """A file that training wrote."""
        return Path(self.paths.run(name, self.id))

    @cached_property
    def members(self) -> tuple[Member, ...]:
        """The reported members, in the order of the weights."""
        return reported_members(self.facts)

    def weights(self, members: list[int]) -> bytes:
        """The weights of some members, in that order, as a safetensors file."""
        return bytes(save({name: tensor[members] for name, tensor in self._tensors.items()}))

    @cached_property
    def _tensors(self) -> dict[str, NDArray[np.generic]]:
        check_seal(self.path(WEIGHTS))
        tensors: dict[str, NDArray[np.generic]] = load(self.path(WEIGHTS).read_bytes())
        return tensors

    @cached_property
    def history(self) -> pd.DataFrame:
        """The learning curves of the reported members."""
        return self._curves[self._curves["role"] == str(Role.REPORTED)]

    @cached_property
    def tried(self) -> pd.DataFrame:
        """The settings that were tried for each train size, and what they scored; no rows if none.

        Columns: `train_size`, `setting`, its values, `score`, `loss`, and the number of `members`.
        """
        table = self._curves[self._curves["role"] == str(Role.SEARCH)]
        if table.empty:
            return table
        values = table[["train_size", "setting", *SEARCHED]].drop_duplicates()
        scored = setting_scores(table, self.facts["facts"]["learnable"])
        return values.merge(scored, on=["train_size", "setting"])

    @cached_property
    def _curves(self) -> pd.DataFrame:
        return read_table(self.path(HISTORY))

    @cached_property
    def digest(self) -> str:
        """Of what the runs are made from; `run.json` and its times stand for the weights."""
        digest = hashlib.sha256(LAYOUT.encode())
        for name in (RUN, HISTORY):
            digest.update(self.path(name).read_bytes())
        digest.update(self.scores["digest"].to_numpy().tobytes())
        return digest.hexdigest()[:16]

    @cached_property
    def condition(self) -> Condition:
        """The condition, as it was trained."""
        return Condition.of(self.facts["condition"])

    @cached_property
    def data(self) -> list[DataSet]:
        """The data sets that training and evaluation read."""
        task, length = self.condition.task, self.condition.length
        paths, at = self.paths, f"{task} T={length}"
        contexts = {str(Split.TRAIN): "training", str(Split.VALIDATION): "validation"}
        drawn = [
            _data_set(
                f"{at} {split}",
                paths.training_data(split, task, length),
                paths.training_manifest(split, task, length),
                context,
            )
            for split, context in contexts.items()
        ]
        tests = (paths.test_data(task), paths.test_manifest(task))
        return [*drawn, _data_set(f"{task} tests", *tests, "evaluation")]

    def peak_megabytes(self) -> float | None:
        """Peak resident memory of the training job, where the workflow measured it."""
        path = Path(self.paths.benchmark(f"train/{self.id}"))
        if not path.exists():
            return None
        header, values = path.read_text().splitlines()[:2]
        peak = dict(zip(header.split("\t"), values.split("\t"), strict=True)).get("max_rss", "-")
        return float(peak) if peak not in ("-", "NA") else None


def files_of(paths: Paths, conditions: Iterable[str]) -> Iterator[Files]:
    """The files of each condition, by id; those of one evaluation follow each other."""
    for (task, length), group in groupby(sorted(conditions, key=_evaluated), _evaluated):
        table = read_table(Path(paths.evaluation("scores", task, length.removeprefix("length-"))))
        digests = pd.util.hash_pandas_object(table, index=False)
        rows = dict(iter(table.assign(digest=digests).groupby(["variant", "truncation"])))
        for condition in group:
            facts = read_json(Path(paths.run(RUN, condition)))
            named = facts["condition"]
            yield Files(paths, condition, facts, rows[named["variant"], named["truncation"]])


def _data_set(name: str, source: str, manifest: str, context: str) -> DataSet:
    content = read_json(Path(manifest))
    profile = {"arrays": len(content["arrays"]), "made_from": content["made_from"]}
    return DataSet(name, content["sha256"], source, profile, context)


def _evaluated(condition: str) -> tuple[str, str]:
    """The task and T of an id, as its evaluation's folders name them."""
    task, _, length, _ = PurePosixPath(condition).parts
    return task, length
