"""What a run says: Snakemake itself runs a small workflow, on a terminal and into a pipe."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(SOURCE), "TERM": "xterm", "COLUMNS": "100"}
WORKFLOW = """
rule all:
    input: "out/sum.txt"
rule train:
    input: ["data/a.txt", "data/b.txt"]
    output: "out/{n}.txt"
    log: "logs/{n}.log"
    message: "Training number {wildcards.n}"
    shell:
        "(test {wildcards.n} != {config[bad]} || {{ echo weights are not finite; exit 1; }};"
        " echo 1 > {output}) > {log} 2>&1"
rule add:
    input: expand("out/{n}.txt", n=range(3))
    output: "out/sum.txt"
    shell: "cat {input} > {output}"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "Snakefile").write_text(WORKFLOW)
    (tmp_path / "data").mkdir()
    for name in "ab":
        (tmp_path / "data" / f"{name}.txt").write_text(name)
    return tmp_path


def command(bad: int, *arguments: str) -> list[str]:
    words = ["--cores", "1", "--logger", "timeshare", "--config", f"bad={bad}"]
    return [sys.executable, "-m", "snakemake", *words, *arguments]


def piped(folder: Path, bad: int, *arguments: str) -> list[str]:
    done = subprocess.run(
        command(bad, *arguments),
        cwd=folder,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout.splitlines()


def on_terminal(folder: Path, bad: int) -> str:
    """All that the workflow writes to a terminal."""
    main, side = pty.openpty()
    with subprocess.Popen(
        command(bad), cwd=folder, env=ENVIRONMENT, stdin=side, stdout=side, stderr=side
    ):
        os.close(side)
        written = b""
        while True:
            try:
                written += os.read(main, 4096)
            except OSError:
                break
    os.close(main)
    return written.decode()


def lines_left(written: str) -> list[str]:
    """The lines a terminal shows in the end."""
    lines = [""]
    column = 0
    for part in re.findall("\r|\n|\x1b\\[K|[^\r\n\x1b]+", written):
        if part == "\n":
            lines.append("")
            column = 0
        elif part == "\r":
            column = 0
        elif part == "\x1b[K":
            lines[-1] = lines[-1][:column]
        else:
            lines[-1] = lines[-1][:column] + part + lines[-1][column + len(part) :]
            column += len(part)
    return [line for line in lines if line]


def test_into_a_pipe_each_finished_job_is_a_short_line(folder: Path) -> None:
    lines = piped(folder, bad=9)
    assert lines[0] == "5 jobs"
    assert sorted(line.split(" · ")[1] for line in lines[1:4]) == [
        f"Training number {number}" for number in range(3)
    ]
    assert lines[4].startswith("4 of 5 · add · ")
    assert len(lines) == 6
    assert not any("\x1b" in line for line in lines)


def test_a_failure_is_shown_with_its_log_and_once(folder: Path) -> None:
    lines = piped(folder, 1, "--keep-going")
    text = "\n".join(lines)
    place = lines.index("Failed: Training number 1 (rule train)")
    assert lines[place + 1] == "  All of logs/1.log:"
    assert lines[place + 2] == "    weights are not finite"
    assert text.count("weights are not finite") == 1
    assert "data/a.txt" not in text
    assert lines[-1].startswith("1 of 5 jobs failed. Snakemake's own log: ")


def test_a_failure_without_a_log_says_what_snakemake_says(folder: Path) -> None:
    rule = 'rule bare:\n    output: "bare.txt"\n    shell: "exit 3"\n'
    (folder / "Snakefile").write_text(rule)
    text = "\n".join(piped(folder, 9))
    assert "Failed: bare" in text
    assert "returned non-zero exit status 3" in text
    assert "  It has no log." in text


def test_an_error_of_the_workflow_is_shown(folder: Path) -> None:
    text = "\n".join(piped(folder, 9, "--", "nowhere.txt"))
    assert "nowhere.txt" in text


def test_a_dry_run_lists_the_jobs_as_always(folder: Path) -> None:
    text = "\n".join(piped(folder, 9, "--dry-run"))
    assert "Training number 2" in text
    assert "This was a dry-run" in text


def test_a_second_run_says_that_there_is_nothing_to_do(folder: Path) -> None:
    piped(folder, 9)
    assert "Nothing to be done" in piped(folder, 9)[0]


def test_on_a_terminal_one_line_stays_and_is_gone_in_the_end(folder: Path) -> None:
    written = on_terminal(folder, bad=9)
    assert "train 0 of 3" in written
    assert "train 2 of 3 · less than a minute left" in written
    assert lines_left(written) == []


def test_on_a_terminal_a_failure_stays(folder: Path) -> None:
    left = lines_left(on_terminal(folder, bad=1))
    assert "Failed: Training number 1 (rule train)" in left
    assert "    weights are not finite" in left
    assert not any(line.startswith("train ") for line in left)
