"""The `purport` command: the reader, and the headless commands beside it."""

from __future__ import annotations
