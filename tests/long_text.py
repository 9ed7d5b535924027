"""A text of any length made from the sample documents: `python tests/long_text.py 20000 > file`.

The same length and seed always give the same text. Paragraphs come in a new order each round, and
from the second round on names, figures and some small words are exchanged, so that it is more
than repetition and entities differ from place to place.
"""

from __future__ import annotations

import random
import re
import sys
from functools import cache
from pathlib import Path

SEEDS = Path(__file__).parent.parent / "seeds"

# Each row's words can stand in for one another wherever they occur as whole words.
_EXCHANGES = (
    ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    ("January", "February", "April", "June", "July", "September", "October", "December"),
    ("Solvang", "Brandauer", "Mallory", "Whitcombe", "Ferrant", "Castellan", "Kehoe", "Tolan"),
    ("Ingrid", "Ilse", "Eleanor", "Farida", "Lucia", "Maeve", "Katrine", "Adaeze"),
    ("Velmar", "Bergsund", "Uppsala", "Marenburg", "Talmouth", "Dunmore", "Sarnov", "Wexley"),
    ("Kestria", "Brennia", "Tolland", "Norway", "Ukraine", "Portugal", "Kenya"),
    ("probably", "possibly", "certainly", "perhaps"),
    ("said", "claimed", "wrote", "repeated"),
    ("believes", "doubts", "hopes", "fears"),
    ("may", "might", "could", "will"),
    ("harbour", "library", "bridge", "terminal", "museum", "railway"),
)
_ROWS = {word: row for row in _EXCHANGES for word in row}
_CHANGEABLE = re.compile(rf"\b(?:{'|'.join(_ROWS)}|[1-9]\d?)\b")


@cache
def _paragraphs() -> tuple[str, ...]:
    files = sorted(path for path in SEEDS.iterdir() if path.suffix in (".txt", ".md"))
    texts = (path.read_text(encoding="utf-8") for path in files)
    return tuple(part for text in texts for part in text.split("\n") if part.strip())


def long_text(words: int, seed: int = 0) -> str:
    """A text of at least `words` words, counted at white space, and at most a paragraph more."""
    chance = random.Random(f"{words}/{seed}")
    parts: list[str] = []
    missing, rounds = words, 0
    while missing > 0:
        order = list(_paragraphs())
        chance.shuffle(order)
        for paragraph in order:
            part = _varied(paragraph, chance) if rounds else paragraph
            parts.append(part)
            missing -= len(part.split())
            if missing <= 0:
                break
        rounds += 1
    return "\n\n".join(parts) + "\n"


def _varied(paragraph: str, chance: random.Random) -> str:
    def exchange(match: re.Match[str]) -> str:
        word = match.group()
        if chance.random() < 0.3:
            return word
        return chance.choice(_ROWS[word]) if word in _ROWS else str(chance.randint(1, 99))

    return _CHANGEABLE.sub(exchange, paragraph)


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")
    sys.stdout.write(long_text(*map(int, sys.argv[1:])))
