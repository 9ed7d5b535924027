"""Weights are never unpickled, because a pickle can run code.

In spaCy, thinc, srsly and numpy as they load a pipeline, one place reads pickles: thinc hands the
weights of a component of PyTorch to `torch.load`, and does not ask for `weights_only`. From torch
2.6 on that is what torch does by itself, unless an environment variable forbids it. Without torch
there is no such component. thinc's shims for TensorFlow and MXNet are off unless a program turns
them on, which neither spaCy nor purport does.

So the rule does not depend on what a pipeline's files say of themselves: where an older torch is
installed, only a pipeline whose files are known by their SHA-256 is loaded.
"""

from __future__ import annotations

import os
import re
from importlib import metadata
from importlib.util import find_spec
from typing import Final

from annotations.errors import ModelError

FORCED: Final = "TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD"
"""The variable that makes torch unpickle after all; it is taken away before a pipeline is loaded."""

_SAFE: Final = (2, 6)


def refuse(package: str, *, is_known: bool) -> None:
    """Refuse to load a pipeline beside a torch that would unpickle its weights.

    Args:
        package: the pipeline's name or path.
        is_known: whether its files are those of a known package, none of which has such weights.

    Raises:
        ModelError: such a torch is installed, and the pipeline is not known.
    """
    os.environ.pop(FORCED, None)
    version = torch_version()
    if is_known or version is None or is_safe(version):
        return
    raise ModelError(
        f"{package} was not loaded: torch {version} is installed, which unpickles weights, and a "
        "pickle can run code. Update it: pip install 'torch>=2.6'"
    )


def torch_version() -> str | None:
    """The version of the torch that an import would find; `unknown` if it does not say; None."""
    try:
        if find_spec("torch") is None:
            return None
    except (ImportError, ValueError):
        return "unknown"
    try:
        return metadata.version("torch")
    except metadata.PackageNotFoundError:
        return "unknown"


def is_safe(version: str) -> bool:
    """Whether `torch.load` of this version reads nothing but weights by itself."""
    numbers = re.match(r"(\d+)\.(\d+)", version)
    return numbers is not None and (int(numbers[1]), int(numbers[2])) >= _SAFE
