"""Names of symbols for readers."""


def numbers_and_letters(numbers: int, letters: int) -> tuple[str, ...]:
    """Numbers for the first symbols, then letters `a`, `b`, ... for the others."""
    named = [chr(ord("a") + place) if place < 26 else f"n{place}" for place in range(letters)]
    return (*(str(number) for number in range(numbers)), *named)
