"""Small configurations of every kind, most of them valid, with the files that they name."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import strategies as st

Draw = st.DrawFn

GENERATED: dict[str, tuple[int, list[dict[str, Any]]]] = {
    "adding": (2, [{}]),
    "automaton": (1, [{}, {"states": 5, "symbols": 3}]),
    "copy": (6, [{"shortest": 2, "longest": 2}]),
    "drift": (2, [{}, {"change": 0}, {"change": 0.25, "states": 3}]),
    "keyword": (2, [{}, {"held_out": "none"}, {"held_out": "late"}]),
    "labels": (3, [{}, {"of": "recall", "classes": 3}]),
    "latch": (2, [{}, {"values": 2, "rate": 0.5}]),
    "modular": (3, [{}, {"modulus": 3}]),
    "parity": (3, [{}]),
    "recall": (3, [{}]),
    "shift": (4, [{"window": 3}, {"window": 2, "walk": 0}]),
    "snow": (9, [{}, {"held_out": "none", "asks": "both"}]),
    "store": (2, [{}, {"values": 2, "stores": 0.3}]),
}
"""Tasks with a rule: the shortest length tried and parameters."""
REAL: dict[str, tuple[int, list[dict[str, Any]]]] = {
    "vowels": (2, [{}]),
    "mnist1d": (4, [{}]),
    "digits": (4, [{}]),
    "text": (3, [{"chunk": 32}]),
}
"""Data sets of the package."""
FORMS = ("long.csv", "long.parquet", "wide.csv", "wide.parquet", "own.npz", "own.ts")
SCHEDULES: list[dict[str, Any]] = [
    {"kind": "shared"},
    {"kind": "unshared"},
    {"kind": "blocks", "size": 2},
    {"kind": "cyclic", "period": 2},
    {"kind": "soft"},
    {"kind": "basis", "functions": 2},
    {"kind": "mixture", "components": 2},
]
OWN_STEPS = 8


@dataclass(frozen=True)
class Own:
    """A user's file.

    Arguments:
        form: ending of its name, after the number of the task.
        sequences: how many.
        features: D.
        dense: whether each step has a target.
        classes: number of classes; 0 for values.
        pad: whether sequences differ in length.
        seed: of its numbers.
    """

    form: str
    sequences: int
    features: int
    dense: bool
    classes: int
    pad: bool
    seed: int

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters of the task, but for its file."""
        given: dict[str, Any] = {"answer": "class" if self.classes else "value", "pad": self.pad}
        if self.dense:
            given["asked"] = "dense"
            if self.form.startswith("wide"):
                given["target"] = "y_{step}"
        return given

    def write(self, path: Path) -> None:
        """Write the file."""
        rng = np.random.default_rng(self.seed)
        inputs = rng.normal(size=(self.sequences, OWN_STEPS, self.features))
        lengths = np.full(self.sequences, OWN_STEPS)
        if self.pad:
            lengths = rng.integers(OWN_STEPS // 2, OWN_STEPS + 1, self.sequences)
        inputs[np.arange(OWN_STEPS) >= lengths[:, None]] = np.nan
        shape = (self.sequences, OWN_STEPS) if self.dense else (self.sequences,)
        targets: Any = rng.normal(size=shape)
        if self.classes:
            targets = np.array(["NA", "b", "c"])[rng.integers(0, self.classes, shape)]
        if self.form.endswith("npz"):
            np.savez(path, X=inputs, y=targets)
        elif self.form.endswith("ts"):
            path.write_text(_ts(inputs, targets, lengths), encoding="utf-8")
        else:
            frame = (_wide if self.form.startswith("wide") else _long)(inputs, targets, lengths)
            frame.to_csv(path, index=False) if path.suffix == ".csv" else frame.to_parquet(path)


def _long(inputs: np.ndarray, targets: np.ndarray, lengths: np.ndarray) -> pd.DataFrame:
    steps = np.arange(inputs.shape[1])
    rows = [
        {
            "sequence": f"s{row}",
            "step": step,
            "target": targets[row, step] if targets.ndim > 1 else targets[row],
            **{f"f{feature}": value for feature, value in enumerate(inputs[row, step])},
        }
        for row in range(len(inputs))
        for step in steps[: lengths[row]]
    ]
    return pd.DataFrame(rows)


def _wide(inputs: np.ndarray, targets: np.ndarray, lengths: np.ndarray) -> pd.DataFrame:
    columns = {
        f"f{feature}_{step}": inputs[:, step, feature]
        for step in range(inputs.shape[1])
        for feature in range(inputs.shape[2])
    }
    if targets.ndim == 1:
        return pd.DataFrame(columns | {"target": targets})
    return pd.DataFrame(columns | {f"y_{step}": each for step, each in enumerate(targets.T)})


def _ts(inputs: np.ndarray, targets: np.ndarray, lengths: np.ndarray) -> str:
    classes = targets.dtype.kind == "U"
    label = f"@classLabel true {' '.join(sorted(set(targets)))}" if classes else "@targetLabel true"
    univariate = str(inputs.shape[2] == 1).lower()
    lines = ["@problemName own", "@timeStamps false", f"@univariate {univariate}", label, "@data"]
    for sequence, target, length in zip(inputs, targets, lengths, strict=True):
        series = [",".join(map(str, feature)) for feature in sequence[:length].T]
        lines.append(":".join([*series, str(target)]))
    return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class Case:
    """A configuration with the files that it names."""

    content: dict[str, Any]
    files: dict[str, Own]

    def write(self, folder: Path) -> None:
        """Write the files into a folder."""
        for name, own in self.files.items():
            own.write(folder / name)


@st.composite
def own_files(draw: Draw) -> Own:
    form = draw(st.sampled_from(FORMS))
    dense = form != "own.ts" and draw(st.booleans())
    return Own(
        form=form,
        sequences=draw(st.sampled_from([40, 60])),
        features=draw(st.integers(1, 2)),
        dense=dense,
        classes=draw(st.sampled_from([0, 2, 3])),
        pad=not (dense and form.endswith("npz")) and draw(st.booleans()),
        seed=draw(st.integers(0, 99)),
    )


@st.composite
def cases(draw: Draw) -> Case:
    """Configurations of one to three tasks and variants, with two updates of each network."""
    families = draw(
        st.sampled_from([("generated",), ("real",), ("own",), ("generated", "real", "own")])
    )
    tasks: dict[str, Any] = {}
    files: dict[str, Own] = {}
    shortest: dict[str, int] = {}
    for number in range(draw(st.integers(1, 3))):
        family = draw(st.sampled_from(families))
        name = f"task-{number}"
        if family == "own":
            own = draw(own_files())
            files[f"{number}-{own.form}"] = own
            parameters = {"file": f"{number}-{own.form}", **own.parameters}
            tasks[name], shortest[name] = {"kind": "csv", "parameters": parameters}, 2
            continue
        known = GENERATED if family == "generated" else REAL
        kind = draw(st.sampled_from(sorted(known)))
        shortest[name] = known[kind][0]
        tasks[name] = {"kind": kind, "parameters": draw(st.sampled_from(known[kind][1]))}
        if draw(st.integers(0, 3)) == 0:
            tasks[name]["training"] = {"lengths": "up-to"}
    references = draw(st.integers(0, 2)) == 0
    if references:
        tasks = {name: {**task, "training": {}} for name, task in tasks.items()}
    count = draw(st.integers(1, 3))
    variants = {f"variant-{number}": draw(_variant(references)) for number in range(count)}
    if "hidden_size" in variants["variant-0"] and draw(st.integers(0, 3)) == 0:
        variants["matched"] = {
            "cell": "rnn",
            "schedule": {"kind": "shared"},
            "match": "variant-0",
        }
    content = {
        "tasks": tasks,
        "variants": variants,
        "sweeps": draw(_sweeps(tasks, list(variants), shortest, references)),
        **draw(_sections()),
    }
    recurrent = [name for name, each in variants.items() if "cell" in each]
    if recurrent and content["cost"].get("enabled", True) and draw(st.booleans()):
        content["cost"] = content["cost"] | {"variants": [draw(st.sampled_from(recurrent))]}
    return Case(content, files)


@st.composite
def _variant(draw: Draw, references: bool) -> dict[str, Any]:
    if references and draw(st.booleans()):
        kind = draw(st.sampled_from(["mlp", "cnn", "logistic"]))
        return {"reference": kind} | ({} if kind == "logistic" else {"hidden_size": 3})
    variant: dict[str, Any] = {
        "cell": draw(st.sampled_from(["rnn", "gru", "lstm"])),
        "schedule": draw(st.sampled_from(SCHEDULES)),
        "hidden_size": draw(st.integers(1, 4)),
    }
    extras: list[dict[str, Any]] = [{}, {}, {"time_features": 2}, {"readout": "per-step"}]
    variant.update(draw(st.sampled_from(extras)))
    return variant


@st.composite
def _sweeps(
    draw: Draw,
    tasks: dict[str, Any],
    variants: list[str],
    shortest: dict[str, int],
    references: bool,
) -> dict[str, Any]:
    """One sweep for each task, at lengths that it can make, or one for all of them."""
    sweeps = {}
    together = draw(st.booleans())
    for number, group in enumerate([list(tasks)] if together else [[name] for name in tasks]):
        least = min(max(shortest[name] for name in group), OWN_STEPS)
        most = max(least, OWN_STEPS)
        lengths = draw(st.lists(st.integers(least, most), min_size=1, max_size=2, unique=True))
        sweeps[f"sweep-{number}"] = {
            "tasks": group,
            "variants": variants,
            "lengths": lengths,
            "truncations": ["full"]
            if references
            else draw(st.sampled_from([["full"], [1, "full"]])),
        }
    return sweeps


@st.composite
def _sections(draw: Draw) -> dict[str, Any]:
    settings = [{"learning_rate": 0.01}, {"learning_rate": 1e30}, {"learning_rate": 0.02}]
    plateau = {"least": 1, "most": 2, "patience": 1}
    sections: dict[str, Any] = {
        "members": {"rules": draw(st.integers(1, 2)), "seeds": draw(st.integers(1, 2))},
        "search": {"rules": 1, "settings": settings[: draw(st.integers(1, 2))]},
        "training": {
            "updates": draw(st.sampled_from([2, plateau])),
            "batch": draw(st.sampled_from([2, 8])),
            "evaluations": draw(st.integers(1, 2)),
            "update": draw(st.sampled_from(["sequence", "window"])),
        },
        "evaluation": {"sequences": draw(st.sampled_from([4, 32]))},
        "tracking": {"enabled": False},
    }
    if draw(st.integers(0, 4)) == 0:
        sections["search"]["settings"] = [{"learning_rate": 1e30}]
    sizes = draw(st.sampled_from([None, None, [1], [2, 4], [4, 16], [8]]))
    if sizes:
        sections["members"]["train_sizes"] = sizes
    small = {"lengths": [4, 8], "truncations": [2], "truncated_lengths": [8], "rounds": 1}
    small |= {"members": 1, "batch": 2, "hidden_size": 2}
    sections["cost"] = draw(
        st.sampled_from([{"enabled": False}, small, small | {"task": "recall"}])
    )
    return sections
