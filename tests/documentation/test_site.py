"""The documentation builds without a single warning, and holds every page."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("sphinx", reason="the documentation needs the extra `docs`")


@pytest.mark.slow
def test_the_documentation_builds_without_a_warning(root: Path, tmp_path: Path) -> None:
    options = ["-W", "--keep-going", "-n", "-q", "-b", "html", "-d", str(tmp_path / "doctrees")]
    command = [sys.executable, "-m", "sphinx", *options, str(root / "docs"), str(tmp_path / "site")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    pages = {path.relative_to(root / "docs") for path in (root / "docs").rglob("*.md")}
    for page in pages:
        assert (tmp_path / "site" / page.with_suffix(".html")).exists()
    index = (tmp_path / "site/index.html").read_text(encoding="utf-8")
    assert "rate-map" in index
    interface = (tmp_path / "site/api/nn.html").read_text(encoding="utf-8")
    assert re.search("<strong>schedule</strong>.*: a name, or a ", interface)
