"""What a run of a pipeline asks for the claims of each part of a text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from annotations.records import Claim, Entity
from annotations.suggest.claims.language import is_english
from annotations.suggest.claims.own_weights import NAME
from annotations.suggest.claims.scorer import load
from annotations.suggest.claims.suggest import suggest_claims
from annotations.suggest.claims.tree import Tree
from annotations.text import Text

if TYPE_CHECKING:
    from spacy.tokens import Doc

THRESHOLD: Final = 0.15
"""The score under which a claim is not shown, where a project names no other."""


@dataclass(frozen=True)
class ClaimReader:
    """Reads the claims of parsed parts of a text.

    Attributes:
        layer: the name of the claims' layer.
        threshold: claims of a lower score are left out.
        own: the file of a project's own weights, which need not be there; None where there is no project.
    """

    layer: str
    threshold: float = THRESHOLD
    own: Path | None = None

    @classmethod
    def of(cls, layer: str, settings: Mapping[str, Any], root: Path) -> ClaimReader:
        """The reader that a project's settings and folder ask for."""
        threshold = settings.get("claims_threshold", THRESHOLD)
        number = float(threshold) if isinstance(threshold, (int, float)) else THRESHOLD
        return cls(layer, number, root / NAME)

    def claims(self, doc: Doc, text: Text, shift: int, entities: Sequence[Entity]) -> list[Claim]:
        """The claims of one part, parsed as `doc`, that starts at `shift`; none if not English."""
        if not is_english(text):
            return []
        return suggest_claims(
            Tree.of(doc),
            text,
            layer=self.layer,
            shift=shift,
            entities=entities,
            scorer=load(self.own),
            threshold=self.threshold,
        )
