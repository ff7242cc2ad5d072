"""What a killed job leaves behind under Snakemake, and who removes it."""

import subprocess
import sys
from pathlib import Path

SNAKEFILE = """
rule result:
    output:
        "result",
    shell:
        "{python} write.py {{output}}"
"""

WRITE = """
import os, pathlib, signal, sys
from timeshare.storage.files import replacing
with replacing(pathlib.Path(sys.argv[1])) as temporary:
    temporary.write_text("whole")
    if not pathlib.Path("killed").exists():
        pathlib.Path("killed").touch()
        os.kill(os.getpid(), signal.SIGKILL)
"""


def test_snakemake_leaves_the_temporary_file_of_a_killed_job_and_the_next_write_removes_it(
    tmp_path: Path,
) -> None:
    (tmp_path / "Snakefile").write_text(SNAKEFILE.format(python=sys.executable))
    (tmp_path / "write.py").write_text(WRITE)

    def run() -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "snakemake", "--cores", "1"]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    def files() -> list[str]:
        return [path.name for path in tmp_path.iterdir() if "result" in path.name]

    first = run()
    assert first.returncode != 0
    left = files()
    assert len(left) == 1
    assert left[0].startswith(".result.")
    assert left[0].endswith(".part")
    second = run()
    assert second.returncode == 0, second.stderr
    assert files() == ["result"]
    assert (tmp_path / "result").read_text() == "whole"
