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


def declared() -> set[tuple[str, SpecifierSet, str]]:
    """Name, versions and extra of everything that the distribution asks for."""
    project = DECLARED["project"]
    groups = {"": project["dependencies"], **project["optional-dependencies"]}
    return {
        ((one := Requirement(words)).name, one.specifier, extra)
        for extra, group in groups.items()
        for words in group
    }


def test_the_lock_file_is_of_these_dependencies() -> None:
    locked = {
        (
            one["name"],
            SpecifierSet(one.get("specifier", "")),
            one.get("marker", "").removeprefix("extra == '").removesuffix("'"),
        )
        for one in PACKAGES["purport"]["metadata"]["requires-dist"]
    }
    assert locked == declared(), "run: uv lock"


def test_the_lock_file_pins_one_version_that_each_dependency_allows() -> None:
    for name, versions, _ in declared():
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
