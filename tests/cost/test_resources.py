"""What jobs ask of a cluster grows with what they hold."""

import subprocess
import sys

import pytest

from timeshare.cost.resources import Formulas, Requests, formulas, gpus
from timeshare.experiment import Condition


def training_mb(condition: Condition, attempt: int = 1) -> int:
    return Requests().training_mb(condition, attempt)


def training_minutes(condition: Condition, attempt: int = 1) -> int:
    return Requests().training_minutes(condition, attempt)


def wider(condition: Condition) -> Condition:
    network = condition.network.model_copy(update={"hidden_size": 512})
    return condition.model_copy(update={"network": network})


def longer(condition: Condition) -> Condition:
    training = condition.training.model_copy(update={"updates": 1_000_000})
    return condition.model_copy(update={"training": training})


def test_a_small_condition_asks_for_little_more_than_its_start(condition: Condition) -> None:
    assert 1200 <= training_mb(condition) < 1300
    assert 10 <= training_minutes(condition) < 12


def test_a_wide_network_asks_for_memory_and_many_updates_for_time(condition: Condition) -> None:
    assert training_mb(wider(condition)) > 1.5 * training_mb(condition)
    assert training_mb(longer(condition)) == training_mb(condition)
    assert training_minutes(longer(condition)) > 2 * training_minutes(condition)


def test_more_members_ask_for_more(condition: Condition) -> None:
    wide = wider(condition)
    fewer = wide.model_copy(update={"members": wide.members[:2]})
    assert training_mb(fewer) < training_mb(wide)
    assert training_minutes(longer(fewer)) < training_minutes(longer(wide))


def test_each_attempt_asks_for_more(condition: Condition) -> None:
    assert training_mb(condition, 2) == 2 * training_mb(condition)
    assert training_minutes(condition, 3) == 3 * training_minutes(condition)
    one, other = (Requests().evaluation_mb([condition], [8], 48, attempt) for attempt in (1, 2))
    assert other == 2 * one


def test_evaluation_needs_the_memory_of_one_condition_and_the_time_of_all(
    condition: Condition,
) -> None:
    wide = wider(condition)
    several = [wide] * 500
    assert Requests().evaluation_mb(several, [8, 64], 48) == Requests().evaluation_mb(
        [wide], [8, 64], 48
    )
    assert Requests().evaluation_mb([wide], [8, 640], 48) > Requests().evaluation_mb(
        [wide], [8, 64], 48
    )
    times = [Requests().evaluation_minutes(each, [512, 512], 512) for each in ([wide], several)]
    assert times[1] > 10 * times[0]


def test_members_of_the_search_count_where_they_are_more(condition: Condition) -> None:
    wide = wider(condition)
    searched = wide.model_copy(update={"search_rules": 50})
    assert len(searched.search_members) > len(searched.members)
    assert training_mb(searched) > training_mb(wide)
    assert training_minutes(longer(searched)) > training_minutes(longer(wide))


def test_a_condition_is_computed_once(
    condition: Condition, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed = []

    def counted(one: Condition) -> Formulas:
        computed.append(one.id)
        return formulas(one)

    monkeypatch.setattr("timeshare.cost.resources.formulas", counted)
    requests = Requests()
    for attempt in (1, 2):
        requests.training_mb(condition, attempt)
        requests.training_minutes(condition, attempt)
        requests.evaluation_mb([condition], [8], 48, attempt)
    assert computed == [condition.id]


def test_a_gpu_is_asked_for_where_the_device_is_one() -> None:
    assert (gpus("cpu"), gpus("cuda"), gpus("cuda:1")) == (0, 1, 1)


def test_asking_loads_no_torch() -> None:
    code = "import sys, timeshare.cost.resources; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
