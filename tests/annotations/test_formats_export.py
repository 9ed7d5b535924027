from __future__ import annotations

import errno
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from hashlib import sha256
from itertools import permutations
from pathlib import Path
from types import MappingProxyType

import pytest
from labelled import example
from store import contents

from annotations import formats
from annotations.changes import add_entity, finish, reject
from annotations.errors import DiskError, DiskFullError, InputError, ReadOnlyError, UnknownError
from annotations.evidence import Provenance
from annotations.formats import jsonl
from annotations.formats.documents import Labelled
from annotations.formats.export import export
from annotations.formats.format import Format
from annotations.formats.importing import take_in
from annotations.formats.writing.report import Report
from annotations.project import Project
from annotations.records import Action, Claim, Document, Entity, Status
from annotations.span import Span
from annotations.suggest import models, run
from annotations.text import Text


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Ten documents, each with an entity; the first three are done."""
    project = Project.create(tmp_path / "reef", annotator="anna")
    for number in range(10):
        text = Text(f"Orlen wrote report {number} in Arvel.")
        project.add(Document(text, f"report {number}"))
        change = add_entity(Span(0, 5), "PERSON", text, project.schema)
        project.decide(text.id, Action.ADD, [change])
    for one in project.documents()[:3]:
        state = project.layer(one.id).state
        project.decide(one.id, Action.FINISH, [finish(state)])
    yield project
    project.close()


def titles(path: Path) -> list[str]:
    return [one.document.title for one in jsonl.read(path)]


def given(number: int, *, finished: bool = True) -> Labelled:
    return Labelled(Document(Text(f"Report {number}."), f"report {number}"), "anna", finished)


def test_finished_documents_go_out_in_their_order(project: Project, tmp_path: Path) -> None:
    out = tmp_path / "new" / "data.jsonl"
    report = export(project, out, "jsonl")
    assert titles(out) == ["report 0", "report 1", "report 2"]
    (part,) = report.parts
    assert (part.path, part.documents, part.entities) == (out, 3, 3)
    assert report.unfinished == 7
    assert list(report.lines()) == [
        f"{out}: 3 documents, 3 entities, 0 claims, 0 rejected",
        "left out: 7 documents not done yet; --all takes them",
    ]
    (first, *_) = jsonl.read(out)
    assert first.entities == tuple(project.layer(first.document.id).entities)
    assert first.document == project.document(first.document.id)


def test_everything_goes_out_where_it_is_asked_for(project: Project, tmp_path: Path) -> None:
    report = export(project, tmp_path / "all.jsonl", "jsonl", everything=True)
    assert report.documents == 10
    assert report.unfinished == 0
    assert [one.finished for one in jsonl.read(tmp_path / "all.jsonl")] == [True] * 3 + [False] * 7


def test_a_models_layer_goes_out_as_it_suggests(
    project: Project, tmp_path: Path, toy: Path
) -> None:
    model = models.find(str(toy))
    some = [one.id for one in project.documents()][4:6]
    run.fill(project, model, some)
    out = tmp_path / "model.jsonl"
    report = export(project, out, "jsonl", layer=model.layer)
    assert titles(out) == ["report 4", "report 5"]
    assert report.unfinished == 0
    for one in jsonl.read(out):
        assert one.annotator == model.layer
        assert [entity.text for entity in one.entities] == ["Orlen"]
        assert one.entities[0].status is Status.SUGGESTED


def test_another_persons_layer_goes_out_as_far_as_it_is_done(
    project: Project, tmp_path: Path
) -> None:
    ben = Project.open(project.root, annotator="ben")
    with pytest.raises(
        InputError,
        match="none of 10 documents is done in the layer of ben, while anna has done 3; "
        "take theirs with --layer anna",
    ):
        export(ben, tmp_path / "ben.jsonl", "jsonl")
    report = export(ben, tmp_path / "anna.jsonl", "jsonl", layer="anna")
    assert (report.documents, report.unfinished) == (3, 7)
    assert {one.annotator for one in jsonl.read(tmp_path / "anna.jsonl")} == {"anna"}


def test_a_layer_that_nobody_has_is_named(project: Project, tmp_path: Path) -> None:
    with pytest.raises(UnknownError, match="no layer 'anan'; did you mean 'anna'"):
        export(project, tmp_path / "x.jsonl", "jsonl", layer="anan")
    assert not (tmp_path / "x.jsonl").exists()


def test_a_format_that_is_not_there_is_named(project: Project, tmp_path: Path) -> None:
    with pytest.raises(UnknownError, match="did you mean 'jsonl'"):
        export(project, tmp_path / "x", "json")


def test_a_split_makes_a_file_for_each_part(project: Project, tmp_path: Path) -> None:
    out = tmp_path / "data"
    report = export(
        project, out, "jsonl", split="train=0.8,dev=0.1,test=0.1", seed=4, everything=True
    )
    assert [(part.name, part.path.name, part.documents) for part in report.parts] == [
        ("train", "train.jsonl", 8),
        ("dev", "dev.jsonl", 1),
        ("test", "test.jsonl", 1),
    ]
    found = [title for part in report.parts for title in titles(part.path)]
    assert sorted(found) == [f"report {number}" for number in range(10)]
    assert sorted(path.name for path in out.iterdir()) == [
        "card.md",
        "dev.jsonl",
        "test.jsonl",
        "train.jsonl",
    ]


def test_a_split_gives_the_same_bytes_for_any_order(tmp_path: Path) -> None:
    seen = set()
    for place, order in enumerate(permutations([given(number) for number in range(4)])):
        out = tmp_path / str(place)
        export(order, out, "jsonl", split="a=0.5,b=0.5", seed=1)
        seen.add(((out / "a.jsonl").read_bytes(), (out / "b.jsonl").read_bytes()))
    assert len(seen) == 1


def test_two_layers_of_a_document_go_into_the_same_part(tmp_path: Path) -> None:
    twice = [
        replace(given(number), annotator=who) for who in ("anna", "ben") for number in range(6)
    ]
    report = export(twice, tmp_path, "jsonl", split="a=0.5,b=0.5")
    assert [part.documents for part in report.parts] == [6, 6]
    assert not set(titles(tmp_path / "a.jsonl")) & set(titles(tmp_path / "b.jsonl"))


def test_documents_without_an_end_are_left_out_and_counted(tmp_path: Path) -> None:
    documents = [given(0), given(1, finished=False)]
    report = export(iter(documents), tmp_path / "x.jsonl", "jsonl")
    assert (report.documents, report.unfinished) == (1, 1)
    assert list(jsonl.read(tmp_path / "x.jsonl")) == documents[:1]


def test_nothing_to_export_is_said_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no document"):
        export([], tmp_path / "x.jsonl", "jsonl")
    with pytest.raises(InputError, match="--all"):
        export([given(0, finished=False)], tmp_path / "x.jsonl", "jsonl")
    assert list(tmp_path.iterdir()) == []


def test_an_earlier_export_is_replaced_and_nothing_else_is(tmp_path: Path) -> None:
    out = tmp_path / "x.jsonl"
    export([given(0)], out, "jsonl")
    export([given(1)], out, "jsonl")
    assert titles(out) == ["report 1"]
    notes = tmp_path / "notes.txt"
    notes.write_text("mine")
    with pytest.raises(InputError, match="left alone"):
        export([given(0)], notes, "jsonl")
    with pytest.raises(InputError, match="is a folder"):
        export([given(0)], tmp_path, "jsonl")
    with pytest.raises(InputError, match="is a file"):
        export([given(0)], notes, "jsonl", split="a=1")
    assert notes.read_text() == "mine"


def failing(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Make the fourth file that is written fail half way, in a format called `frail`."""
    begun: list[Path] = []

    def write(documents: Iterable[Labelled], path: Path, report: Report) -> None:
        begun.append(path)
        path.write_text("earlier" if len(begun) <= 2 else "half a li")
        if len(begun) == 4:
            raise error
        list(documents)

    frail = Format("frail", ".frail", "breaks half way", write=write)
    monkeypatch.setattr(formats, "FORMATS", MappingProxyType({"frail": frail}))


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), DiskFullError),
        (OSError(errno.EACCES, "Permission denied"), ReadOnlyError),
        (OSError(errno.EIO, "Input/output error"), DiskError),
        (KeyboardInterrupt(), KeyboardInterrupt),
    ],
)
def test_a_failure_half_way_leaves_every_file_as_it_was(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    raised: type[BaseException],
) -> None:
    failing(monkeypatch, error)
    export([given(0), given(1)], tmp_path, "frail", split="a=0.5,b=0.5")
    before = contents(tmp_path)
    assert (before["a.frail"], before["b.frail"]) == (b"earlier", b"earlier")
    with pytest.raises(raised):
        export([given(0), given(1)], tmp_path, "frail", split="a=0.5,b=0.5")
    assert contents(tmp_path) == before


