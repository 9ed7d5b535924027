"""What a pipeline says of itself, and what its layers are called."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

RULES: Final = 1
"""The version of what is done to a pipeline's entities; a layer made by other rules is stale."""

CLAIM_RULES: Final = 3
"""The version of the rules for claims; another one makes another layer, beside the old one."""

_READERS = {"parser", "tagger", "lemmatizer"}


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A pipeline as its `meta.json` describes it; making one imports nothing.

    Attributes:
        package: the name or path by which it was asked for.
        lang: its language, such as `en`.
        name: its own name, such as `core_web_md`.
        version: its own version, such as `3.7.1`.
        folder: where its `config.cfg` lies.
        licence: as the pipeline states it.
        components: what it does, one after another.
        is_installed: whether it is an installed package's, and not at a path.
    """

    package: str
    lang: str
    name: str
    version: str
    folder: Path
    licence: str = ""
    components: tuple[str, ...] = ()
    is_installed: bool = False

    @property
    def claims_layer(self) -> str:
        """The name of the layer of its claims, with the version of the rules."""
        return f"{self.layer}+claims-{CLAIM_RULES}"

    @property
    def reads_claims(self) -> bool:
        """Whether claims can be read from it: the rules are for English, and need a parse."""
        return self.lang == "en" and set(self.components) >= _READERS

    @property
    def layer(self) -> str:
        """The name of its layer, such as `en_core_web_md-3.7.1`."""
        return f"{self.lang}_{self.name}-{self.version}"

    def recipe(self, *, tidy: bool, scores: bool = True) -> dict[str, object]:
        """What a layer remembers of how it was made; the layer is stale when this differs."""
        return {
            "package": self.package,
            "version": self.version,
            "lang": self.lang,
            "tidy": tidy,
            "scores": scores,
            "rules": RULES,
        }
