"""A picture is drawn again when its task changes."""

from timeshare.experiment.staleness import sources
from timeshare.gallery.exhibits import EXHIBITS


def test_a_picture_depends_on_its_task_and_on_no_other() -> None:
    names = EXHIBITS["drift"].names
    assert ("tasks", "drift") in names
    files = sources("gallery", names)
    assert any(file.endswith("tasks/drift.py") for file in files)
    assert not any(file.endswith("tasks/keyword.py") for file in files)
