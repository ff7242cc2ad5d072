"""The configuration of an experiment, read from YAML and checked as a whole."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError, model_validator

from timeshare.experiment.consistency import faults
from timeshare.experiment.files import located
from timeshare.experiment.reading import read_yaml
from timeshare.experiment.sections import Sections
from timeshare.experiment.strict import explain


class Experiment(Sections):
    """One question, one grid of conditions, one report."""

    @model_validator(mode="after")
    def _sections_fit_together(self) -> "Experiment":
        for fault in faults(self):
            raise ValueError(fault)
        return self

    @classmethod
    def parse(
        cls,
        content: Mapping[str, Any],
        source: str = "config.yaml",
        folder: Path = Path(),
    ) -> "Experiment":
        """Validate a configuration that was already read.

        Arguments:
            content: the configuration.
            source: name of its file. The part before the ending is the name of the experiment
                where the configuration gives none.
            folder: where it lies, and the files that it names are looked for.

        Raises `ConfigurationError` with one line for each fault.
        """
        try:
            return cls.model_validate({"name": Path(source).stem, **located(content, folder)})
        except ValidationError as error:
            raise explain(error, source) from None

    @classmethod
    def read(cls, path: Path) -> "Experiment":
        """Read and validate a configuration file.

        Raises `ConfigurationError` with one line for each fault.
        """
        return cls.parse(read_yaml(path), path.name, path.parent)
