"""A configuration file is read, or refused in one sentence, whatever is in it."""

from pathlib import Path

import pytest

from timeshare.experiment.reading import DEEPEST, read_yaml
from timeshare.experiment.strict import ConfigurationError

BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
MERGES = "a: &a {x: 1}\n" + "".join(
    f"{name}: &{name} {{<<: [{', '.join([f'*{before}'] * 9)}]}}\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


def read(folder: Path, content: bytes | str) -> object:
    path = folder / "mine.yaml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_yaml(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"name: \xff\xfe", "byte 7 is not UTF-8"),
        ("name: a\0b", "characters are not allowed"),
        ("day: 2020-13-45", "line 1: '2020-13-45' cannot be read as a value"),
        ("\nseed: " + "9" * 5000, "line 2: '9999"),
        ("flag: !!bool perhaps", "line 1: 'perhaps' cannot be read as a value"),
        ("a: " + "[" * 500, "within each other"),
        ("{a: " * 500, "within each other"),
        ("? [a, b]\n: 1", "line 1: a key is one word"),
        ("a: &a [*a]", "an alias names a part that contains it"),
        ("a: &a {b: *a}", "an alias names a part that contains it"),
        (BOMB, "more than 200,000 parts"),
        (MERGES, "more than 200,000 parts"),
        ("x: " + "y" * 1_000_000, "more than 1,000,000 bytes"),
        ("a: *nowhere", "found undefined alias"),
        ("a: [1", "line 2: "),
        ("!!python/object:os.system x", "could not determine a constructor"),
        ("a: 1\n" + "k" * 300 + ": 1\n" + "k" * 300 + ": 2", "line 3: 'kkk"),
        ("- a list", "a configuration is a mapping"),
        ("", "a configuration is a mapping"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_short_sentence(
    tmp_path: Path, content: bytes | str, said: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read(tmp_path, content)
    message = str(caught.value)
    assert message.startswith("mine.yaml: ")
    assert said in message
    assert "\n" not in message
    assert len(message) < 300


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"^mine\.yaml: cannot be read: No such file"):
        read_yaml(tmp_path / "mine.yaml")


def test_a_folder_is_no_configuration(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="Is a directory"):
        read_yaml(tmp_path)


def test_aliases_and_merges_are_read(tmp_path: Path) -> None:
    text = "a: &a {x: 1, y: 2}\nb:\n  <<: *a\n  y: 3\nc: [*a, *a]\n"
    both = {"x": 1, "y": 2}
    assert read(tmp_path, text) == {"a": both, "b": {"x": 1, "y": 3}, "c": [both, both]}


def test_what_lies_as_deep_as_is_allowed_is_read(tmp_path: Path) -> None:
    depth = DEEPEST - 1
    assert read(tmp_path, "a: " + "[" * depth + "]" * depth) != {}
