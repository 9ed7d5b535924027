"""What pins, builds and ships the project; the built wheel itself is proven by `.ci/run`."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[1]
DECLARED: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK: dict[str, Any] = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
PACKAGES = {one["name"]: one for one in LOCK["package"]}


def asked(groups: dict[str, list[str]]) -> set[tuple[str, str, str, SpecifierSet]]:
    """Group, name, extras and versions of everything that pyproject.toml asks for."""
    return {
        (group, (one := Requirement(words)).name, ",".join(sorted(one.extras)), one.specifier)
        for group, lines in groups.items()
        for words in lines
    }


def locked(groups: dict[str, list[dict[str, Any]]]) -> set[tuple[str, str, str, SpecifierSet]]:
    """The same of what uv.lock was made for."""
    return {
        (
            group,
            one["name"],
            ",".join(sorted(one.get("extras", ()))),
            SpecifierSet(one.get("specifier", "")),
        )
        for group, lines in groups.items()
        for one in lines
    }


PROJECT = DECLARED["project"]
DECLARED_GROUPS = {"": PROJECT["dependencies"], **PROJECT["optional-dependencies"]}


def test_the_lock_file_is_of_these_dependencies() -> None:
    metadata = PACKAGES["purport"]["metadata"]
    extras: dict[str, list[dict[str, Any]]] = {}
    for one in metadata["requires-dist"]:
        extra = one.get("marker", "").removeprefix("extra == '").removesuffix("'")
        extras.setdefault(extra, []).append(one)
    assert locked(extras) == asked(DECLARED_GROUPS), "run: uv lock"
    assert locked(metadata["requires-dev"]) == asked(DECLARED["dependency-groups"]), "run: uv lock"


def test_the_lock_file_pins_one_version_that_each_dependency_allows() -> None:
    for _, name, _, versions in asked(DECLARED_GROUPS):
        assert versions.contains(PACKAGES[name]["version"]), name


def test_everything_locked_comes_from_one_registry_and_has_its_hash() -> None:
    others = [one for one in LOCK["package"] if one["name"] != "purport"]
    assert PACKAGES["purport"]["source"] == {"editable": "."}
    (registry,) = {one["source"].get("registry", "elsewhere") for one in others}
    assert registry.startswith("https://")
    files = [
        file
        for one in others
        for file in [*one.get("wheels", []), *filter(None, [one.get("sdist")])]
    ]
    assert len(files) >= len(others)
    assert all(file["hash"].startswith("sha256:") for file in files)
    assert all(file["url"].startswith("https://") for file in files)


def test_no_package_is_the_placeholder_of_a_pipeline() -> None:
    assert [
        name for name, one in PACKAGES.items() if one.get("version", "").startswith("999.")
    ] == []


def test_the_wheel_is_the_two_packages() -> None:
    wheel = DECLARED["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert sorted(wheel["packages"]) == ["annotations", "tui"]
    assert (ROOT / "annotations" / "py.typed").exists()


def test_the_version_has_an_entry_to_go_into() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "## [Unreleased]\n" in changes


def test_the_check_is_a_program() -> None:
    check = ROOT / ".ci" / "run"
    assert os.access(check, os.X_OK)
    assert check.read_bytes().startswith(b"#!/usr/bin/env bash\n")
