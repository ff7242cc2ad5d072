"""Write the page of all tables: `python -m timeshare.analysis.contracts docs/tables.md`."""

import sys
from pathlib import Path

from timeshare.analysis.contracts.page import page
from timeshare.storage.files import replacing

if __name__ == "__main__":
    with replacing(Path(sys.argv[1])) as temporary:
        temporary.write_text(page())
