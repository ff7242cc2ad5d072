"""Sentences about days and weather, whose phrases move."""

from functools import cache
from typing import Literal

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from pydantic import Field

from timeshare.tasks._sentences import ENGLISH, SPANISH, Language
from timeshare.tasks.base import HELD_OUT, TRAINED, Sequences, Split, Targets, Task

COUNTABLE = 100
"""Words up to which sentences are counted; there are more than 10^30 of that length."""


class Snow(Task):
    """Understand what weather it was on what day: "on monday it was snowing" means the same as
    "it was snowing on monday", and "el lunes estaba nevando" as "estaba nevando el lunes".

    A sentence of T words holds a phrase for the day, one for the weather, and others that do not
    matter ("in the village", "otra vez"), in any order. The label is the weather, the day, or
    both. Training and validation sentences show the two phrases in one order; half of the test
    sentences show the other, held-out one, which means the same. Words have no capitals.

    Remember: the weather (2 bits) or the day (3 bits), wherever it came.

    Chance: the share of the commonest label, near 1/4 for the weather, 1/7 for the day, 1/28 for
    both.

    Unseen length: shorter or longer sentences, with fewer or more phrases that do not matter.

    Source: ours; the sentences are those with which the sharing of weights is often explained,
    after Goodfellow, Bengio & Courville (2016), "Deep learning", chapter 10.
    """

    targets = Targets.FINAL

    language: Literal["english", "spanish", "both"] = Field(
        default="english", description="language of the sentences; 'both' mixes them"
    )
    asks: Literal["weather", "day", "both"] = Field(
        default="weather", description="what the label says"
    )
    held_out: Literal["weather-first", "day-first", "none"] = Field(
        default="weather-first", description="order of the two phrases that training never shows"
    )

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages of its sentences."""
        named = {"english": (ENGLISH,), "spanish": (SPANISH,), "both": (ENGLISH, SPANISH)}
        return named[self.language]

    @property
    def words(self) -> tuple[str, ...]:
        """All words, each once."""
        return _words(self.languages)

    @property
    def input_size(self) -> int:
        """One symbol for each word."""
        return len(self.words)

    @property
    def output_size(self) -> int:
        """One class for each day, each weather, or each pair of them."""
        return len(self.output_names)

    @property
    def input_names(self) -> tuple[str, ...]:
        """The words themselves."""
        return self.words

    @property
    def output_names(self) -> tuple[str, ...]:
        """Names of the labels, in the first of the languages."""
        days, weathers = self.languages[0].day_names, self.languages[0].weather_names
        both = tuple(f"{day} {weather}" for day in days for weather in weathers)
        return {"both": both, "day": days, "weather": weathers}[self.asks]

    @property
    def group_names(self) -> tuple[str, ...]:
        """Sentences are grouped by the order of the two phrases."""
        return ("trained",) if self.held_out == "none" else ("trained", "held-out")

    def space(self, length: int) -> float:
        """Number of sentences whose order occurs in training."""
        orders = 2 if self.held_out == "none" else 1
        counted = min(length, COUNTABLE)
        return orders * sum(language.sentences(counted) for language in self.languages)

    def length_fault(self, length: int) -> str | None:
        """A sentence is long enough for its two phrases."""
        shortest = max(language.shortest for language in self.languages)
        if length >= shortest:
            return None
        return f"a sentence has at least {shortest} words, not {length}"

    def sample(self, count: int, length: int, split: Split, rng: Generator) -> Sequences:
        """Draw sentences of a uniform language, day, weather and allowed order."""
        chosen = rng.integers(0, len(self.languages), count)
        days = rng.integers(0, len(ENGLISH.days), count)
        weathers = rng.integers(0, len(ENGLISH.weathers), count)
        weather_first = rng.integers(0, 2, count) == 1
        groups = np.full(count, TRAINED)
        if self.held_out != "none":
            held = (split is Split.TEST) & (rng.integers(0, 2, count) == 1)
            weather_first = held == (self.held_out == "weather-first")
            groups = np.where(held, HELD_OUT, TRAINED)
        inputs = np.empty((count, length), dtype=np.int64)
        for number, language in enumerate(self.languages):
            rows = np.flatnonzero(chosen == number)
            facts = days[rows], weathers[rows], weather_first[rows]
            words = language.sentence_words(*facts, length, rng)
            inputs[rows] = _symbols(self.languages, number)[words]
        return Sequences(inputs, self._labels(days, weathers), groups=groups)

    def _labels(self, days: NDArray[np.int64], weathers: NDArray[np.int64]) -> NDArray[np.int64]:
        both = days * len(ENGLISH.weathers) + weathers
        return {"both": both, "day": days, "weather": weathers}[self.asks]


@cache
def _symbols(languages: tuple[Language, ...], number: int) -> NDArray[np.int64]:
    """The symbol of each of the words of a language."""
    symbols = {word: symbol for symbol, word in enumerate(_words(languages))}
    return np.array([symbols[word] for word in languages[number].words])


@cache
def _words(languages: tuple[Language, ...]) -> tuple[str, ...]:
    words = (word for language in languages for word in language.words)
    return tuple(dict.fromkeys(words))
