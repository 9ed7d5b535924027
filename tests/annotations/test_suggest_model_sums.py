"""Which files of an installed model are known, and that weights are never unpickled."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from annotations.errors import ModelError
from annotations.project import Project
from annotations.records import Document
from annotations.suggest import model_sums, models, pickles
from annotations.suggest.model_sums import Sums
from annotations.text import Text
from tui.suggester import Suggester, SuggestingNote


@pytest.fixture
def home(tmp_path: Path, toy: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of an installed package."""
    site = tmp_path / "site"
    folder = site / "reef_pipeline" / "en_toy-1.0.0"
    shutil.copytree(toy, folder)
    about = site / "reef_pipeline-1.0.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: reef_pipeline\nVersion: 1.0.0\n")
    monkeypatch.syspath_prepend(site)
    return folder


@pytest.fixture
def listed(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same, with its sums on the list."""
    files = {
        path.relative_to(home).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in home.rglob("*")
        if path.is_file()
    }
    known = {"reef_pipeline": {"version": "1.0.0", "files": files}}
    monkeypatch.setattr(model_sums, "_known", lambda: known)
    return home


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with closing(Project.create(tmp_path / "reef", annotator="anna")) as project:
        project.add(Document(Text("Orlen crossed the Arvel Strait. "), "report"))
        yield project


def test_each_package_that_a_message_names_is_on_the_list_in_that_version() -> None:
    known: dict[str, Any] = model_sums._known()
    pins = {
        package: f"{package.replace('_', '-')}=={about['version']}"
        for package, about in known.items()
    }
    assert pins == models._PINS
    assert all(len(sums) == 64 for one in known.values() for sums in one["files"].values())


def test_the_package_that_is_installed_is_the_one_that_was_released_with() -> None:
    info = models.find()
    assert model_sums.check(info) is Sums.KNOWN
    assert model_sums.remark(info) == ""


@pytest.mark.parametrize("change", ["byte", "new", "gone", "link", "config"])
def test_a_listed_package_that_differs_is_refused_before_it_is_loaded(
    listed: Path, change: str, toy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = models.find("reef_pipeline")
    assert model_sums.check(info) is Sums.KNOWN
    target = listed / ("config.cfg" if change == "config" else "tokenizer")
    if change in ("byte", "config"):
        data = bytearray(target.read_bytes())
        data[-2] ^= 1
        target.write_bytes(bytes(data))
    elif change == "new":
        (listed / "ner").write_bytes(b"")
    else:
        target.unlink()
        if change == "link":
            target.symlink_to(toy / "tokenizer")
    monkeypatch.setattr(models, "_needless", lambda _: pytest.fail("it was loaded"))
    with pytest.raises(ModelError) as caught:
        models.load(info)
    words = str(caught.value)
    assert ("a link" if change == "link" else "pip install --force-reinstall") in words
    assert "\n" not in words
    assert models.opened(models.find(str(listed))) if change == "new" else True


def test_a_listed_package_in_another_version_is_not_on_the_list(
    listed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {"reef_pipeline": model_sums._known()["reef_pipeline"] | {"version": "2.0.0"}}
    monkeypatch.setattr(model_sums, "_known", lambda: known)
    assert model_sums.check(models.find("reef_pipeline")) is Sums.UNKNOWN


def test_a_package_that_is_not_on_the_list_is_named_before_it_is_used(
    home: Path, project: Project
) -> None:
    command = [sys.executable, "-m", "tui", "--project", str(project.root)]
    done = subprocess.run(
        [*command, "suggest", "--model", "reef_pipeline"],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(home.parents[1])},
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    first, *others = done.stderr.splitlines()
    assert first.startswith("reef_pipeline 1.0.0 is not one of the packages whose files")
    assert others


def test_the_reader_names_it_too(home: Path, project: Project) -> None:
    posted: list[object] = []
    suggester = Suggester(project.root, "anna", "reef_pipeline", posted.append)
    suggester.run(lambda: len(posted) > 0)
    first = posted[0]
    assert isinstance(first, SuggestingNote)
    assert "reef_pipeline 1.0.0 is not one of the packages" in first.words


def test_a_path_that_a_person_names_is_not_remarked_on(toy: Path) -> None:
    info = models.find(str(toy))
    assert model_sums.remark(info) == ""
    assert model_sums.check(info) is Sums.PATH


@pytest.mark.parametrize(
    ("version", "is_safe"),
    [
        ("2.5.1+cu121", False),
        ("1.13.0", False),
        ("unknown", False),
        ("2.6.0", True),
        ("2.10.0a0+git", True),
        ("3.0", True),
        (None, True),
    ],
)
def test_no_pipeline_is_loaded_beside_a_torch_that_unpickles(
    toy: Path, version: str | None, is_safe: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pickles, "torch_version", lambda: version)
    monkeypatch.setenv(pickles.FORCED, "1")
    info = models.find(str(toy))
    if is_safe:
        assert models.opened(info).pipe_names == ["entity_ruler"]
    else:
        with pytest.raises(ModelError, match=r"torch.*unpickles weights"):
            models.opened(info)
    assert pickles.FORCED not in os.environ


def test_a_pipeline_whose_files_are_known_is_loaded_beside_any_torch(
    listed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pickles, "torch_version", lambda: "2.5.1")
    assert models.opened(models.find("reef_pipeline")).pipe_names == ["entity_ruler"]


def test_thinc_reads_pickles_in_no_other_place_than_the_one_that_is_guarded() -> None:
    """A later thinc or spaCy that does otherwise makes this fail, and the guard be looked at."""
    unpickles = re.compile(r"\b(c?pickle\.loads?|pickle_loads|Unpickler|torch\.load|dill|joblib)\b")
    found = set()
    for package in ("thinc", "spacy", "srsly", "confection", "catalogue"):
        spec = find_spec(package)
        assert spec is not None
        assert spec.origin is not None
        home = Path(spec.origin).parent
        for path in [*home.rglob("*.py"), *home.rglob("*.pyx")]:
            place = path.relative_to(home.parent).as_posix()
            if "/tests/" not in place and not place.startswith("srsly/cloudpickle"):
                words = unpickles.findall(path.read_text(encoding="utf-8"))
                found |= {(place, word) for word in words}
    assert found <= {
        ("thinc/shims/pytorch.py", "torch.load"),
        ("srsly/_pickle_api.py", "pickle_loads"),
        ("srsly/__init__.py", "pickle_loads"),
        # What a pickled Vocab and Doc are read with: nothing that is loaded from a folder calls it.
        ("spacy/vocab.pyx", "pickle_loads"),
        ("spacy/tokens/doc.pyx", "pickle_loads"),
    }
