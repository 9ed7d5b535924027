"""What `verify` reports: one thing in a project's files that does not hold together."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from annotations.records import Plain


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not hold together.

    Attributes:
        path: the file.
        problem: what is wrong, and the exact place.
        lost: whether decisions may be lost; what is only derived can be made again.
    """

    document: str
    path: str
    problem: str
    lost: bool = True

    def plain(self) -> Plain:
        """The finding as JSON holds it."""
        return asdict(self)
