"""The tasks the tests run over, and how their predictions are scored."""

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from timeshare.tasks.adding import Adding
from timeshare.tasks.automaton import Automaton
from timeshare.tasks.base import Sequences, Task
from timeshare.tasks.copy import Copy
from timeshare.tasks.digits import Digits
from timeshare.tasks.drift import Drift
from timeshare.tasks.keyword import Keyword
from timeshare.tasks.labels import Labels
from timeshare.tasks.latch import Latch
from timeshare.tasks.metrics import Metric
from timeshare.tasks.mnist1d import Mnist1d
from timeshare.tasks.modular import Modular
from timeshare.tasks.parity import Parity
from timeshare.tasks.recall import Recall
from timeshare.tasks.shift import Shift
from timeshare.tasks.snow import Snow
from timeshare.tasks.store import Store
from timeshare.tasks.text import Text
from timeshare.tasks.vowels import Vowels
from timeshare.training.scoring import per_target_metric, target_mask, target_tensor

RULES: dict[str, tuple[Task, int]] = {
    "parity": (Parity(), 16),
    "modular": (Modular(), 12),
    "automaton": (Automaton(), 16),
    "automaton-of-5": (Automaton(states=5, symbols=3), 12),
    "drift": (Drift(), 16),
    "drift-slow": (Drift(change=0.25), 16),
    "drift-still": (Drift(change=0), 16),
    "latch": (Latch(), 20),
    "store": (Store(), 20),
    "store-busy": (Store(values=2, stores=0.3, asks=0.7), 12),
    "recall": (Recall(), 12),
    "keyword": (Keyword(), 13),
    "keyword-late": (Keyword(held_out="late"), 13),
    "keyword-everywhere": (Keyword(held_out="none"), 12),
    "adding": (Adding(), 11),
    "copy": (Copy(), 40),
    "copy-fixed": (Copy(shortest=6, longest=6), 30),
    "snow": (Snow(), 9),
    "snow-spanish": (Snow(language="spanish", asks="both", held_out="day-first"), 9),
    "snow-mixed": (Snow(language="both", asks="day", held_out="none"), 9),
    "shift": (Shift(), 16),
    "shift-still": (Shift(walk=0, window=4), 9),
}
"""Tasks with a rule that an oracle knows, each with a length."""

RANDOM: dict[str, tuple[Task, int]] = {
    "labels": (Labels(), 16),
    "labels-of-keyword": (Labels(of="keyword", parameters={"noise": 6}, classes=4), 9),
}

REAL: dict[str, tuple[Task, int]] = {
    "vowels": (Vowels(), 10),
    "mnist1d": (Mnist1d(), 40),
    "mnist1d-shuffled": (Mnist1d(shuffled=True), 40),
    "digits": (Digits(), 64),
    "digits-permuted": (Digits(permuted=True), 64),
    "text": (Text(years=(1905, 1906)), 64),
    "labels-of-vowels": (Labels(of="vowels"), 10),
}

ALL = RULES | RANDOM | REAL


def score(task: Task, sequences: Sequences, said: np.ndarray) -> float:
    """Score classes or values, `[N, T]` when dense, else `[N]`, as evaluation scores outputs."""
    rows = torch.from_numpy(said.T if said.ndim == 2 else said[None])
    if task.metric is Metric.ERROR:
        logits = rows[:, None, None].double()
    else:
        chosen = torch.nn.functional.one_hot(rows.clamp(min=0), task.output_size)
        logits = 1000.0 * chosen.permute(0, 2, 1)[:, None].double()
    return mean_metric(task, logits, target_tensor(task.metric, sequences.targets)[:, None])


def mean_metric(task: Task, logits: Tensor, targets: Tensor) -> float:
    """The metric of outputs `[S, 1, O, N]` over all targets `[S, 1, N]` in the target mask."""
    scored = per_target_metric(task.metric, logits, targets).sum()
    return float(scored / target_mask(task.metric, targets).sum())


def table(sequences: int = 40, steps: int = 5) -> pd.DataFrame:
    """A sound table of two classes, one row a step."""
    rng = np.random.default_rng(0)
    names = np.repeat([f"s{number:02d}" for number in range(sequences)], steps)
    return pd.DataFrame(
        {
            "sequence": names,
            "step": np.tile(np.arange(steps), sequences),
            "warmth": rng.normal(20, 5, sequences * steps),
            "rain": rng.normal(size=sequences * steps),
            "target": np.repeat(np.where(np.arange(sequences) % 2 == 0, "dry", "wet"), steps),
        }
    )