def test_a_place_that_cannot_be_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DiskError, match="Not exported") as caught:
        export([given(0)], tmp_path / "file" / "x.jsonl", "jsonl")
    assert "\n" not in str(caught.value)


def test_a_format_that_is_only_read_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    only = Format("ebb", ".ebb", "is only read", read=lambda path, intake: iter(()))
    monkeypatch.setattr(formats, "FORMATS", MappingProxyType({"ebb": only}))
    assert (only.reads, only.writes) == (True, False)
    with pytest.raises(InputError, match="can be read, not written"):
        export([given(0)], tmp_path / "x.ebb", "ebb")


def test_the_report_names_a_few_losses_in_words_and_all_of_them_in_json() -> None:
    report = Report("spacy")
    text = Text("Orlen\nleft.")
    document = Document(text, "a report")
    entity = Entity(id="a1", span=Span(0, 10), text="Orlen\nleft", label="PERSON")
    for _ in range(25):
        report.lose(document, entity, "too odd")
    lines = list(report.lines())
    assert lines[0] == "25 annotations too odd:"
    assert lines[1] == f"  a report ({text.id}) 0-10 entity 'Orlen left': too odd"
    assert lines[-1] == "  and 5 more"
    assert len(lines) == 22
    losses = report.plain()["losses"]
    assert len(losses) == 25
    assert losses[0]["text"] == "Orlen\nleft"


