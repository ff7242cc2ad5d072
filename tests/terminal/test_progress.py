"""How far a run is, and the estimate of what is left."""

import pytest

from snakemake_logger_plugin_timeshare.progress import Progress, duration, duration_left


class Timer:
    """A timer that moves when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def timer() -> Timer:
    return Timer()


@pytest.fixture
def progress(timer: Timer) -> Progress:
    progress = Progress(timer)
    progress.plan({"train": 4, "judge": 1})
    return progress


def test_before_a_job_has_finished_there_is_no_estimate(progress: Progress) -> None:
    assert progress.line() == "0 of 5 jobs done"
    progress.start(1, "train", "Training one")
    assert progress.line() == "train 0 of 4"
    assert progress.seconds_left() is None


def test_jobs_that_are_left_take_as_long_as_those_of_their_rule(
    progress: Progress, timer: Timer
) -> None:
    progress.start(1, "train", "")
    timer.now += 60
    assert progress.finish(1) == 60
    progress.start(2, "train", "")
    timer.now += 30
    # half of one, two more, and the rule without a finished job as the mean of all
    assert progress.seconds_left() == pytest.approx(30 + 2 * 60 + 60)
    assert progress.line() == "train 1 of 4 · about 4 min left"


def test_before_a_job_has_finished_expected_seconds_tell_what_is_left(
    progress: Progress, timer: Timer
) -> None:
    progress.plan({"train": 4, "judge": 1}, {"train": 50.0, "judge": 40.0})
    assert progress.seconds_left() == 4 * 50 + 40
    progress.start(1, "train", "")
    progress.start(2, "train", "")
    timer.now += 20
    assert progress.seconds_left() == (2 * 30 + 2 * 50 + 40) / 2


def test_expected_seconds_of_other_rules_are_scaled_by_the_pace_so_far(
    progress: Progress, timer: Timer
) -> None:
    progress.plan({"train": 2, "judge": 1}, {"train": 50.0, "judge": 40.0})
    progress.start(1, "train", "")
    timer.now += 100
    progress.finish(1)
    assert progress.seconds_left() == pytest.approx(100 + 2 * 40)


def test_a_rule_of_which_nothing_was_expected_takes_the_mean_of_all(
    progress: Progress, timer: Timer
) -> None:
    progress.plan({"train": 1, "picture": 1}, {"train": 50.0})
    assert progress.seconds_left() == 50 + 50
    progress.start(1, "train", "")
    timer.now += 70
    progress.finish(1)
    assert progress.seconds_left() == pytest.approx(70)


def test_jobs_that_run_at_once_share_the_time(progress: Progress, timer: Timer) -> None:
    progress.start(1, "train", "")
    progress.start(2, "train", "")
    timer.now += 60
    progress.finish(1)
    progress.finish(2)
    assert progress.seconds_left() == pytest.approx(3 * 60 / 2)


def test_a_job_that_takes_longer_than_others_counts_no_negative_time(
    progress: Progress, timer: Timer
) -> None:
    progress.plan({"train": 2})
    progress.start(1, "train", "")
    timer.now += 1
    progress.finish(1)
    progress.start(2, "train", "")
    timer.now += 100
    assert progress.seconds_left() == 0


def test_a_failed_job_runs_no_longer(progress: Progress) -> None:
    progress.start(1, "train", "Training one")
    progress.fail(1)
    assert progress.line() == "0 of 5 jobs done"
    assert progress.title(1) == "Training one"


def test_the_line_speaks_of_the_rule_with_most_jobs(progress: Progress) -> None:
    progress.start(1, "judge", "")
    progress.start(2, "train", "")
    progress.start(3, "train", "")
    assert progress.line() == "train 0 of 4"


def test_times_are_said_as_people_say_them() -> None:
    assert duration_left(20) == "less than a minute left"
    assert duration_left(250) == "about 4 min left"
    assert duration_left(3600) == "about 1 h left"
    assert duration_left(4200) == "about 1 h 10 min left"
    assert [duration(8), duration(200), duration(4200)] == ["8 s", "3 min", "1 h 10 min"]
