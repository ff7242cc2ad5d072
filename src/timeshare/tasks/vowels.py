"""Japanese Vowels: which of nine men speaks."""

from functools import cache

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from pydantic import Field

from timeshare.storage.streams import stream
from timeshare.tasks.base import Sequences, Split, Targets, Task

CHANNELS = 12
SPEAKERS = 9
LONGEST = 29
TRAINING = 270
TESTING = 370


class Vowels(Task):
    """Tell nine speakers apart by one utterance of two vowels, 12 LPC cepstra a frame.

    Length T means utterances cropped to their first T frames. A shorter one is padded with
    zeros, its true length kept, and read out at its last true frame. The published split holds
    270 training and 370 test utterances of 7 to 29 frames; the validation split takes `held_out`
    utterances of each speaker out of the training ones. Length is confounded with the speaker,
    hence crops and not a choice of utterances.

    Remember: a running average of the channels goes far (logistic regression on the mean of
    whole utterances scores .968); the order of the two vowels adds the rest.

    Chance: the share of the commonest speaker in the split.

    Unseen length: a shorter or longer crop of the same utterances, 29 frames at most.

    Source: Kudo, Toyama & Shimbo (1999), "Multidimensional curve classification using passing-
    through regions". The data are the UCI Japanese Vowels, which UCI offers under CC BY 4.0, as
    shipped by the package sktime (code under BSD-3-Clause).
    """

    targets = Targets.FINAL

    held_out: int = Field(
        default=6, ge=1, le=15, description="validation utterances of each speaker, of 30"
    )

    @property
    def input_size(self) -> int:
        """Twelve features, the cepstra of a frame."""
        return CHANNELS

    @property
    def prefixes(self) -> bool:
        """The first steps of a sequence, with its target, are a sequence of the task."""
        return True

    @property
    def output_size(self) -> int:
        """Nine classes, one for each speaker."""
        return SPEAKERS

    @property
    def symbolic(self) -> bool:
        """The inputs are features, not symbols."""
        return False

    @property
    def input_names(self) -> tuple[str, ...]:
        """Names of the cepstra."""
        return tuple(f"cepstrum {number}" for number in range(1, CHANNELS + 1))

    @property
    def output_names(self) -> tuple[str, ...]:
        """Names of the speakers."""
        return tuple(f"speaker {number}" for number in range(1, SPEAKERS + 1))

    def size(self, split: Split) -> int:
        """Number of utterances; the published training ones are divided with validation."""
        held = SPEAKERS * self.held_out
        return {
            Split.TRAIN: TRAINING - held,
            Split.VALIDATION: held,
            Split.TEST: TESTING,
        }[split]

    def length_fault(self, length: int) -> str | None:
        """Lengths end at the 29 frames of the longest utterance."""
        if 1 <= length <= LONGEST:
            return None
        return f"utterances have 1 to {LONGEST} frames, not {length}"

    def sample(self, count: int, length: int, split: Split, rng: Generator) -> Sequences:
        """Give the first `count` utterances of the split in an order drawn from `rng`.

        Training order is stratified: every run of nine holds each speaker once.
        """
        frames, lengths, speakers = _utterances("test" if split is Split.TEST else "train")
        chosen = self._members(split, speakers)
        if split is Split.TRAIN:
            by_speaker = [rng.permutation(chosen[speakers[chosen] == s]) for s in range(SPEAKERS)]
            chosen = rng.permuted(np.stack(by_speaker, axis=1), axis=1).reshape(-1)
        else:
            chosen = rng.permutation(chosen)
        chosen = chosen[:count]
        return Sequences(
            inputs=frames[chosen, :length],
            targets=speakers[chosen],
            lengths=np.minimum(lengths[chosen], length),
        )

    def _members(self, split: Split, speakers: NDArray[np.int64]) -> NDArray[np.int64]:
        if split is Split.TEST:
            return np.arange(len(speakers))
        order = stream("vowels", "held-out").permutation(len(speakers))
        held = np.concatenate(
            [order[speakers[order] == s][: self.held_out] for s in range(SPEAKERS)]
        )
        return held if split is Split.VALIDATION else np.setdiff1d(order, held)


@cache
def _utterances(
    part: str,
) -> tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.int64]]:
    """Frames `[N, 29, 12]` padded with zeros, true lengths `[N]` and speakers `[N]`."""
    from sktime.datasets import load_japanese_vowels

    cases, labels = load_japanese_vowels(split=part, return_type="df-list")
    frames = np.zeros((len(cases), LONGEST, CHANNELS), dtype=np.float32)
    for row, case in enumerate(cases):
        frames[row, : len(case)] = case.to_numpy()
    lengths = np.array([len(case) for case in cases], dtype=np.int64)
    return frames, lengths, np.asarray(labels, dtype=np.int64) - 1
