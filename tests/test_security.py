"""Each promise in SECURITY.md names a test, and that test is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)


def promises() -> list[str]:
    """The points between the heading on promises and the next heading of its level."""
    part = re.search(r"^## What is promised\n(.*?)^## ", PAGE, re.DOTALL | re.MULTILINE)
    assert part is not None
    return re.findall(r"^- .*?(?=^- |^#|\Z)", part[1], re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize(("path", "name"), NAMED, ids=[name for _, name in NAMED])
def test_a_test_that_a_promise_names_is_there(path: str, name: str) -> None:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    assert name in {one.name for one in ast.walk(tree) if isinstance(one, kinds)}


def test_each_promise_names_a_test() -> None:
    assert len(promises()) > 10
    assert [one for one in promises() if "::test_" not in one] == []


def test_each_test_is_named_whole_on_its_line() -> None:
    assert PAGE.count("::") == len(NAMED)
