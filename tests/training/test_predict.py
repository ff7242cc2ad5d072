"""Predictions on new sequences are those of the network that the pipeline evaluates."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.data.tables import DENSE, LEVELS, WALKS, dense_waves, levels, signs, walks, waves
from timeshare.data.splits import draw_tests, draw_training
from timeshare.experiment import Condition, Experiment, expand
from timeshare.storage.provenance import now
from timeshare.tasks.base import Split
from timeshare.training.choosing import Candidate, best_network
from timeshare.training.evaluate import evaluate
from timeshare.training.predict import extension_named, predicted
from timeshare.training.run_files import write_run
from timeshare.training.train import Trained, train

VARIANTS: dict[str, Any] = {
    "shared": {"cell": "gru", "schedule": {"kind": "shared"}, "hidden_size": 5},
    "unshared": {"cell": "gru", "schedule": {"kind": "unshared"}, "hidden_size": 5},
    "mlp": {"reference": "mlp", "hidden_size": 5},
}


class Trial:
    """Trained conditions of a table, one for each variant, in a folder."""

    def __init__(self, folder: Path, data: Path, length: int, names: list[str], **parameters: Any):
        self.folder = folder
        self.data = data
        content = {
            "tasks": {"own": {"kind": "csv", "parameters": {"file": str(data), **parameters}}},
            "variants": {name: VARIANTS[name] for name in names},
            "members": {"seeds": 2, "train_sizes": [10, 20]},
            "search": {"settings": [{"learning_rate": 0.02}]},
            "training": {"updates": 40, "batch": 8, "evaluations": 4},
            "cost": {"enabled": False},
            "sweeps": {"all": {"tasks": ["own"], "variants": names, "lengths": [length]}},
        }
        self.conditions = expand(Experiment.parse(content))
        self.trained = {name: self.run(each) for name, each in self.conditions.items()}

    def run(self, condition: Condition) -> Trained:
        task = condition.build_task()
        splits = draw_training(task, condition.length, condition.units, condition.drawn, 20)
        trained = train(condition, splits, self.folder / "checkpoint", 1)
        files = self.folder / "runs" / condition.id
        names = ("weights.safetensors", "history.parquet", "run.json")
        write_run(trained, now(), *(files / name for name in names))
        return trained

    def scores(self, candidate: Candidate) -> pd.Series:
        """What the pipeline finds for the test sequences, with the weights that predict."""
        condition, trained = candidate.condition, self.trained[candidate.condition.id].reported
        task, length = condition.build_task(), condition.length
        splits = draw_training(task, length, condition.units, condition.drawn, 20)
        tests = draw_tests(task, [length], condition.units, 20)
        table = evaluate(
            condition, trained.members, trained.tensors, trained.diverged, splits, tests, 20
        ).scores
        table = table[(table["split"] == "test") & (table["selection"] == "best")]
        row: pd.Series = table.iloc[candidate.place]
        return row

    def tested(self, candidate: Candidate) -> list[str]:
        """Names of the test sequences."""
        table = candidate.condition.build_task().table  # type: ignore[attr-defined]
        return [table.sequences[row] for row in table.rows(Split.TEST)]


def joined(predictions: pd.DataFrame, truth: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    truth = truth.assign(**{keys[0]: truth[keys[0]].astype(str)})
    return predictions.merge(truth, on=keys, suffixes=("", "_true"), validate="one_to_one")


@pytest.mark.parametrize("variant", ["shared", "unshared", "mlp"])
def test_predicted_classes_score_what_the_evaluation_finds(variant: str, tmp_path: Path) -> None:
    trial = Trial(tmp_path, walks(tmp_path / "walks.csv"), 8, [variant], **WALKS)
    best = best_network(tmp_path)
    predictions = predicted(best, trial.data)
    truth = pd.read_csv(trial.data).groupby("walk_id").first().reset_index()
    both = joined(predictions, truth, ["walk_id"])
    tested = both[both["walk_id"].isin(trial.tested(best))]
    right = (tested["direction"] == tested["direction_true"]).mean()
    assert right == pytest.approx(trial.scores(best)["value"])
    chances = predictions[["p_left", "p_right", "p_still"]]
    assert np.allclose(chances.sum(axis=1), 1)
    assert ("p_" + predictions["direction"] == chances.idxmax(axis=1)).all()


def test_predicted_values_are_in_the_units_of_the_table(tmp_path: Path) -> None:
    data = waves(tmp_path / "waves.csv")
    trial = Trial(tmp_path, data, 10, ["shared"], target="frequency", answer="value")
    best = best_network(tmp_path)
    predictions = predicted(best, data)
    truth = pd.read_csv(data).assign(sequence=lambda t: t.index)
    both = joined(predictions, truth, ["sequence"])
    tested = both[both["sequence"].isin(trial.tested(best))]
    error = (tested["frequency"] - tested["frequency_true"]) ** 2
    deviation = best.condition.build_task().table.target_scale[1]  # type: ignore[attr-defined]
    assert error.mean() / deviation**2 == pytest.approx(trial.scores(best)["value"], rel=1e-5)
    assert predictions["frequency"].between(80, 130).all()


@pytest.mark.parametrize("variant", ["shared", "unshared"])
def test_dense_values_have_a_row_for_each_step(variant: str, tmp_path: Path) -> None:
    data = levels(tmp_path / "levels.csv")
    trial = Trial(tmp_path, data, 8, [variant], **LEVELS)
    best = best_network(tmp_path)
    predictions = predicted(best, data)
    truth = pd.read_csv(data)
    assert len(predictions) == len(truth)
    both = joined(predictions, truth, ["series", "time"])
    tested = both[both["series"].isin(trial.tested(best))].dropna()
    error = (tested["level"] - tested["level_true"]) ** 2
    deviation = best.condition.build_task().table.target_scale[1]  # type: ignore[attr-defined]
    assert error.mean() / deviation**2 == pytest.approx(trial.scores(best)["value"], rel=1e-5)


@pytest.mark.parametrize(
    ("write", "name", "length", "target"),
    [(signs, "signs.npz", 7, "target"), (dense_waves, "waves.csv", 6, "label_{step}")],
)
def test_dense_classes_of_arrays_and_of_wide_tables(
    write: Callable[[Path], Path], name: str, length: int, target: str, tmp_path: Path
) -> None:
    data = write(tmp_path / name)
    Trial(tmp_path, data, length, ["shared"], target=target, **DENSE)
    predictions = predicted(best_network(tmp_path), data)
    assert list(predictions.columns)[:2] == ["sequence", "step"]
    assert len(predictions) == 60 * length
    assert predictions["step"].tolist()[: length + 1] == [*range(length), 0]


def test_new_sequences_need_no_targets_and_are_not_scaled_by_themselves(tmp_path: Path) -> None:
    trial = Trial(tmp_path, walks(tmp_path / "walks.csv"), 8, ["shared"], **WALKS)
    best = best_network(tmp_path)
    known = predicted(best, trial.data).set_index("walk_id")
    frame = pd.read_csv(trial.data)
    few = frame[frame["walk_id"].isin(["walk 003", "walk 010"])].drop(columns="direction")
    few.to_csv(tmp_path / "new.csv", index=False)
    alone = predicted(best, tmp_path / "new.csv").set_index("walk_id")
    chances = ["p_left", "p_right", "p_still"]
    np.testing.assert_allclose(alone[chances], known.loc[alone.index, chances], rtol=1e-4)


def test_the_best_network_has_the_highest_validation_score(tmp_path: Path) -> None:
    trial = Trial(tmp_path, walks(tmp_path / "walks.csv"), 8, ["shared", "unshared"], **WALKS)
    best = best_network(tmp_path)
    each = [
        best_network(tmp_path, variant=variant, member=member)
        for variant in ("shared", "unshared")
        for member in range(4)
    ]
    assert best.score == max(one.score for one in each)
    assert {one.condition.variant for one in each} == {"shared", "unshared"}
    assert [one.place for one in each] == [0, 1, 2, 3] * 2
    run = tmp_path / "runs" / next(iter(trial.conditions))
    assert best_network(run).folder == run


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"variant": "gru"}, "unknown variant 'gru'"),
        ({"length": 9}, "unknown length '9'"),
        ({"task": "owl"}, "unknown task 'owl'"),
        ({"member": 99}, "there is no member 99"),
        ({"folder": "runs/own/nothing"}, "there is no trained network"),
    ],
)
def test_a_choice_without_a_network_is_one_sentence(
    changes: dict[str, Any], words: str, tmp_path: Path
) -> None:
    Trial(tmp_path, walks(tmp_path / "walks.csv"), 8, ["shared"], **WALKS)
    folder = tmp_path / changes.pop("folder", "")
    with pytest.raises(ValueError, match=words):
        best_network(folder, **changes)


def test_sequences_longer_than_the_weights_need_an_extension(tmp_path: Path) -> None:
    trial = Trial(tmp_path, walks(tmp_path / "walks.csv"), 5, ["shared", "unshared"], **WALKS)
    unshared = best_network(tmp_path, variant="unshared")
    with pytest.raises(ValueError, match="a sequence has 8 steps, and the network has weights"):
        predicted(unshared, trial.data)
    assert len(predicted(unshared, trial.data, extension_named("align-right"))) == 60
    assert len(predicted(best_network(tmp_path, variant="shared"), trial.data)) == 60
    with pytest.raises(ValueError, match="unknown extension 'repeat'"):
        extension_named("repeat")


def test_weights_of_each_step_refuse_sequences_shorter_than_those_trained(tmp_path: Path) -> None:
    trial = Trial(tmp_path, walks(tmp_path / "walks.csv"), 8, ["shared", "unshared"], **WALKS)
    frame = pd.read_csv(trial.data)
    new = tmp_path / "new.csv"
    frame[frame["step"] < frame["step"].max()].to_csv(new, index=False)
    with pytest.raises(ValueError, match="has 7 steps, and the network, whose steps have weights"):
        predicted(best_network(tmp_path, variant="unshared"), new)
    assert len(predicted(best_network(tmp_path, variant="shared"), new)) == 60


def test_a_table_that_changed_since_training_is_noticed(tmp_path: Path) -> None:
    trial = Trial(tmp_path, walks(tmp_path / "walks.csv"), 8, ["shared"], **WALKS)
    best = best_network(tmp_path)
    new = tmp_path / "new.csv"
    frame = pd.read_csv(trial.data)
    frame.to_csv(new, index=False)
    frame.assign(x=frame["x"] * 2).to_csv(trial.data, index=False)
    with pytest.raises(ValueError, match=r"walks\.csv: it has changed since"):
        predicted(best, new)
    trial.data.unlink()
    with pytest.raises(ValueError, match=r"is needed to read new sequences alike.*no such file"):
        predicted(best, new)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            lambda frame: frame.drop(columns="y"),
            "no column 'y', which the network reads; .* are 'walk_id', 'step', 'x'",
        ),
        (lambda frame: frame.assign(x="far"), "'x' holds text"),
        (lambda frame: frame.drop(columns="walk_id"), "no column 'walk_id'"),
    ],
)
def test_a_wrong_table_is_one_sentence(
    change: Callable[[pd.DataFrame], pd.DataFrame], words: str, tmp_path: Path
) -> None:
    trial = Trial(tmp_path, walks(tmp_path / "walks.csv"), 8, ["shared"], **WALKS)
    change(pd.read_csv(trial.data)).to_csv(tmp_path / "new.csv", index=False)
    with pytest.raises(ValueError, match=words):
        predicted(best_network(tmp_path), tmp_path / "new.csv")


def test_a_column_of_steps_that_is_left_out_is_noticed(tmp_path: Path) -> None:
    trial = Trial(tmp_path, waves(tmp_path / "waves.csv"), 10, ["shared"], target="frequency")
    frame = pd.read_csv(trial.data)
    short = frame.assign(v_8=np.nan, v_9=np.nan)
    short.to_csv(tmp_path / "short.csv", index=False)
    assert len(predicted(best_network(tmp_path), tmp_path / "short.csv")) == len(frame)
    frame.drop(columns="v_9").to_csv(tmp_path / "left-out.csv", index=False)
    with pytest.raises(ValueError, match=r"it has columns for 9 steps, and .* 10\."):
        predicted(best_network(tmp_path), tmp_path / "left-out.csv")
