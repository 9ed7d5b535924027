"""Where a text is in quotation marks, typographic or straight, over as many sentences as it goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import regex

_PAIRS: Final = {"“": "”", "„": "“”", "«": "»", "‘": "’", '"': '"', "'": "'"}
_MARK: Final = regex.compile(
    r"[“”„«»\"]|(?<!')''(?!')|(?<![\p{L}\p{N}])[‘'](?=[\p{L}\p{N}“])|(?<=[\p{L}\p{N}\p{P}])[’'](?![\p{L}\p{N}])"
)
_BREAK: Final = regex.compile(r"\n[^\S\n]*\n")

_CLOSING: Final = regex.compile(r"[,.?!…][\"”](?=\s|$)")

LONGEST: Final = 1500
"""The characters of a quotation; a mark without its partner so near is no quotation."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation: `[start, end)` with its marks."""

    start: int
    end: int

    def holds(self, offset: int) -> bool:
        """Whether an offset is between the marks."""
        return self.start < offset < self.end - 1


def quotes(text: str) -> list[Quote]:
    """The quotations of a text, in order; one inside another is left out.

    Where a paragraph's first mark closes, the quotation began ahead of the text that is there.
    """
    made: list[Quote] = []
    opened = -1
    closing = ""
    for match in _MARK.finditer(text):
        mark, at = '"' if match[0] == "''" else match[0], match.start()
        if opened >= 0 and (
            at - opened > LONGEST
            or (mark not in closing and mark in "“„«" and _BREAK.search(text, opened, at))
        ):
            opened = -1
        if opened < 0:
            if mark in '"”' and _CLOSING.match(text, at - 1):
                start = max([found.end() for found in _BREAK.finditer(text, 0, at)], default=0)
                if at - start <= LONGEST and not (made and made[-1].end > start):
                    made.append(Quote(start - 1, at + 1))
                continue
            if mark in _PAIRS and (mark not in "'’" or text[at + 1 : at + 2].strip()):
                opened, closing = at, _PAIRS[mark]
        elif mark in closing:
            if mark == '"' and _BREAK.search(text, opened, at):
                opened = at  # straight marks: a quotation that was never closed
                continue
            made.append(Quote(opened, match.end()))
            opened = -1
    return made
