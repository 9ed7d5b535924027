"""What other programs really write is read, and what of it is not is said."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from annotations import formats
from annotations.errors import InputError
from annotations.formats.documents import Labelled
from annotations.formats.importing import Taken, take_in
from annotations.formats.reading.intake import Intake
from annotations.formats.reading.offsets import Unit
from annotations.formats.reading.textfile import text_of
from annotations.layer import Layer
from annotations.project import Project
from annotations.records import Document
from annotations.text import Text

TEXT = "Swiss minister Karin Keller said 🏔️ no formal agreements are expected in Geneva."
PERSON = (15, 27)
PLACE = (73, 79)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    project = Project.create(tmp_path / "reef", annotator="anna")
    yield project
    project.close()


def read(name: str, path: Path, intake: Intake | None = None) -> list[Labelled]:
    chosen = formats.get(name)
    assert chosen.read
    return list(chosen.read(path, intake or Intake()))


def found(one: Labelled) -> list[tuple[str, str]]:
    return [(each.text, each.label) for each in one.entities]


def told(intake: Intake | Taken) -> list[str]:
    return list(intake.omissions.lines())


def jsonl(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def layer(project: Project, text: str = TEXT) -> Layer:
    return project.layer(Text(text).id, "theirs")


# brat


def standoff(folder: Path, rows: str, text: str = TEXT, name: str = "d") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    (folder / f"{name}.ann").write_text(rows, encoding="utf-8")
    return folder


def test_an_id_that_is_there_twice_loses_no_entity(tmp_path: Path) -> None:
    path = standoff(
        tmp_path / "b", "T1\tPERSON 15 27\tKarin Keller\nT1\tGPE 73 79\tGeneva\n#1\tNotes T1\tx\n"
    )
    intake = Intake()
    (one,) = read("brat", path, intake)
    assert found(one) == [("Karin Keller", "PERSON"), ("Geneva", "GPE")]
    assert [each.note for each in one.entities] == ["x", ""]
    assert "d.ann:2: T1 is there twice" in intake.notes[0]


def test_all_notes_on_an_entity_are_joined(tmp_path: Path) -> None:
    path = standoff(
        tmp_path / "b",
        "T1\tGPE 73 79\tGeneva\n#1\tAnnotatorNotes T1\tone\n#2\tAnnotatorNotes T1\ttwo\n",
    )
    (one,) = read("brat", path)
    assert one.entities[0].note == "one\ntwo"


def test_what_brat_has_beyond_annotations_is_told(tmp_path: Path) -> None:
    path = standoff(
        tmp_path / "b",
        "T1\tPERSON 15 27\tKarin Keller\nT2\tGPE 73 79\tGeneva\n"
        "T3\tClaim 36 69\tno formal agreements are expected\nT4\tHolder 0 14\tSwiss minister\n"
        "A2\tConfidence T1 High\nA3\tStance T3 denies\nA4\tMood T3 glum\nA5\tNegation E1\n"
        "R1\tLivesIn Arg1:T1 Arg2:T2\nR2\tHeldBy Arg1:T3 Arg2:T4\nR3\tHeldBy Arg1:T3 Arg2:T1\n"
        "E1\tMove:T1\n*\tEquiv T1 T2\nN1\tReference T2 Wikidata:Q71\tGeneva\n"
        "#1\tAnnotatorNotes R1\tsure?\n#2\tAnnotatorNotes T4\twho?\n",
    )
    intake = Intake()
    (one,) = read("brat", path, intake)
    assert one.claims[0].stance == "denies"
    assert one.claims[0].holder_name == "Swiss minister"
    where = f"the first at {path / 'd.ann'}"
    assert told(intake) == [
        f"left out, having no place here: 1 events, {where}:12: E1",
        f"left out, having no place here: 1 equivalences, {where}:13: *",
        f"left out, having no place here: 1 normalizations, {where}:14: N1",
        f"left out, having no place here: 1 attributes of entities, {where}:5: A2",
        f"left out, having no place here: 1 attributes of claims, {where}:7: A4",
        f"left out, having no place here: 1 attributes, {where}:8: A5",
        f"left out, having no place here: 1 notes on relations and events, {where}:15: #1",
        f"left out, having no place here: 2 relations, {where}:9: R1",
        f"left out, having no place here: 1 notes on holders, {where}: T4",
    ]


def test_a_text_nobody_annotated_is_a_document_and_annotations_without_text_are_listed(
    tmp_path: Path,
) -> None:
    path = standoff(tmp_path / "b", "T1\tGPE 73 79\tGeneva\n")
    (path / "bare.txt").write_text("Nothing here.", encoding="utf-8")
    (path / "lost.ann").write_text("T1\tGPE 0 6\tGeneva\n", encoding="utf-8")
    standoff(path / ".git", "T1\tGPE 0 3\tHid\n", "Hidden.")
    intake = Intake()
    many = read("brat", path, intake)
    assert [(one.document.title, len(one.entities)) for one in many] == [("bare", 0), ("d", 1)]
    assert intake.unplaced == [
        f"{path / 'lost.ann'}: left out: there is no lost.txt beside it, its text"
    ]


def test_a_broken_line_of_brat_is_listed_and_the_rest_goes_in(tmp_path: Path) -> None:
    path = standoff(tmp_path / "b", "T1\tGPE 73 x\tGeneva\nwhat\nT2\tPERSON 15 27\tKarin Keller\n")
    standoff(path, "T1\tGPE zero five\tGeneva\n", "Geneva", "worse")
    intake = Intake()
    one, two = read("brat", path, intake)
    assert found(one) == [("Karin Keller", "PERSON")]
    assert found(two) == []
    assert [words.rpartition(" (")[0].removeprefix(f"{path}/") for words in intake.unplaced] == [
        "d.ann:1: a broken line of brat",
        "d.ann:2: a broken line of brat",
        "worse.ann:1: a broken line of brat",
    ]
    with pytest.raises(InputError, match=r"worse\.ann:1"):
        read("brat", path / "worse.ann")


def test_labels_that_a_brat_project_has_and_nothing_uses_are_named(tmp_path: Path) -> None:
    path = standoff(tmp_path / "b", "T1\tCAPE 73 79\tGeneva\n")
    (path / "annotation.conf").write_text(
        "[entities]\n# ours\nCAPE\n!ROCK\n\tREEF\tArg:x\n-----\nPERSON\n<X>=a\n\n"
        "[relations]\nNear\tArg1:CAPE\n",
        encoding="utf-8",
    )
    intake = Intake()
    read("brat", path, intake)
    (note,) = intake.notes
    assert "does not know: ROCK, REEF. Put those" in note


@pytest.mark.parametrize("name", ["brat", "webannotation"])
@pytest.mark.parametrize("alone", [True, False])
def test_no_text_is_taken_from_outside_a_folder_nor_from_a_pipe(
    name: str, alone: bool, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(TEXT, encoding="utf-8")
    for target in (secret, Path("/dev/zero"), Path("/etc/passwd"), tmp_path / "nothing", None):
        path = tmp_path / f"{name}{target and target.name}"
        path.mkdir()
        if name == "brat":
            inner = path / "d.ann"
            inner.write_text("T1\tGPE 73 79\tGeneva\n", encoding="utf-8")
        else:
            selector = {"type": "TextPositionSelector", "start": 73, "end": 79}
            inner = jsonl(path / "d.jsonld", {"target": {"source": "d.txt", "selector": selector}})
        text = path / "d.txt"
        if target is None:
            os.mkfifo(text)
        else:
            text.symlink_to(target)
        with pytest.raises(InputError, match=re.escape(str(path))):
            read(name, inner if alone else path)


def test_a_link_within_the_folder_is_followed(tmp_path: Path) -> None:
    path = standoff(tmp_path / "b", "T1\tGPE 73 79\tGeneva\n", name="real")
    (path / "d.txt").symlink_to(path / "real.txt")
    (path / "d.ann").write_text("T1\tGPE 73 79\tGeneva\n", encoding="utf-8")
    assert [one.document.title for one in read("brat", path / "d.ann")] == ["d"]
    assert len(read("brat", path)) == 2


def test_a_text_of_its_own_file_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "d.txt"
    with path.open("wb") as file:
        file.truncate(65 * 1024 * 1024)
    with pytest.raises(InputError, match="Split it"):
        text_of(path)


# Web Annotations


def quote(exact: str, **around: str) -> dict[str, Any]:
    return {"type": "TextQuoteSelector", "exact": exact, **around}


def position(start: Any, end: Any) -> dict[str, Any]:
    return {"type": "TextPositionSelector", "start": start, "end": end}


def anno(*selectors: object, body: Any = None, **more: Any) -> dict[str, Any]:
    body = body or {"purpose": "classifying", "value": "GPE"}
    target = {"source": "d.txt", "selector": list(selectors)}
    return {"type": "Annotation", "body": body, "target": target, **more}


def page(folder: Path, *annotations: object, text: str = TEXT, **more: object) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "d.txt").write_text(text, encoding="utf-8")
    made = {"type": "AnnotationPage", "items": list(annotations), **more}
    return jsonl(folder / "d.jsonld", made)


def test_a_quote_without_a_position_is_placed_whatever_positions_count(tmp_path: Path) -> None:
    path = page(
        tmp_path / "w",
        anno(quote("Karin Keller")),
        anno(quote("Geneva"), position(74, 80)),
        text=TEXT.replace("Swiss", "🏔wiss"),
    )
    # One sign of the text ahead of both is two UTF-16 units.
    path.write_text(path.read_text().replace("74", "75").replace("80", "81"), encoding="utf-8")
    with pytest.raises(InputError, match="--offset-unit utf-16"):
        read("webannotation", path)
    intake = Intake(unit=Unit.UTF16)
    (one,) = read("webannotation", path, intake)
    assert [each.text for each in one.entities] == ["Karin Keller", "Geneva"]
    assert intake.unplaced == []


def test_every_target_is_marked(tmp_path: Path) -> None:
    both = anno()
    both["target"] = [
        {"source": "d.txt", "selector": position(*PERSON)},
        {"source": "d.txt", "selector": quote("Geneva")},
        "http://elsewhere/x",
    ]
    path = page(tmp_path / "w", both)
    intake = Intake()
    (one,) = read("webannotation", path, intake)
    assert [each.text for each in one.entities] == ["Karin Keller", "Geneva"]
    assert "1 annotations of a whole source" in told(intake)[0]


def test_rows_of_hypothesis_have_tags_for_labels_and_their_text_is_a_note(tmp_path: Path) -> None:
    folder = tmp_path / "w"
    folder.mkdir()
    (folder / "d.txt").write_text(TEXT, encoding="utf-8")
    source = "https://example.org/d.txt"
    row = {
        "id": "h1",
        "uri": source,
        "text": "She is minister.",
        "tags": ["PERSON", "VIP"],
        "target": [
            {
                "source": source,
                "selector": [
                    {"type": "RangeSelector", "startContainer": "/p[1]"},
                    position(500, 512),
                    quote("Karin Keller", prefix="minister ", suffix=" said"),
                ],
            }
        ],
    }
    note = {
        "id": "h2",
        "uri": source,
        "text": "A page.",
        "tags": [],
        "target": [{"source": source}],
    }
    reply = note | {"id": "h3", "references": ["h1"]}
    path = jsonl(folder / "rows.json", {"rows": [note, row, reply], "total": 3})
    intake = Intake()
    (one,) = read("webannotation", path, intake)
    assert found(one) == [("Karin Keller", "PERSON"), ("Karin Keller", "VIP")]
    assert {each.note for each in one.entities} == {"She is minister."}
    assert [line.partition(": ")[2].partition(",")[0] for line in told(intake)] == [
        "1 annotations of a whole source", "1 replies",
    ]  # fmt: skip
    assert "is placed by its quote" in intake.notes[0]
    assert intake.unplaced == []


def test_a_body_without_a_purpose_is_a_note(tmp_path: Path) -> None:
    path = page(
        tmp_path / "w",
        anno(quote("Geneva"), body=[{"value": "a town"}, {"purpose": "tagging", "value": "GPE"}]),
        anno(quote("Swiss"), body="NORP", motivation="tagging"),
        anno(quote("no"), body="hm"),
        anno(quote("said"), body={"type": "Video", "id": "http://x/"}),
    )
    intake = Intake()
    (one,) = read("webannotation", path, intake)
    assert [(each.text, each.label, each.note) for each in one.entities] == [
        ("Geneva", "GPE", "a town"),
        ("Swiss", "NORP", ""),
        ("no", "ANNOTATION", "hm"),
        ("said", "ANNOTATION", ""),
    ]
    assert "1 bodies that are no text" in told(intake)[0]


def test_one_annotation_that_selects_nothing_refuses_no_other(tmp_path: Path) -> None:
    path = page(
        tmp_path / "w",
        anno(position(0.5, 5)),
        anno({"type": "SvgSelector", "value": "<svg/>"}),
        anno(quote("nowhere at all")),
        {"type": "Annotation", "body": "x"},
        anno(quote(5)),  # type: ignore[arg-type]
        anno("http://x/#1"),
        "http://elsewhere/anno1",
        anno(quote("Geneva"), position(*PLACE)),
    )
    intake = Intake()
    (one,) = read("webannotation", path, intake)
    assert found(one) == [("Geneva", "GPE")]
    where = f"{path}:1: annotation"
    assert intake.unplaced == [
        f"{where} 4 is left out: it has no target with a source",
        f"{where} 1 is left out: the start 0.5 is no whole number",
        f"{where} 2 is left out: it selects neither by position nor by quote, but by SvgSelector",
        f"{where} 5 is left out: its text 5 is no text",
        f"{where} 6 is left out: it selects neither by position nor by quote, but by http://x/#1",
        f"{path}: GPE 'nowhere at all' stands nowhere in the text",
    ]
    assert "1 annotations that stand elsewhere" in told(intake)[0]


def test_a_collection_is_read_with_the_pages_it_holds(tmp_path: Path) -> None:
    path = page(tmp_path / "w")
    inner = {"type": "AnnotationPage", "items": [anno(quote("Geneva"))], "next": "http://x/2"}
    jsonl(path, {"type": "AnnotationCollection", "first": inner, "last": "http://x/2"})
    intake = Intake()
    (one,) = read("webannotation", path, intake)
    assert found(one) == [("Geneva", "GPE")]
    assert "1 pages that stand elsewhere" in told(intake)[0]


def test_annotations_one_by_one_are_of_one_document(tmp_path: Path) -> None:
    path = page(tmp_path / "w")
    path.write_text(json.dumps([anno(quote("Geneva")), anno(quote("Swiss"))]), encoding="utf-8")
    (one,) = read("webannotation", path)
    assert [each.text for each in one.entities] == ["Geneva", "Swiss"]


def test_a_quote_that_could_stand_at_several_places_is_named(tmp_path: Path) -> None:
    path = page(
        tmp_path / "w",
        anno(quote("Arvel")),
        anno(quote("Arvel", prefix="new ")),
        text="Arvel is a new Arvel.",
    )
    intake = Intake()
    (one,) = read("webannotation", path, intake)
    assert sorted(each.span.start for each in one.entities) == [0, 15]
    (note,) = intake.notes
    assert "GPE 0-5 'Arvel' is there several times" in note


@pytest.mark.parametrize(
    "source",
    [".", "http://x/.", "x/" + "n" * 5000, "a\0b", "..", "", 5, "x/folder"],
    ids=["dot", "address", "long", "zero", "up", "nothing", "number", "folder"],
)
def test_a_source_that_can_be_no_file_is_said_in_a_line(source: object, tmp_path: Path) -> None:
    path = page(tmp_path / "w")
    (path.parent / "folder").mkdir()
    odd = anno(quote("Geneva"))
    odd["target"]["source"] = source
    jsonl(path, {"items": [odd, anno(quote("Geneva"))]})
    intake = Intake()
    (one,) = read("webannotation", path, intake)
    assert len(one.entities) == 1
    assert len(intake.unplaced) == 1
    assert str(path) in intake.unplaced[0]
    assert len(intake.unplaced[0]) < 500


# Label Studio


def region(start: Any, end: Any, *labels: Any, **more: Any) -> dict[str, Any]:
    value = {"start": start, "end": end, "labels": list(labels)}
    return {"id": f"r{start}", "from_name": "label", "type": "labels", "value": value, **more}


def said(*results: object, **more: Any) -> dict[str, Any]:
    return {"id": 1, "result": list(results), **more}


def tasks(folder: Path, *rows: object) -> Path:
    path = folder / "x.json"
    path.write_text(json.dumps(rows), encoding="utf-8")
    return path


def task(*annotations: object, **more: Any) -> dict[str, Any]:
    return {"id": 7, "data": {"text": TEXT}, "annotations": list(annotations), **more}


def test_json_min_is_read(tmp_path: Path) -> None:
    row = {
        "id": 1,
        "note": "short",
        "text": TEXT,
        "label": [
            {"start": 15, "end": 27, "text": "Karin Keller", "labels": ["PERSON"]},
            {"start": 73, "end": 79, "text": "Geneva", "labels": ["GPE"]},
        ],
        "sentiment": "Neutral",
        "annotator": 2,
        "created_at": "2026-11-23T10:00:00Z",
    }
    other = {"id": 2, "review": "Fine.", "annotator": 2, "created_at": "2026-11-23T10:00:00Z"}
    one, two = read("labelstudio", tasks(tmp_path, row, other))
    assert found(one) == [("Karin Keller", "PERSON"), ("Geneva", "GPE")]
    assert one.document.metadata["sentiment"] == "Neutral"
    assert two.document.text == "Fine."


def hyper(text: str | None, *, offsets: bool = True) -> dict[str, Any]:
    value: dict[str, Any] = {
        "start": "/div[1]/text()[1]",
        "end": "/div[1]/text()[1]",
        "startOffset": 1,
        "endOffset": 3,
        "hypertextlabels": ["GPE"],
    }
    value |= {"globalOffsets": {"start": 73, "end": 79}} if offsets else {}
    value |= {"text": text} if text else {}
    return {"id": "h", "type": "hypertextlabels", "value": value}


def test_regions_of_html_are_placed_by_their_offsets_in_the_whole_text(tmp_path: Path) -> None:
    intake = Intake()
    path = tasks(tmp_path, task(said(hyper("Geneva"), hyper(None, offsets=False))))
    (one,) = read("labelstudio", path, intake)
    assert found(one) == [("Geneva", "GPE")]
    assert intake.unplaced == [
        f"{path}:1: result 2 is left out: its place is the path '/div[1]/text()[1]', "
        "without globalOffsets"
    ]
    html = task(said(hyper("Geneva"), hyper(None)), data={"html": f"<p>{TEXT}</p>"})
    intake = Intake()
    (one,) = read("labelstudio", tasks(tmp_path, html), intake)
    assert found(one) == []
    assert [line.partition(": ")[2] for line in intake.unplaced] == [
        "result 2 is left out: its place is in HTML, and it does not say its words",
        "GPE 73-79 'Geneva' does not fit the text",
    ]


def test_regions_of_a_dialogue_are_placed_in_their_paragraph(tmp_path: Path) -> None:
    dialogue = [{"author": "A", "text": "Hello 🏔."}, {"author": "B", "text": "Geneva pays."}]

    def paragraph(start: str, end: str, at: int, to: int) -> dict[str, Any]:
        value = {"start": start, "end": end, "startOffset": at, "endOffset": to}
        return {"type": "paragraphlabels", "value": {**value, "paragraphlabels": ["GPE"]}}

    row = task(
        said(paragraph("1", "1", 0, 6), paragraph("0", "1", 0, 6), paragraph("9", "9", 0, 1)),
        data={"dialogue": dialogue},
    )
    intake = Intake()
    (one,) = read("labelstudio", tasks(tmp_path, row), intake)
    assert one.document.text == "Hello 🏔.\nGeneva pays."
    assert sorted(each.text for each in one.entities) == ["Geneva", "Hello 🏔.\nGeneva"]
    assert len(intake.unplaced) == 1
    assert one.document.metadata["dialogue"] == dialogue


def test_a_region_has_all_of_its_labels_and_an_id_several_regions(tmp_path: Path) -> None:
    again = region(*PLACE, "GPE") | {"id": "r15"}
    path = tasks(tmp_path, task(said(region(*PERSON, "PER", "VIP"), again)))
    (one,) = read("labelstudio", path)
    assert sorted(found(one)) == [
        ("Geneva", "GPE"), ("Karin Keller", "PER"), ("Karin Keller", "VIP"),
    ]  # fmt: skip


def test_what_label_studio_has_beyond_regions_is_told(tmp_path: Path) -> None:
    results = [
        region(*PERSON, "PERSON", meta={"text": ["check"]}),
        region(36, 69, "CLAIM"),
        {"id": "r36", "from_name": "stance", "type": "choices", "value": {"choices": ["denies"]}},
        {"id": "r36", "from_name": "mood", "type": "choices", "value": {"choices": ["glum"]}},
        {"id": "r15", "from_name": "role", "type": "choices", "value": {"choices": ["x"]}},
        {"id": "q", "from_name": "topic", "type": "choices", "value": {"choices": ["a", "b"]}},
        {"id": "t", "from_name": "why", "type": "textarea", "value": {"text": ["because"]}},
        {"id": "s", "from_name": "stars", "type": "rating", "value": {"rating": 4}},
        {"id": "x", "from_name": "tax", "type": "taxonomy", "value": {"taxonomy": [["a"]]}},
        {"from_id": "r15", "to_id": "r36", "type": "relation", "labels": ["says"]},
        {"id": "b", "type": "rectanglelabels", "value": {"x": 1, "rectanglelabels": ["Car"]}},
    ]
    intake = Intake()
    (one,) = read("labelstudio", tasks(tmp_path, task(said(*results), drafts=[{"id": 9}])), intake)
    assert one.entities[0].note == "check"
    assert one.claims[0].stance == "denies"
    assert [line.partition(": ")[2].partition(",")[0] for line in told(intake)] == [
        "1 drafts",
        "1 rating results",
        "1 taxonomy results",
        "1 relations",
        "1 rectanglelabels results",
        "2 choices and texts of regions",
        "3 choices and texts of the whole text",
    ]


def test_what_every_annotator_says_is_taken_and_that_is_noted(
    project: Project, tmp_path: Path
) -> None:
    path = tasks(
        tmp_path,
        task(
            said(region(*PERSON, "PERSON")),
            said(region(*PERSON, "PERSON"), region(*PLACE, "GPE")),
            said(region(0, 5, "NORP"), was_cancelled=True),
            said(),
            predictions=[said(region(0, 5, "NORP"))],
        ),
    )
    taken = take_in(project, path, "labelstudio", "theirs")
    assert [(one.text, one.label) for one in layer(project).entities] == [
        ("Karin Keller", "PERSON"), ("Geneva", "GPE"),
    ]  # fmt: skip
    assert taken.notes == [
        f"{path}: 1 task with several annotators, the first at {path}:1; "
        "what any of them says is taken"
    ]
    assert [line.partition(": ")[2].partition(",")[0] for line in told(taken)] == [
        "1 cancelled annotations",
        "1 predictions of texts that people annotated",
        "1 empty annotations beside others",
    ]


def test_the_ground_truth_goes_ahead_of_other_annotators(tmp_path: Path) -> None:
    path = tasks(
        tmp_path,
        task(
            said(region(*PERSON, "PERSON"), ground_truth=True),
            said(region(*PLACE, "GPE")),
        ),
    )
    intake = Intake()
    (one,) = read("labelstudio", path, intake)
    assert found(one) == [("Karin Keller", "PERSON")]
    assert intake.notes == []
    assert "1 annotations beside the ground truth" in told(intake)[0]


@pytest.mark.parametrize("meta", ["x", [1], 5, None, {}])
def test_a_task_with_broken_parts_gives_the_sound_ones(meta: object, tmp_path: Path) -> None:
    choices = {"id": "r1", "from_name": "stance", "type": "choices", "value": {"choices": []}}
    area = {"id": "r2", "from_name": "holder", "type": "textarea", "value": {"text": []}}
    path = tasks(
        tmp_path,
        task(
            said(
                region(15, 27),
                region(15, 27, None),
                region(15.5, 27, "X"),
                choices,
                area,
                5,
                region(*PLACE, "GPE"),
            ),
            meta=meta,
        ),
        {"data": {"text": None}, "annotations": []},
        {"data": {"text": "Next."}, "annotations": "many", "predictions": [said("x")]},
    )
    intake = Intake()
    one, two = read("labelstudio", path, intake)
    assert found(one) == [("Geneva", "GPE")]
    assert two.document.text == "Next."
    assert intake.unplaced == [
        f"{path}:1: result 1 is left out: it has no label",
        f"{path}:1: result 2 is left out: it has no label",
        f"{path}:1: result 3 is left out: the start 15.5 is no whole number",
        f"{path}:1: result 6 is left out: 5 is no annotation",
        f"{path}:2: left out: its text is no text",
        f"{path}:3: left out: its annotations are no list",
        f"{path}:3: result 1 is left out: 'x' is no annotation",
    ]


# doccano


def test_doccanos_relations_and_comments_are_told_and_its_holders_kept(tmp_path: Path) -> None:
    row = {
        "text": TEXT,
        "entities": [
            {"id": 10, "label": "PERSON", "start_offset": 15, "end_offset": 27},
            {"id": 11, "label": None, "start_offset": 0, "end_offset": 5},
            {"id": 12, "label": "CLAIM", "start_offset": 36, "end_offset": 69},
        ],
        "relations": [
            {"id": 1, "from_id": 12, "to_id": 10, "type": "HELD_BY"},
            {"id": 2, "from_id": 10, "to_id": 12, "type": "SAYS"},
            {"id": 3, "from_id": 12, "to_id": 11, "type": "HELD_BY"},
        ],
        "Comments": ["check", "again"],
    }
    path = jsonl(tmp_path / "x.jsonl", row)
    intake = Intake()
    (one,) = read("doccano", path, intake)
    assert found(one) == [("Karin Keller", "PERSON")]
    assert one.claims[0].holder_name == "Karin Keller"
    assert one.claims[0].holder[0].entity == one.entities[0].id
    assert intake.unplaced == [f"{path}:1: entity 2 is left out: it has no label"]
    assert told(intake) == [
        f"left out, having no place here: 2 comments, the first at {path}:1",
        f"left out, having no place here: 2 relations, the first at {path}:1: 2",
    ]


def test_doccanos_columns_may_have_other_names(tmp_path: Path) -> None:
    path = jsonl(
        tmp_path / "x.jsonl",
        {"data": TEXT, "labels": [[*PERSON, "PERSON"]], "source": "a"},
        {"sentence": TEXT, "spans": [{"start": 73, "end": 79, "label": "GPE"}]},
        {"text": TEXT, "label": [["PERSON", *PERSON], [73, "GPE", 79]]},
        {"text": TEXT, "label": None},
    )
    one, two, three, four = read("doccano", path)
    assert found(one) == [("Karin Keller", "PERSON")]
    assert one.document.metadata == {"source": "a"}
    assert found(two) == [("Geneva", "GPE")]
    assert found(three) == [("Karin Keller", "PERSON"), ("Geneva", "GPE")]
    assert found(four) == []
    with pytest.raises(InputError, match='If the text is in another column, call that "text"'):
        read("doccano", jsonl(tmp_path / "y.jsonl", {"body": TEXT}))


def test_doccanos_labels_of_a_whole_text_are_told(tmp_path: Path) -> None:
    path = jsonl(
        tmp_path / "x.jsonl",
        {"text": TEXT, "label": ["spam", "ham"]},
        {"text": "Next.", "label": "spam"},
        {"text": None, "label": []},
        {"text": "Last.", "label": [[0, 4, "X"], [0, 4], 5, [0, 4, True]]},
    )
    intake = Intake()
    many = read("doccano", path, intake)
    assert [len(one.entities) for one in many] == [0, 0, 1]
    assert "3 labels of the whole text" in told(intake)[0]
    assert intake.unplaced == [
        f"{path}:3: left out: its text None is no text",
        f"{path}:4: label 2 is left out: [0, 4] is not a start, an end and a label",
        f"{path}:4: label 3 is left out: 5 is no annotation",
        f"{path}:4: label 4 is left out: its label True is no word",
    ]


# Prodigy


def test_prodigys_broken_spans_are_listed_and_its_relations_told(tmp_path: Path) -> None:
    row = {
        "text": TEXT,
        "tokens": [{"start": 15, "end": 20, "id": 0}, {"start": 21, "end": 27, "id": 1}],
        "spans": [
            {"start": 0, "end": 5},
            {"start": 0, "end": 5, "label": None},
            {"start": 0, "end": 5, "label": "X", "text": 5},
            {"token_start": 0, "token_end": 1, "label": "PERSON"},
            {"token_start": 0, "token_end": 2, "label": "PERSON"},
            {"start": 0, "label": "X"},
            7,
        ],
        "relations": [{"head": 0, "child": 1, "label": "of"}],
        "accept": ["NEWS"],
        "_timestamp": 1,
        "origin": "wire",
    }
    path = jsonl(
        tmp_path / "x.jsonl",
        row,
        {"text": None},
        {"text": "Next.", "spans": {"start": 0}, "label": "SPAM"},
        {"text": "Last.", "answer": "reject"},
    )
    intake = Intake()
    one, _ = read("prodigy", path, intake)
    assert found(one) == [("Karin Keller", "PERSON")]
    assert one.document.metadata == {"origin": "wire"}
    assert intake.unplaced == [
        f"{path}:1: span 1 is left out: it has no label",
        f"{path}:1: span 2 is left out: it has no label",
        f"{path}:1: span 3 is left out: its text 5 is no text",
        f"{path}:1: span 5 is left out: it has no offsets, and there are no tokens 0 to 2",
        f"{path}:1: span 6 is left out: it has no 'end'",
        f"{path}:1: span 7 is left out: 7 is no annotation",
        f"{path}:2: left out: its text None is no text",
        f"{path}:3: left out: its spans are no list",
    ]
    assert [line.partition(": ")[2].partition(",")[0] for line in told(intake)] == [
        "1 relations", "1 choices", "1 labels of the whole text",
    ]  # fmt: skip
    assert intake.notes == [f"{path}:4: left out, since its answer is 'reject'"]


def test_a_document_of_the_project_is_the_text_of_a_source(tmp_path: Path) -> None:
    known = Document(Text(TEXT), "d")
    path = jsonl(tmp_path / "x.jsonld", anno(quote("Geneva")))
    (one,) = read("webannotation", path, Intake(find={"d": known}.get))
    assert one.document is known


def test_what_is_placed_by_its_quote_tells_nothing_of_the_unit_of_positions(
    tmp_path: Path,
) -> None:
    text = "🎉 Then Karin Keller left Geneva for Rome with Bo Li and Anna Berg."
    (tmp_path / "d.txt").write_text(text, encoding="utf-8")
    places = [(8, 20), (37, 41)]  # in UTF-16 units
    selectors = [
        *({"type": "TextPositionSelector", "start": start, "end": end} for start, end in places),
        *({"type": "TextQuoteSelector", "exact": one} for one in ("Bo Li", "Anna Berg", "Geneva")),
    ]
    items = [
        {
            "type": "Annotation",
            "body": [{"type": "TextualBody", "purpose": "classifying", "value": "X"}],
            "target": {"source": "d.txt", "selector": one},
        }
        for one in selectors
    ]
    page = json.dumps({"type": "AnnotationPage", "items": items})
    (tmp_path / "a.jsonld").write_text(page, encoding="utf-8")
    with pytest.raises(InputError, match="--offset-unit utf-16"):
        read("webannotation", tmp_path)
    (one,) = read("webannotation", tmp_path, Intake(unit=Unit.UTF16))
    assert [each.text for each in one.entities][:2] == ["Karin Keller", "Rome"]


@pytest.mark.parametrize(
    ("task", "words"),
    [
        (
            {"data": {"text": "Bo left."}, "annotations": [1, 2]},
            "2 annotations that are no objects",
        ),
        ({"text": "Bo left.", "label": '[{"start": 0}]'}, "1 values under label that are no"),
        (
            {"text": "Bo left.", "label": [5, None, {"start": 0}]},
            "3 values under label that are no",
        ),
    ],
)
def test_what_label_studio_has_in_another_form_is_told(
    task: dict[str, Any], words: str, tmp_path: Path
) -> None:
    path = tmp_path / "x.json"
    path.write_text(json.dumps([task]))
    intake = Intake()
    (one,) = read("labelstudio", path, intake)
    assert one.standing == ()
    assert any(words in line for line in told(intake)), told(intake)
