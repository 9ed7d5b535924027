"""The line above the text, in pieces."""

from __future__ import annotations

from typing import Final

from annotations.layer import Layer
from annotations.project import Project
from tui.describe import Piece

NARROW: Final = 60
"""Columns from which there is room for more than the title, what is open, and whether it is saved."""


def status(
    number: str,
    open_: int | None,
    layer: Layer | None,
    share: float | None,
    project: Project,
    saved: str,
    cells: int,
) -> list[Piece]:
    """Which document of how many, what is left in it, who decides, and whether all is saved.

    Args:
        number: the document's place in the project, in words.
        open_: its suggestions without a decision; None where they are hidden.
        layer: the annotator's own.
        share: how much of it has its suggestions, 0 to 1; None when all of it has.
        project: whose project.
        saved: `saved`, or what is wrong.
        cells: the width of the screen; a narrow one has no room for who decides.
    """
    if open_ is None:
        undecided = "suggestions hidden"
    elif open_ or share is None:
        undecided = f"{open_:,} open"
    else:
        undecided = ""  # none so far, which is not the same as none
    parts = [number, undecided]
    if layer is not None and layer.state.finished:
        parts.append("done")
    if share is not None:
        parts.append(f"suggesting {share:.0%}" if share else "suggesting …")
    if cells >= NARROW:
        parts.append(project.annotator)
    last: Piece = (saved, "muted" if saved == "saved" else "bad")
    if project.readonly:
        last = ("read-only", "bad")
    return [(" · ".join(filter(None, parts)) + " · ", "muted"), last]
