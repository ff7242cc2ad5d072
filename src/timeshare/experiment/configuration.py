"""The configuration of an experiment, read from YAML and checked as a whole."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError, model_validator

from timeshare.experiment.consistency import faults
from timeshare.experiment.files import importable, located
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

        For example:

        >>> shared = {"cell": "lstm", "schedule": {"kind": "shared"}, "hidden_size": 8}
        >>> sweep = {"tasks": ["parity"], "variants": ["shared"], "lengths": [12]}
        >>> content = {"tasks": {"parity": {}}, "variants": {"shared": shared}}
        >>> experiment = Experiment.parse({**content, "sweeps": {"main": sweep}}, "tiny.yaml")
        >>> experiment.name, experiment.evaluated_lengths("parity")
        ('tiny', [12, 24, 48])
        """
        try:
            return cls.model_validate({"name": Path(source).stem, **located(content, folder)})
        except ValidationError as error:
            raise explain(error, source) from None

    @classmethod
    def read(cls, path: Path) -> "Experiment":
        """Read and validate a configuration file.

        Classes that it names by import paths may lie in modules beside it.

        Raises `ConfigurationError` with one line for each fault.
        """
        importable(path.parent)
        return cls.parse(read_yaml(path), path.name, path.parent)