def test_every_format_says_what_it_is() -> None:
    assert " ".join(formats.FORMATS) == (
        "jsonl spacy prodigy conll brat doccano labelstudio webannotation uima huggingface csv "
        "extractions"
    )
    for name, one in formats.FORMATS.items():
        assert one.name == name
        assert one.suffix.startswith(".") or one.is_folder
        assert one.description
        assert one.writes or one.reads


def test_a_decision_keeps_what_it_was_made_on(project: Project, tmp_path: Path, toy: Path) -> None:
    model = models.find(str(toy))
    document_id = project.documents()[0].id
    run.fill(project, model, [document_id])
    suggestion = project.layer(document_id, model.layer).entities[0]
    project.decide(document_id, Action.REJECT, [reject(suggestion)])
    export(project, tmp_path / "x.jsonl", "jsonl")
    first = next(jsonl.read(tmp_path / "x.jsonl"))
    (rejected,) = first.rejected
    assert rejected.id == suggestion.id
    assert rejected.by == "anna"
    assert rejected.at
    assert rejected.origin == Provenance(model.layer, 0, 5, {"label": "PERSON"})


def test_a_folder_is_replaced_only_where_it_is_an_earlier_export(tmp_path: Path) -> None:
    out = tmp_path / "brat"
    export([given(0)], out, "brat")
    assert (out / "annotation.conf").exists()
    export([given(1)], out, "brat")
    assert [path.stem for path in out.glob("*.ann")] == [given(1).document.id]
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="holds other files"):
        export([given(0)], mine, "brat")
    with pytest.raises(InputError, match="is a file"):
        export([given(0)], mine / "notes.txt", "brat")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["brat", "mine"]


