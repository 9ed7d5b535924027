"""What a seal commits to, and what `verify --seal` says of a project that is not as it was."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import store
from forge import forge
from typer.testing import CliRunner

from annotations import custody
from annotations.cli import app
from annotations.errors import CorruptError, InputError
from annotations.layer import Layer
from annotations.project import Project
from annotations.records import Document
from annotations.storage import merkle, seal
from annotations.storage.finding import Finding
from annotations.storage.seal_comparison import Comparison
from annotations.storage.shelf import Shelf
from annotations.text import Text

SAMPLE = Path(__file__).parents[1] / "samples" / "format-1"

# The leaves and roots that implementations of Certificate Transparency test each other with.
LEAVES = (
    *("", "00", "10", "2021", "3031", "40414243", "5051525354555657"),
    "606162636465666768696a6b6c6d6e6f",
)
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = store.make(tmp_path / "project", documents=2)
    for document in store.ids(made):
        store.accept(made, document, 0)
        store.accept(made, document, 1)
    yield made
    made.close()


@pytest.fixture
def document(project: Project) -> str:
    return store.ids(project)[0]


def only(made: Comparison) -> Finding:
    (finding,) = made.findings
    return finding


def test_the_tree_is_that_of_rfc_6962() -> None:
    leaves = [bytes.fromhex(one) for one in LEAVES]
    assert tuple(merkle.root(leaves[:count]) for count in range(9)) == ROOTS


def test_a_leaf_never_passes_for_a_node() -> None:
    left, right = (bytes.fromhex(merkle.root([one])) for one in (b"a", b"b"))
    assert merkle.root([left + right]) != merkle.root([b"a", b"b"])


def test_a_seal_counts_what_it_commits_to(project: Project) -> None:
    made = seal.Seal.parse(custody.seal(project))
    assert (made.journals, made.decisions, made.documents) == (2, 4, 2)
    # Two documents with text, record, journal and model's layer; schema, guide, project, annotator.
    assert made.files == 2 * 4 + 4
    assert made.previous == seal.FIRST


def test_what_grew_is_growth_and_is_named(project: Project, document: str) -> None:
    line = custody.seal(project)
    store.accept(project, document, 5)
    project.add(Document(Text("A new text."), "new"))
    boris = Project.open(project.root, annotator="boris")
    store.accept(boris, document, 7)
    boris.close()
    made = custody.check(project, line)
    assert made.findings == []
    folder = f"documents/{document[:2]}/{document}"
    assert made.grown == [f"{folder}/anna.log: from decision 2 to 3"]
    new = Text("A new text.").id
    assert {f"{folder}/boris.log", f"documents/{new[:2]}/{new}/text.txt"} <= set(made.added)
    assert "annotators/boris.json" in made.added
    assert len(made.unchanged) == 12 - 1
    assert f"grew: {made.grown[0]}" in list(made.lines())


def test_older_decisions_that_a_colleague_brings_later_are_growth(
    project: Project, document: str, tmp_path: Path
) -> None:
    """Boris decided in a clone, before the seal; his journal is merged after it."""
    clone = Path(shutil.copytree(project.root, tmp_path / "clone"))
    boris = Project.open(clone, annotator="boris")
    store.accept(boris, document, 7)
    boris.close()
    line = custody.seal(project)
    place = store.folder(project, document)
    for name in ("boris.log", "boris.json"):
        shutil.copy(clone / "documents" / document[:2] / document / name, place / name)
    made = custody.check(project, line)
    assert made.findings == []
    assert f"documents/{document[:2]}/{document}/boris.log" in made.added
    shutil.rmtree(project.root / "seals")
    finding = only(custody.check(project, line))
    assert "cut" not in finding.problem
    assert "may have been merged" in finding.problem


def touched(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b" ")


@pytest.mark.parametrize(
    ("name", "lost"),
    [
        ("purport.toml", False),
        ("project.json", False),
        ("annotators/anna.json", False),
        ("{folder}/text.txt", True),
        ("{folder}/document.json", True),
        ("{folder}/toy-1.0.0.json", False),
    ],
)
@pytest.mark.parametrize("how", ["changed", "gone"])
def test_each_file_that_changed_or_is_gone_is_named(
    project: Project, document: str, name: str, lost: bool, how: str
) -> None:
    path = project.root / name.format(folder=f"documents/{document[:2]}/{document}")
    line = custody.seal(project)
    if how == "gone":
        if name == "purport.toml":
            return  # then it is not a project any more
        path.unlink()
    else:
        touched(path)
    finding = only(custody.check(project, line))
    assert (finding.path, finding.lost) == (str(path), lost)
    assert ("is gone" if how == "gone" else "is not what was sealed at") in finding.problem


def test_a_folder_that_is_gone_is_named_file_by_file(project: Project, document: str) -> None:
    line = custody.seal(project)
    shutil.rmtree(store.folder(project, document))
    found = custody.check(project, line).findings
    assert {Path(one.path).name for one in found} == {
        *("anna.log", "document.json", "text.txt", "toy-1.0.0.json")
    }
    assert all(one.document == document for one in found)


def test_a_model_that_is_run_again_with_another_result_is_named(
    project: Project, document: str
) -> None:
    line = custody.seal(project)
    project.replace_layer(document, Layer(store.MODEL, document, model={"package": "toy"}))
    assert Path(only(custody.check(project, line)).path).name == "toy-1.0.0.json"


def test_a_journal_whose_bytes_changed_under_the_same_hashes_is_named(
    project: Project, document: str
) -> None:
    line = custody.seal(project)
    path = store.journal_of(project, document)
    path.write_bytes(path.read_bytes().replace(b'{"v":2', b'{ "v":2'))
    finding = only(custody.check(project, line))
    assert finding.problem == "its hashes are those that were sealed, its bytes are not"


def test_a_history_that_was_rewritten_with_its_hashes_is_named(
    project: Project, document: str
) -> None:
    line = custody.seal(project)

    def change(lines: list[dict[str, object]]) -> None:
        lines[1]["action"] = "add"

    forge(store.journal_of(project, document), change)
    finding = only(custody.check(project, line))
    assert "decision 2 is not the one that was sealed" in finding.problem


def test_a_rollback_of_the_whole_project_is_found_by_a_newer_seal(
    project: Project, document: str, tmp_path: Path
) -> None:
    older = custody.seal(project)
    copy = Path(shutil.copytree(project.root, tmp_path / "copy"))
    store.accept(project, document, 9)
    newer = custody.seal(project)
    assert custody.check(project, older).findings == []
    rolled = Project.open(copy, annotator="anna")
    assert custody.check(rolled, older).findings == []
    finding = only(custody.check(rolled, newer))
    assert "(2 journals with 4 decisions)" in finding.problem
    assert "sealed (2 journals with 5 decisions): something was cut" in finding.problem
    # With the list of the newer seal at hand, the journal is named.
    shutil.copytree(project.root / "seals", copy / "seals", dirs_exist_ok=True)
    finding = only(custody.check(rolled, newer))
    assert "it is good up to decision 2 and was sealed at 3" in finding.problem
    rolled.close()


def test_a_seal_names_the_one_before_it(project: Project, document: str) -> None:
    first = seal.Seal.parse(custody.seal(project))
    second = seal.Seal.parse(line := custody.seal(project))
    assert second.previous == first.root
    assert second.at > first.at
    assert custody.check(project, line).findings == []
    first.path(project.root).unlink()
    finding = only(custody.check(project, line))
    assert finding.problem == f"the list of an earlier seal, {first.root}, is gone or changed"
    assert not finding.lost


@pytest.mark.parametrize("place", [1, 2, 3, 4, 5, 6, 7])
def test_no_word_of_the_line_can_be_another(project: Project, place: int) -> None:
    custody.seal(project)
    line = custody.seal(project)
    words = line.split()
    words[place] = (
        "1" if place == 1 else words[place][:-1] + ("7" if words[place][-1] != "7" else "3")
    )
    if place == 1:
        with pytest.raises(InputError, match="is no seal"):
            custody.check(project, " ".join(words))
        return
    assert custody.check(project, " ".join(words)).findings


def test_a_list_that_was_changed_is_not_believed(project: Project, document: str) -> None:
    line = custody.seal(project)
    path = seal.Seal.parse(line).path(project.root)
    path.write_bytes(path.read_bytes().replace(b"/text.txt", b"/other.txt"))
    assert custody.check(project, line).findings == [], "nothing changed: the files say it again"
    touched(project.root / "purport.toml")
    assert "gone or changed" in only(custody.check(project, line)).problem


def test_nothing_that_does_not_hold_is_sealed(project: Project, document: str) -> None:
    path = store.journal_of(project, document)
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b'"seq":2,', b'"seq":3,'))
    with pytest.raises(CorruptError):
        custody.seal(project)
    path.unlink()
    with pytest.raises(CorruptError, match=r"their journal, anna\.log, is gone"):
        custody.seal(project)
    path.write_bytes(whole)
    touched(path.with_name("text.txt"))
    with pytest.raises(CorruptError, match="the text was changed"):
        custody.seal(project)
    assert not (project.root / "seals").exists()


def test_a_redaction_after_the_seal_is_named_as_one(project: Project, document: str) -> None:
    line = custody.seal(project)
    list(custody.redact(project, document, "asked"))
    made = custody.check(project, line)
    assert made.findings == []
    assert {Path(one).name for one in made.redacted} == {
        *("anna.log", "document.json", "text.txt", "toy-1.0.0.json")
    }


def test_the_record_of_a_document_that_was_redacted_before_the_seal_cannot_change(
    project: Project, document: str
) -> None:
    list(custody.redact(project, document, "asked"))
    line = custody.seal(project)
    path = store.folder(project, document) / "document.json"
    path.write_bytes(path.read_bytes().replace(b'"reason": "asked"', b'"reason": "was asked"'))
    assert only(custody.check(project, line)).path == str(path)


def test_every_byte_that_is_sealed_is_held_to_the_seal(tmp_path: Path) -> None:
    """One bit in each 199 bytes of each file, and the file's end."""
    root = Path(shutil.copytree(SAMPLE.with_name("format-2"), tmp_path / "sample"))
    line = (root / "seal.txt").read_text()
    project = Project.open(root, annotator="anna")
    shelf = Shelf(root)
    for path in sorted(path for path in root.rglob("*.*") if path.is_file()):
        is_view = path.with_suffix(".log").exists() and path.suffix == ".json"
        if is_view or "seal" in str(path.relative_to(root)) or path.name == "purport.toml":
            continue
        data = path.read_bytes()
        for place in {*range(0, len(data), 199), len(data) - 1}:
            path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
            found = {one.path for one in seal.check(root, shelf, line).findings}
            assert str(path) in found, (path, place)
        path.write_bytes(data[:-1])
        assert str(path) in {one.path for one in seal.check(root, shelf, line).findings}
        path.write_bytes(data)
    assert custody.check(project, line).findings == []
    project.close()


def test_seals_of_format_1_are_checked_and_their_counts_too(tmp_path: Path) -> None:
    root = Path(shutil.copytree(SAMPLE, tmp_path / "sample"))
    line = (root / "seal.txt").read_text()
    project = Project.open(root, annotator="anna")
    assert custody.check(project, line).findings == []
    assert (
        "the line was changed" in only(custody.check(project, line.replace(" 18 ", " 19 "))).problem
    )
    shutil.rmtree(root / "seals")
    assert custody.check(project, line).findings == []
    project.undo()
    assert custody.check(project, line).findings == []
    project.close()


def test_two_seals_are_compared_from_their_lists(project: Project, document: str) -> None:
    first = custody.seal(project)
    store.accept(project, document, 5)
    second = custody.seal(project)
    made = CliRunner().invoke(
        app,
        ["verify", "--project", str(project.root), "--seal", second, "--seal", first],
    )
    assert made.exit_code == 0, made.output
    folder = f"documents/{document[:2]}/{document}"
    assert f"longer in the later seal: {folder}/anna.log" in made.output
    assert f"the same in both seals: {folder}/text.txt" in made.output
    assert f"grew: {folder}/anna.log: from decision 2 to 3" in made.output
    assert made.output.endswith("all is well\n")
