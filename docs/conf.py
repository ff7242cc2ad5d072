"""How Sphinx builds the documentation: `make docs`, into build/site."""

import re
import tomllib
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from timeshare.gallery.answer import answer

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

project = "timeshare"
author = "The timeshare maintainers"
copyright = author
version = release = PROJECT["version"]

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.intersphinx",
    "sphinx_copybutton",
    "sphinx_design",
]

# Markdown -----------------------------------------------------------------------------------
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 4

# Docstrings: plain text with sections such as `Arguments:`, in which `name` is code ------------
default_role = "literal"
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_preserve_defaults = True
autodoc_default_options = {
    "members": True,
    "exclude-members": "model_config, model_post_init",
}
python_use_unqualified_type_names = True
add_module_names = False

# Names of other libraries are links where their indices can be read, and plain text elsewhere ----
INDICES = {
    "python": "https://docs.python.org/3/",
    "torch": "https://docs.pytorch.org/docs/stable/",
    "pandas": "https://pandas.pydata.org/docs/",
    "snakemake": "https://snakemake.readthedocs.io/en/stable/",
}


def reachable(address: str) -> bool:
    """Whether the index of names at an address can be read."""
    request = urllib.request.Request(f"{address}objects.inv", method="HEAD")
    try:
        with urllib.request.urlopen(request, timeout=3):
            return True
    except (urllib.error.URLError, OSError):
        return False


intersphinx_mapping = {
    name: (address, None) for name, address in INDICES.items() if reachable(address)
}
nitpick_ignore_regex = [
    (
        r"py:.*",
        r"(torch|pandas|pd|numpy|np|pydantic|pathlib|collections|typing|abc|enum|types)\b.*",
    ),
    (
        r"py:.*",
        r"Tensor|Generator|NDArray|DataFrame|Series|Path|optional|str|int|float|bool|object|tuple.*",
    ),
]

# Pages -----------------------------------------------------------------------------------------
html_theme = "pydata_sphinx_theme"
html_title = "timeshare"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_extra_path = ["../reports/study/report.html"]
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {
    "navigation_with_keys": False,
    "show_nav_level": 2,
    "navbar_align": "left",
    "header_links_before_dropdown": 6,
    "footer_start": ["copyright"],
    "footer_end": ["sphinx-version"],
}


# What the committed report found ------------------------------------------------------------------
STUDY = ROOT / "reports/study/report.md"


def with_report(_app: Any, page: str, source: list[str]) -> None:
    """Put the answer of the committed report, or its first half, into the pages that show it."""
    text = STUDY.read_text(encoding="utf-8")
    if page == "index":
        source[0] = source[0].replace("ANSWER", answer(text, "../reports/study"))
    if page == "answer":
        shown = text.partition("\n## Score, overfitting and cost")[0].partition("\n")[2]
        shown = re.sub(r"\]\((figures|tables)/", r"](../reports/study/\1/", shown)
        shown = re.sub(r"\]\((#[^)]*)\)", r"](report-page)", shown)
        source[0] = source[0].replace("REPORT", shown)
        source[0] = source[0].replace("[The whole report](report-page)", WHOLE)


SECTIONS = {"Arguments:": "param", "Returns:": "returns", "Yields:": "returns"}
"""Sections of docstrings, and the fields of reStructuredText that they become."""


def as_fields(lines: list[str]) -> list[str]:
    """The lines of a docstring with its sections as fields; the text of a section is indented."""
    found: list[str] = []
    section = ""
    for line in lines:
        if line in SECTIONS:
            section = SECTIONS[line]
            found.append("")
        elif section and line and not line.startswith(" "):
            section = ""
            found += ["", line]
        elif section == "param" and re.match(r" {4}\S", line):
            name, _, text = line.strip().partition(": ")
            found.append(f":param {name}: {text}")
        elif section == "returns" and re.match(r" {4}\S", line) and ":returns:" not in found[-1]:
            found.append(f":returns: {line.strip()}")
            section = "rest"
        else:
            found.append(line)
    return found


def with_fields(_app: Any, _what: str, _name: str, _object: Any, _options: Any, lines: Any) -> None:
    """Let sections of docstrings be shown as the lists that they are."""
    lines[:] = as_fields(list(lines))


def without_fields(_app: Any, what: str, _name: str, subject: Any, *_rest: Any) -> Any:
    """Leave the parameters of a model out of its signature: other pages list them."""
    return ("", None) if what == "class" and issubclass(subject, BaseModel) else None


WHOLE = '<a href="report.html">The whole report</a>'


def setup(app: Any) -> None:
    """Register what Sphinx calls."""
    app.connect("source-read", with_report)
    app.connect("autodoc-process-docstring", with_fields)
    app.connect("autodoc-process-signature", without_fields)
