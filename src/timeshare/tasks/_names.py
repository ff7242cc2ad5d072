"""What readers call symbols."""


def names_with_noise(informative: int, noise: int) -> tuple[str, ...]:
    """Numbers for the symbols that matter, then `a`, `b`, ... for those that do not."""
    letters = [chr(ord("a") + place) if place < 26 else f"n{place}" for place in range(noise)]
    return (*(str(number) for number in range(informative)), *letters)
