"""The headless commands of `purport`, each kind in a room of its own, and what they share."""

from annotations.cli.app import app

# The order in which `--help` lists them.
from annotations.cli import documents, exchange, appraisal, trail  # isort: skip

__all__ = ["app", "appraisal", "documents", "exchange", "trail"]