def test_groups_come_of_the_metadata(tmp_path: Path) -> None:
    many = [
        replace(one, document=replace(one.document, metadata={"site": str(n % 3)}))
        for n, one in enumerate(given(n) for n in range(9))
    ]
    export(many, tmp_path / "x", "jsonl", split="a=0.34,b=0.66", group_by="site")
    sites = [
        {one.document.metadata["site"] for one in jsonl.read(tmp_path / "x" / f"{name}.jsonl")}
        for name in "ab"
    ]
    assert not sites[0] & sites[1]
    with pytest.raises(InputError, match="nothing to group by"):
        export(many, tmp_path / "y", "jsonl", split="a=0.5,b=0.5", group_by="nowhere")
    with pytest.raises(InputError, match="name the parts"):
        export(many, tmp_path / "z.jsonl", "jsonl", group_by="site")


def test_documents_without_a_value_are_no_group(tmp_path: Path) -> None:
    many = [
        replace(one, document=replace(one.document, metadata={"site": site}))
        for one, site in zip(map(given, range(9)), ["a", *[None, ""] * 4], strict=True)
    ]
    report = export(many, tmp_path / "x", "jsonl", split="a=0.34,b=0.66", group_by="site")
    assert [part.documents for part in report.parts] == [3, 6]


def test_a_dataset_names_its_parts_in_its_card(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    many = [given(n) for n in range(10)]
    export(many, tmp_path / "set", "huggingface", split="train=0.8,dev=0.2", stratify=True)
    card = (tmp_path / "set" / "README.md").read_text(encoding="utf-8")
    assert card.startswith("---\n")
    assert '- split: validation\n    path: "dev.parquet"' in card
    (tmp_path / "README.md").write_text("mine")
    export(many, tmp_path / "x.parquet", "huggingface")
    assert (tmp_path / "README.md").read_text() == "mine"
    assert (tmp_path / "x.card.md").exists()


def test_what_a_format_has_no_place_for_is_counted_with_an_example(tmp_path: Path) -> None:
    text = Text("Orlen left.")
    entity = Entity(
        id="a1", span=Span(0, 5), text="Orlen", label="ORG", status=Status.ADDED, note="?"
    )
    one = Labelled(Document(text, "a report"), "anna", True, (entity,))
    report = export([one], tmp_path / "x.conll", "conll")
    assert report.lacks["notes"] == (1, "a report 0-5 'Orlen'")
    assert "no place for notes: 1, such as in a report 0-5 'Orlen'" in list(report.lines())


def test_a_term_with_a_colon_is_what_its_prefix_makes_of_it(tmp_path: Path) -> None:
    out = tmp_path / "web"
    export([example()], out, "webannotation")
    page = out / f"{example().document.id}.jsonld"
    _, own = json.loads(page.read_text(encoding="utf-8"))["@context"]
    for term, meaning in own.items():
        prefix, colon, rest = term.partition(":")
        if colon:  # JSON-LD 1.1 refuses it otherwise
            assert meaning["@id"] == own[prefix] + rest


def test_the_card_says_how_the_same_export_is_made_again(project: Project, tmp_path: Path) -> None:
    split = {"split": "a=0.5,b=0.5", "group_by": "a site", "seed": 7, "stratify": True}
    for one in range(4):
        text = Text(f"Site {one}.")
        project.add(Document(text, f"site {one}", metadata={"a site": one}))
    export(project, tmp_path / "x", "jsonl", everything=True, **split)  # type: ignore[arg-type]
    card = (tmp_path / "x" / "card.md").read_text(encoding="utf-8")
    command = (
        "purport export x --format jsonl --annotator anna --split a=0.5,b=0.5 --seed 7 "
        "--group-by 'a site' --stratify --all"
    )
    assert f"\n    {command}\n" in card
    ben = Project.open(project.root, annotator="ben")
    export(ben, tmp_path / "y.jsonl", "jsonl", layer="anna")
    card = (tmp_path / "y.card.md").read_text(encoding="utf-8")
    assert "\n    purport export y.jsonl --format jsonl --layer anna\n" in card


def test_the_card_tells_of_the_models_and_imports_behind_it(
    project: Project, tmp_path: Path, toy: Path
) -> None:
    first = project.documents()[0]
    file = tmp_path / "theirs.jsonl"
    rows = {"text": project.document(first.id).text, "label": [[0, 5, "ORG"]]}
    file.write_text(json.dumps(rows) + "\n")
    take_in(project, file, "doccano", "theirs")
    export(project, tmp_path / "y.jsonl", "jsonl", layer="theirs")
    card = (tmp_path / "y.card.md").read_text(encoding="utf-8")
    digest = sha256(file.read_bytes()).hexdigest()
    told = f"- theirs: imported theirs.jsonl, format doccano, sha256 {digest}, unit code-point"
    assert told in card.replace("\\", "")
    model = models.find(str(toy))
    run.fill(project, model, [first.id])
    suggestion = project.layer(first.id, model.layer).entities[0]
    project.decide(first.id, Action.REJECT, [reject(suggestion)])
    report = export(project, tmp_path / "x.jsonl", "jsonl")
    card = (tmp_path / "x.card.md").read_text(encoding="utf-8").replace("\\", "")
    assert f"- {model.layer}: package {model.package}, version {model.version}" in card
    assert report.plain()["makers"] == [*report.makers]


def test_control_characters_are_symbols_in_the_card(tmp_path: Path) -> None:
    text = Text("Orlen left.")
    entity = Entity(id="a1", span=Span(0, 5), text="Orlen", label="O\x1b[31mRG\x9b")
    one = Labelled(Document(text, "a\x1b]0;title\x07"), "an\x1bna", True, (entity,))
    export([one], tmp_path / "x.conll", "conll")
    card = (tmp_path / "x.card.md").read_text(encoding="utf-8")
    assert "O\N{SYMBOL FOR ESCAPE}" in card
    assert "a\N{SYMBOL FOR ESCAPE}\\]0;title" in card
    assert all(sign == "\n" or sign.isprintable() for sign in card)


def test_stratifying_shares_out_claims_by_stance(tmp_path: Path) -> None:
    many = []
    for number in range(20):
        text = Text(f"No report {number}.")
        stance = "denies" if number % 10 == 0 else "affirms"
        claim = Claim(id="a1", span=Span(0, 9), text=text[:9], stance=stance)
        many.append(Labelled(Document(text, f"r {number}"), "anna", True, (), (claim,)))
    for seed in range(5):
        out = tmp_path / str(seed)
        export(many, out, "jsonl", split="a=0.5,b=0.5", seed=seed, stratify=True)
        for name in "ab":
            found = list(jsonl.read(out / f"{name}.jsonl"))
            assert len(found) == 10
            assert sum(one.claims[0].stance == "denies" for one in found) == 1


def test_half_a_character_is_refused_in_one_line(tmp_path: Path) -> None:
    text = Text("Orlen left.")
    entity = Entity(id="a1", span=Span(0, 5), text="Orlen", label="half \ud800")
    with pytest.raises(InputError, match=r"half a character, '.ud800'"):
        export(
            [Labelled(Document(text, "a"), "anna", True, (entity,))], tmp_path / "x.conll", "conll"
        )
    assert list(tmp_path.iterdir()) == []
