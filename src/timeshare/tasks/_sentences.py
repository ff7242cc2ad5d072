"""Small grammars of sentences about days and weather, in which phrases move."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

NONE = -1
"""Stands where there is no phrase or no word."""

Phrase = tuple[str, ...]


def _phrases(*texts: str) -> tuple[Phrase, ...]:
    return tuple(tuple(text.split()) for text in texts)


@dataclass(frozen=True)
class Language:
    """The phrases of a language.

    Arguments:
        days: phrases that name a day; in all of them the last word is the day.
        weathers: phrases that name the weather; in all of them the last word is the weather.
        others: phrases that say neither, of one word and more.
    """

    days: tuple[Phrase, ...]
    weathers: tuple[Phrase, ...]
    others: tuple[Phrase, ...]

    @property
    def day_names(self) -> tuple[str, ...]:
        """The days."""
        return tuple(phrase[-1] for phrase in self.days)

    @property
    def weather_names(self) -> tuple[str, ...]:
        """The weathers."""
        return tuple(phrase[-1] for phrase in self.weathers)

    @property
    def words(self) -> tuple[str, ...]:
        """All words; some occur twice."""
        return tuple(
            word for part in (self.days, self.weathers, self.others) for p in part for word in p
        )

    @property
    def shortest(self) -> int:
        """Words of the shortest sentence."""
        return len(self.days[0]) + len(self.weathers[0])

    def sentences(self, length: int) -> float:
        """How many sentences of this many words there are for one order of the two phrases."""
        room = length - self.shortest
        if room < 0:
            return 0.0
        pairs = len(self.days) * len(self.weathers)
        return pairs * sum(
            ways * (number + 1) * (number + 2) / 2
            for number, ways in enumerate(_fillings(self.others, room))
        )

    def sentence_words(
        self,
        days: NDArray[np.int64],
        weathers: NDArray[np.int64],
        weather_first: NDArray[np.bool_],
        length: int,
        rng: Generator,
    ) -> NDArray[np.int64]:
        """Sentences of exactly `length` words, as places in `words`; the two phrases, of these days
        and weathers and in this order, stand anywhere in them.

        Arguments:
            days: `[N]`.
            weathers: `[N]`.
            weather_first: whether the weather comes before the day `[N]`.
            length: words T of a sentence.
            rng: draws the other phrases and the places of the two.

        Returns:
            `[N, T]`.
        """
        others = self._others(len(days), length - self.shortest, rng)
        phrases = others + len(self.days) + len(self.weathers)
        phrases[others < 0] = NONE
        day, weather = days, weathers + len(self.days)
        slots = (others >= 0).sum(axis=1) + 2
        first, second = _two_places(slots, rng)
        ordered = np.full((len(days), others.shape[1] + 2), NONE)
        rows = np.arange(len(days))
        ordered[rows, first] = np.where(weather_first, weather, day)
        ordered[rows, second] = np.where(weather_first, day, weather)
        free = (ordered == NONE) & (np.arange(ordered.shape[1]) < slots[:, None])
        ordered[free] = phrases[others >= 0]
        words = _word_table(self)[ordered]
        sentences: NDArray[np.int64] = words[words != NONE].reshape(len(days), length)
        return sentences

    def _others(self, count: int, room: int, rng: Generator) -> NDArray[np.int64]:
        """Other phrases that fill the room, none twice in a row, then `NONE`: `[N, room]`."""
        sizes = np.array([len(phrase) for phrase in self.others])
        left = np.full((count, 1), room)
        last = np.full((count, 1), NONE)
        chosen = []
        for _ in range(room):
            fitting = (sizes <= left) & (np.arange(len(sizes)) != last)
            which = _one_of(fitting, rng)
            last = np.where(left > 0, which, NONE)
            left = left - np.where(left > 0, sizes[which], 0)
            chosen.append(last)
        return np.concatenate(chosen, axis=1) if chosen else np.empty((count, 0), dtype=np.int64)


def _one_of(allowed: NDArray[np.bool_], rng: Generator) -> NDArray[np.int64]:
    """A uniform choice among the allowed columns of each row, `[N, 1]`; 0 where none is."""
    numbers = rng.random((len(allowed), 1)) * allowed.sum(axis=1, keepdims=True)
    which: NDArray[np.int64] = (allowed.cumsum(axis=1) > numbers).argmax(axis=1)[:, None]
    return which


def _two_places(
    slots: NDArray[np.int64], rng: Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Two different places among the slots of each row, the earlier one first."""
    one = rng.integers(0, slots)
    other = rng.integers(0, slots - 1)
    other = other + (other >= one)
    return np.minimum(one, other), np.maximum(one, other)


@cache
def _word_table(language: Language) -> NDArray[np.int64]:
    """The words of each phrase as places in `words`, then `NONE`; the last row has no words."""
    phrases = (*language.days, *language.weathers, *language.others)
    table = np.full((len(phrases) + 1, max(map(len, phrases))), NONE)
    place = 0
    for row, phrase in enumerate(phrases):
        table[row, : len(phrase)] = np.arange(place, place + len(phrase))
        place += len(phrase)
    return table


@cache
def _fillings(others: tuple[Phrase, ...], room: int) -> tuple[float, ...]:
    """In how many ways 0, 1, 2, ... of the other phrases, none twice in a row, fill the room."""
    if room == 0:
        return (1.0,)
    # Ways by words used and by the last phrase; at first a phrase that is none of them.
    ways = np.zeros((room + 1, len(others) + 1))
    ways[0, -1] = 1
    found = [0.0]
    for _ in range(room):
        longer = np.zeros_like(ways)
        for place, phrase in enumerate(others):
            before = ways.sum(axis=1) - ways[:, place]
            longer[len(phrase) :, place] = before[: room + 1 - len(phrase)]
        ways = longer
        found.append(float(ways[room].sum()))
    return tuple(found)


ENGLISH = Language(
    days=_phrases(
        "on monday",
        "on tuesday",
        "on wednesday",
        "on thursday",
        "on friday",
        "on saturday",
        "on sunday",
    ),
    weathers=_phrases("it was snowing", "it was raining", "it was hailing", "it was thundering"),
    others=_phrases(
        "again",
        "outside",
        "apparently",
        "all morning",
        "as usual",
        "in the village",
        "near the river",
    ),
)

SPANISH = Language(
    days=_phrases(
        "el lunes",
        "el martes",
        "el miércoles",
        "el jueves",
        "el viernes",
        "el sábado",
        "el domingo",
    ),
    weathers=_phrases("estaba nevando", "estaba lloviendo", "estaba granizando", "estaba tronando"),
    others=_phrases(
        "afuera",
        "todavía",
        "aparentemente",
        "otra vez",
        "sin parar",
        "en el pueblo",
        "cerca del río",
    ),
)
