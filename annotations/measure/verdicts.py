"""What a person made of suggestions: how many stood, what was taken for what, what scores are worth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TypeVar

from annotations.measure.calibration import BINS, Calibration, calibration, place_of
from annotations.records import Annotation, Claim, Entity, Plain, Status

REJECTED: Final = "×"
"""What a suggestion became that was rejected, in the table of what was taken for what."""

FATES: Final = (Status.REJECTED, Status.CORRECTED, Status.ACCEPTED)
"""What becomes of a suggestion, the worst first."""

CLAIM_VALUES: Final = ("stance", "certainty")
"""The fields of a claim whose values are set against each other."""

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an annotation is, so that a figure can open what stands behind it."""

    document: str
    annotation: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one suggestion.

    Attributes:
        place: the document, and the annotation that the suggestion became.
        model: the layer that suggested it.
        status: accepted, corrected or rejected.
        values: what was suggested and what it became: an entity's `label`, a claim's `stance` and
            `certainty`; `REJECTED` for all of them where it was.
        score: the model's number; None without one.
    """

    place: Place
    model: str
    status: Status
    values: dict[str, tuple[str, str]]
    score: float | None = None

    @classmethod
    def of(cls, document: str, one: Annotation) -> Verdict | None:
        """The verdict that an annotation of a person's layer is; None where nobody suggested it."""
        if one.origin is None or one.status not in FATES:
            return None
        before, values = one.origin.values, {}
        for name in ("label",) if isinstance(one, Entity) else CLAIM_VALUES:
            now = REJECTED if one.status is Status.REJECTED else str(getattr(one, name))
            values[name] = (str(before.get(name, "")), now)
        place = Place(document, one.id)
        return cls(place, one.origin.layer, one.status, values, one.origin.score)

    @property
    def suggested(self) -> str:
        """The label that was suggested; `claim` for a claim."""
        return self.values["label"][0] if "label" in self.values else Claim.kind


class Verdicts:
    """Verdicts that are counted together."""

    def __init__(self, found: Iterable[Verdict] = ()) -> None:
        self._found = list(found)

    def __iter__(self) -> Iterator[Verdict]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def add(self, one: Verdict) -> None:
        """Count one more in."""
        self._found.append(one)

    def count(self, status: Status) -> int:
        """How many ended so."""
        return sum(one.status is status for one in self._found)

    @property
    def accept_rate(self) -> float | None:
        """The part that was accepted as it was; None where nothing was decided on."""
        return self.count(Status.ACCEPTED) / len(self) if self._found else None

    @property
    def places(self) -> tuple[Place, ...]:
        """Where they are, those that were wrong first."""
        return tuple(
            one.place for one in sorted(self._found, key=lambda one: FATES.index(one.status))
        )

    def by(self, key: Callable[[Verdict], Key]) -> dict[Key, Verdicts]:
        """The verdicts in groups, in the order of the first of each."""
        made: defaultdict[Key, Verdicts] = defaultdict(Verdicts)
        for one in self._found:
            made[key(one)].add(one)
        return dict(made)

    def confusion(self, name: str = "label") -> dict[tuple[str, str], Verdicts]:
        """Each value that was suggested and what it became: `(suggested, became)`.

        What stayed while something else was corrected is on the diagonal, as what was accepted.

        Args:
            name: `label`, for entities; one of `CLAIM_VALUES`, for claims.
        """
        return Verdicts(one for one in self._found if name in one.values).by(
            lambda one: one.values[name]
        )

    def calibration(self) -> tuple[Calibration | None, tuple[Verdicts, ...]]:
        """What the scores are worth where accepted is right, and the verdicts behind each band.

        Returns:
            None and no bands where no suggestion has a score between 0 and 1.
        """
        scored = [
            (one.score, one) for one in self._found if one.score is not None and 0 <= one.score <= 1
        ]
        made = calibration([(score, one.status is Status.ACCEPTED) for score, one in scored])
        if made is None:
            return None, ()
        bands = tuple(Verdicts() for _ in range(BINS))
        for score, one in scored:
            bands[place_of(score)].add(one)
        return made, bands

    def plain(self) -> Plain:
        """The counts as JSON holds them."""
        made: Plain = {str(fate): self.count(fate) for fate in reversed(FATES)}
        return made | {"accept_rate": self.accept_rate}
