"""What the claims read from the tables: fair to unshared networks, and leaving nobody out."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from tests.claims.synthetic import FAST, TASKS, judged, trained
from tests.claims.test_verdicts import at, fitted, lengths, places
from timeshare.claims.base import Part, Verdict, agreed, every, some
from timeshare.claims.evidence import FAMILY, Evidence, Tables
from timeshare.claims.judging import CLAIMS, judge
from timeshare.claims.lengths import UnseenLengths, VariableLength
from timeshare.claims.overfitting import gaps, memorised
from timeshare.claims.pairs import Matching, pairs, strata
from timeshare.claims.power import BottomLine, NotMorePowerful, Power
from timeshare.claims.tasks import within_reach
from timeshare.experiment.build import build_task
from timeshare.experiment.thresholds import Thresholds
from timeshare.streams import stream
from timeshare.tasks.base import Split

S, C, I = Verdict.SUPPORTED, Verdict.CONTRADICTED, Verdict.INCONCLUSIVE  # noqa: E741


def effects(tables: Tables, claim: Any) -> dict[str, float]:
    return {part.name: part.effect for part in judged(claim, tables).parts}


def test_an_unshared_member_has_its_best_extension() -> None:
    found = effects(lengths(1.0, 0.8), UnseenLengths())
    assert found["shared minus unshared, equal width"] == pytest.approx(0.2, abs=0.03)


def test_beyond_t_only_steps_past_t_count() -> None:
    tables = lengths(0.0, 0.0)
    whole = tables.scores.assign(score=0.9, value=0.95)
    found = effects(replace(tables, scores=whole), VariableLength())
    assert all(abs(effect) < 0.05 for effect in found.values())


def test_a_shorter_length_is_no_unseen_one_for_a_dense_task() -> None:
    tables = lengths(0.9, 0.9, evaluated=[4, 16])
    assert set(Evidence(tables, FAST).unseen["evaluated_length"]) == {16}
    final = lengths(0.9, 0.9, evaluated=[4, 16], tasks=["recall"])
    assert set(Evidence(final, FAST).unseen["evaluated_length"]) == {4, 16}


def test_a_rule_that_changes_says_nothing_of_unseen_lengths() -> None:
    assert Evidence(lengths(0.9, 0.9, tasks=["drift"]), FAST).unseen.empty


def test_a_network_that_did_not_learn_its_task_says_nothing_of_lengths() -> None:
    def score(row: Any) -> float:
        return 1.0 if row["schedule"] == "shared" else 0.2

    tables = trained(score, ["parity"], evaluated=[16, 32])
    assert judged(UnseenLengths(), tables).verdict is Verdict.NOT_TESTED


def test_the_bottom_line_reads_whole_windows_and_trained_positions() -> None:
    def score(row: Any) -> float:
        if row["schedule"] == "shared":
            return 0.8
        return 1.0 if row["truncation"] == row["length"] else 0.0

    cut = trained(score, ["parity", "latch"], truncations=[None, 2])
    found = effects(cut, BottomLine())
    assert found["unshared minus shared, equal width"] == pytest.approx(0.2, abs=0.03)
    assert found["equal width, truncated"] == pytest.approx(-0.8, abs=0.03)
    held = places(1.0, 0.0)
    assert set(Evidence(held, FAST).at_length["group"]) == {"trained"}


def test_a_narrow_winner_does_not_make_the_shared_network_a_wide_one() -> None:
    levels = at(shared=0.5, unshared=1.0, narrow=1.0, clock=0.5)
    tables = trained(levels, ["drift", "parity"], ["shared", "unshared", "narrow", "clock"])
    assert judged(NotMorePowerful(), tables).verdict is Verdict.INCONCLUSIVE


def test_positions_held_out_are_no_question_of_length() -> None:
    tables = places(1.0, 0.0, evaluated=(16,))
    assert Evidence(tables, FAST).unseen.empty


def test_a_network_that_learned_nothing_tells_nothing_of_lengths() -> None:
    untaught = trained(lambda row: 0.0, ["parity"], evaluated=[16])
    assert judged(VariableLength(), untaught).verdict is Verdict.NOT_TESTED


def test_diverged_members_count_at_chance() -> None:
    tables = lengths(1.0, 0.0)
    lost = (tables.scores["seed"] < 2) & (tables.scores["variant"] == "shared")
    scores = tables.scores.assign(diverged=lost, score=tables.scores["score"].where(~lost, 0.0))
    failed = tables.positions["seed"].lt(2) & (tables.positions["variant"] == "shared")
    kept = Tables(scores, tables.positions[~failed], tables.conditions)
    rows = Evidence(kept, FAST).unseen
    shared = rows[rows["variant"] == "shared"].groupby("seed")["score"].mean()
    assert len(shared) == 5
    assert shared[:2].tolist() == [0.0, 0.0] and (shared[2:] > 0.9).all()


def test_only_the_rate_that_validation_chose_counts() -> None:
    tables = trained(at(shared=0.5, unshared=0.5), ["parity", "drift"])
    better = tables.scores.assign(learning_rate=0.1, score=1.0, chosen=False)
    both = replace(tables, scores=pd.concat([tables.scores, better], ignore_index=True))
    assert effects(both, BottomLine()) == effects(tables, BottomLine())


def test_variants_are_known_by_their_factors_not_by_their_names() -> None:
    tables = trained(at(shared=0.5, unshared=0.9), ["drift"])
    names = {"shared": "zebra", "unshared": "alpha"}
    renamed = [
        table.assign(variant=table["variant"].map(names)) if len(table) else table
        for table in (tables.scores, tables.positions, tables.conditions)
    ]
    assert effects(Tables(*renamed), Power()) == effects(tables, Power())


def test_the_order_of_rows_does_not_matter() -> None:
    tables = lengths(1.0, 0.5)
    shuffled = Tables(*(
        table.sample(frac=1, random_state=0)
        for table in (tables.scores, tables.positions, tables.conditions)
    ))  # fmt: skip
    assert judge(shuffled, FAST).equals(judge(tables, FAST))


def test_random_labels_stay_out_of_test_scores() -> None:
    evidence = Evidence(fitted(0.1, 0.2), FAST)
    assert set(evidence.tested["task"]) == {"parity"}
    assert set(gaps(evidence)["task"]) == {"parity"}
    assert set(memorised(evidence)["task"]) == {"labels"}


def test_networks_are_paired_at_equal_width_or_equal_parameters() -> None:
    everyone = ["shared", "unshared", "wide", "narrow", "clock"]
    levels = at(shared=0.1, unshared=0.2, wide=0.4, narrow=0.8, clock=1.0)
    evidence = Evidence(trained(levels, ["parity"], everyone, lengths=[16], spread=0.0), FAST)
    found = {
        matching: pairs(evidence.at_length, matching, 0.25)[["shared", "unshared"]].mean()
        for matching in Matching
    }
    assert found[Matching.WIDTH].tolist() == pytest.approx([0.1, 0.2])
    # Wide with unshared, and shared with narrow.
    assert found[Matching.PARAMETERS].tolist() == pytest.approx([0.25, 0.5])


def test_a_seed_that_a_setting_lacks_is_left_out_of_its_task() -> None:
    tables = trained(at(shared=0.5, unshared=0.9), ["parity"], train_sizes=(32, 64))
    scores = tables.scores
    fewer = scores[~((scores["train_size"] == 32) & (scores["seed"] > 2))]
    evidence = Evidence(replace(tables, scores=fewer), FAST)
    table = pairs(evidence.at_length, Matching.WIDTH, 0.25)
    assert strata(table, "shared")["parity"].shape == (3,)


@pytest.mark.parametrize(("task", "length", "truncation"), [
    ("latch", 24, 1), ("latch", 24, 8), ("parity", 16, 4), ("recall", 16, 4), ("adding", 16, 6),
    ("adding", 16, 12),
])  # fmt: skip
def test_the_reach_of_a_window_is_what_a_perfect_forgetful_solver_scores(
    task: str, length: int, truncation: int
) -> None:
    drawn = build_task(task, {})
    count = 4000
    sequences = drawn.sample(count, length, Split.TEST, stream("reach", task))
    starts = np.arange(length) // truncation * truncation
    if task == "latch":
        written = np.asarray(sequences.inputs) >= 4
        known = [written[:, start : t + 1].any(axis=1) for t, start in enumerate(starts)]
        simulated = float(np.mean(known))
    elif task == "parity":
        simulated = float((starts == 0).mean())
    elif task == "recall":
        simulated = float(truncation >= length)
    else:
        seen = np.asarray(sequences.inputs)[:, length - truncation :]
        guess = (seen[..., 0] * seen[..., 1]).sum(axis=1) + 0.5 * (2 - seen[..., 1].sum(axis=1))
        targets = np.asarray(sequences.targets)
        simulated = float(1 - ((guess - targets) ** 2).mean() / targets.var())
    closed = within_reach(task, json.dumps(drawn.model_dump(mode="json")), length, truncation)
    assert closed == pytest.approx(simulated, abs=0.03)


def test_no_reach_is_claimed_where_none_is_known() -> None:
    assert within_reach("copy", "{}", 64, 4) is None


def part(low: float, high: float, above: bool = True) -> Verdict:
    return Part("", 0.0, low, high, 0.5, "score", above).verdict


def test_an_interval_decides_where_it_leaves_the_threshold_out() -> None:
    assert [part(0.6, 0.7), part(0.3, 0.4), part(0.4, 0.6), part(0.5, 0.6)] == [S, C, I, I]
    assert [part(0.6, 0.7, above=False), part(0.3, 0.4, above=False)] == [C, S]
    assert part(np.nan, np.nan) is I


def test_verdicts_combine() -> None:
    assert [every([S, S]), every([S, I]), every([S, C]), every([I, C])] == [S, I, C, C]
    assert [some([S, C]), some([C, C]), some([I, C])] == [S, C, I]
    assert [agreed([S, S]), agreed([C, C]), agreed([S, C]), agreed([S, I])] == [S, C, I, I]


def test_the_error_rate_is_shared_by_the_claims_that_sample_seeds() -> None:
    assert sum(claim.sampled for claim in CLAIMS) == FAMILY
    assert Evidence(lengths(1.0, 1.0), FAST).confidence(2) == pytest.approx(1 - 0.05 / 18)


def test_the_table_has_a_row_for_every_claim() -> None:
    tables = trained(at(shared=0.5, unshared=0.9), ["parity", "drift"])
    table = judge(tables, FAST)
    assert table["id"].tolist() == [f"C{number}" for number in range(1, 15)]
    columns = ["title", "argument", "estimand", "rule", "section", "verdict", "sentence"]
    assert (table[columns] != "").all(axis=None)
    assert not table["rule"].str.contains("[{}]").any()
    assert not table["estimand"].str.contains("[{}]").any()
    untested = table["verdict"] == "not tested"
    assert table.loc[~untested, ["effect", "low", "high", "threshold"]].notna().all(axis=None)
    assert (table.loc[untested, "missing"] != "").all()
    last = table.set_index("id").loc["C14"]
    assert last["verdict"] == "supported" and last["n"] == 10
    assert json.loads(str(last["parts"]))[0]["effect"] == last["effect"]


def test_tables_are_read_from_files(tmp_path: Any) -> None:
    tables = trained(at(shared=0.5, unshared=0.9), list(TASKS), seeds=2)
    names = ("scores", "positions", "conditions")
    for name in names:
        getattr(tables, name).to_parquet(tmp_path / f"{name}.parquet")
    read = Tables.read({name: tmp_path / f"{name}.parquet" for name in names})
    assert judge(read, FAST).equals(judge(tables, FAST))


def test_thresholds_are_checked() -> None:
    with pytest.raises(ValidationError, match="resamples"):
        Thresholds(resamples=100)
    with pytest.raises(ValidationError, match="did you mean 'margin'"):
        Thresholds.model_validate({"margins": 0.1})
    assert all(field.description for field in Thresholds.model_fields.values())
