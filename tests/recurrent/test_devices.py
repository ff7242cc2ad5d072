"""The device that a name stands for."""

import pytest
import torch

from timeshare.recurrent.devices import device_of


def test_auto_is_a_gpu_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for found, expected in ((True, "cuda"), (False, "cpu")):
        monkeypatch.setattr(torch.cuda, "is_available", lambda found=found: found)
        assert device_of("auto") == torch.device(expected)


def test_a_gpu_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert device_of("cpu") == torch.device("cpu")
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    assert device_of("cuda:1") == torch.device("cuda", 1)
    with pytest.raises(ValueError, match="'cuda:2': PyTorch finds 2 GPUs on this machine"):
        device_of("cuda:2")


@pytest.mark.parametrize("name", ["tpu", "gpu", "meta", ""])
def test_another_device_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"device is cpu, cuda, cuda:<number> or auto, not "):
        device_of(name)
