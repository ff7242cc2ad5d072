"""The JSON schema of the configuration, generated from its models.

Run as a module it writes `workflow/schemas/config.schema.json`.
"""

import json
import sys
from pathlib import Path

from timeshare.experiment.configuration import Experiment
from timeshare.storage.files import replacing


def schema() -> str:
    """The schema as a JSON document."""
    return json.dumps(Experiment.model_json_schema(), indent=2) + "\n"


if __name__ == "__main__":
    with replacing(Path(sys.argv[1])) as temporary:
        temporary.write_text(schema())
