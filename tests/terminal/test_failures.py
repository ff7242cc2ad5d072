"""The text of a failure: the one log that matters, and its end where it is long."""

from pathlib import Path

from snakemake_logger_plugin_timeshare.failures import LINES, failure


def test_a_long_log_is_shown_from_its_end(tmp_path: Path) -> None:
    log = tmp_path / "train.log"
    log.write_text("\n".join(f"line {number}" for number in range(LINES + 5)))
    text = failure("Training", "train", [str(log)], "")
    assert f"The last {LINES} lines of {log}" in text
    assert "line 4\n" not in text
    assert text.endswith(f"line {LINES + 4}")


def test_the_first_log_with_content_is_shown(tmp_path: Path) -> None:
    (tmp_path / "empty.log").write_text("\n")
    (tmp_path / "other.log").write_text("out of memory")
    logs = [str(tmp_path / name) for name in ("missing.log", "empty.log", "other.log")]
    text = failure("", "train", logs, "a reason that the log explains better")
    assert text.splitlines()[0] == "Failed: train"
    assert text.endswith("    out of memory")
    assert "a reason" not in text


def test_without_content_the_reason_stands_for_it(tmp_path: Path) -> None:
    text = failure("Training", "train", [str(tmp_path / "none.log")], "it was killed\nby signal 9")
    assert "  it was killed\n  by signal 9\n" in text
    assert "Its log is empty" in text
