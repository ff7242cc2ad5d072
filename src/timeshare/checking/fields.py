"""What holds for the parameters and imports of every class that a configuration names."""

import subprocess
import sys
from collections.abc import Iterator

from pydantic import BaseModel


def field_faults(cls: type[BaseModel], base: type[BaseModel]) -> Iterator[str]:
    """Parameters without a description."""
    for name, field in cls.model_fields.items():
        if name not in base.model_fields and not field.description:
            yield f"the parameter `{name}` has no description: Field(..., description=...)."


def import_faults(path: str) -> Iterator[str]:
    """Whether the module of an import path loads torch, which planning must not wait for."""
    module = path.partition(":")[0]
    code = (
        f"import sys\nsys.path[:] = {sys.path!r}\n"
        f"import {module}\nsys.exit(3 if 'torch' in sys.modules else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    if done.returncode == 3:
        yield (
            f"importing {module} loads torch, which takes a second in every job: import it inside "
            "the functions that need it, and `Tensor` under TYPE_CHECKING."
        )
