"""The device that a configuration names: `cpu`, `cuda`, `cuda:<number>` or `auto`."""

import torch


def device_of(name: str) -> torch.device:
    """The device of a name; `auto` is the first GPU, and the CPU where there is none.

    Raises `ValueError` for another name, and for a GPU that PyTorch cannot find.
    """
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise ValueError(f"device is cpu, cuda, cuda:<number> or auto, not {name!r}") from error
    if device.type not in ("cpu", "cuda"):
        raise ValueError(f"device is cpu, cuda, cuda:<number> or auto, not {name!r}")
    if device.type == "cuda":
        count = torch.cuda.device_count()
        if (device.index or 0) >= count:
            raise ValueError(
                f"device {name!r}: PyTorch finds {count} GPUs on this machine; "
                "choose cpu, or auto, which takes a GPU only where there is one"
            )
    return device
