"""What a report answers, in the README and in the documentation.

`python -m timeshare.gallery.answer` puts the answer of the committed report into the README.
"""

import re
from pathlib import Path

from timeshare.storage.files import replacing

BEGINNING, END = "<!-- answer -->", "<!-- end of answer -->"
"""What stands before and after the answer in the README."""
REPORT = Path("reports/study/report.md")
FIGURE = "figures/rate-map"


def answer(report: str, folder: str) -> str:
    """The figure and the sentences of a report, as Markdown.

    Arguments:
        report: the report in Markdown.
        folder: its folder, as seen from the page that the answer is for.

    Raises `ValueError` for a report without the figure or without sentences.
    """
    sections = report.split("\n## ")
    blocks = [block.strip() for block in sections[0].split("\n\n")[2:]]
    listed = next((place for place, block in enumerate(blocks) if block[:2] == "* "), None)
    figure = re.search(rf"!\[(.*)\]\({FIGURE}\.svg\)", report)
    if not listed or figure is None:
        raise ValueError("the report has no answer in sentences, or no map of where each is better")
    picture = f"![{figure[1]}]({folder}/{FIGURE}.png)"
    return "\n\n".join([picture, *blocks[: listed + 1]])


def with_answer(page: str, found: str) -> str:
    """A page with an answer in the place of the one that it has.

    Raises `ValueError` for a page without the marks of an answer.
    """
    before, mark, rest = page.partition(BEGINNING)
    _, end, after = rest.partition(END)
    if not mark or not end:
        raise ValueError(f"the page has no place for an answer: {BEGINNING} ... {END}")
    return f"{before}{mark}\n{found}\n{end}{after}"


if __name__ == "__main__":
    readme = Path("README.md")
    new = with_answer(
        readme.read_text(encoding="utf-8"),
        answer(REPORT.read_text(encoding="utf-8"), str(REPORT.parent)),
    )
    with replacing(readme) as temporary:
        temporary.write_text(new, encoding="utf-8")
