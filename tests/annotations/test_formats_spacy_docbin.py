from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import spacy
from labelled import example
from spacy.tokens import Doc, DocBin
from spacy.util import filter_spans

from annotations import record_parser
from annotations.errors import InputError
from annotations.evidence import AUTHOR, UNNAMED
from annotations.formats import spacy_docbin
from annotations.formats.documents import Labelled
from annotations.formats.export import export
from annotations.formats.reading.intake import Intake
from annotations.formats.spacy_bin import contents
from annotations.formats.writing.report import Report
from annotations.records import Claim, Document, Entity, Status
from annotations.span import Span
from annotations.text import Text


def entity(text: str, words: str, label: str, name: str = "", **parts: Any) -> Entity:
    start = text.index(words)
    span = Span(start, start + len(words))
    status = parts.pop("status", Status.ADDED)
    return Entity(
        id=name or f"a{start}", span=span, text=words, label=label, status=status, **parts
    )


def claim(text: str, words: str, **parts: Any) -> Claim:
    start = text.index(words)
    span = Span(start, start + len(words))
    status = parts.pop("status", Status.ADDED)
    return Claim(id=f"c{start}", span=span, text=words, status=status, **parts)


def labelled(
    text: str, *annotations: Entity | Claim, finished: bool = True, **meta: Any
) -> Labelled:
    kept = [one for one in annotations if one.status.stands]
    return Labelled(
        Document(Text(text), "a report", metadata=meta),
        "anna",
        finished,
        tuple(one for one in kept if isinstance(one, Entity)),
        tuple(one for one in kept if isinstance(one, Claim)),
        tuple(one for one in annotations if one.status is Status.REJECTED),
    )


def through(tmp_path: Path, *documents: Labelled) -> tuple[list[Doc], Report]:
    """Write the documents, and read them as anybody with spaCy would."""
    report = Report("spacy")
    path = tmp_path / "out.spacy"
    spacy_docbin.write(documents, path, report)
    return list(DocBin().from_disk(path).get_docs(spacy.blank("en").vocab)), report


def test_entities_are_there_with_their_ids_and_the_rest_is_outside(tmp_path: Path) -> None:
    text = "👩\u200d🚀 Orlen met\r\nthe Guild\u2028in Port Arvel."
    (doc,), report = through(
        tmp_path,
        labelled(text, entity(text, "Orlen", "PERSON"), entity(text, "Port Arvel", "GPE")),
    )
    assert doc.text == text
    assert [(one.text, one.label_, one.start_char) for one in doc.ents] == [
        ("Orlen", "PERSON", text.index("Orlen")),
        ("Port Arvel", "GPE", text.index("Port Arvel")),
    ]
    assert [one.id_ for one in doc.ents] == [f"a{text.index('Orlen')}", f"a{text.index('Port')}"]
    assert all(token.ent_iob_ for token in doc)
    assert report.losses == []


def test_claims_keep_their_fields_and_may_nest(tmp_path: Path) -> None:
    text = "Orlen said no pact is expected to be signed."
    outer = claim(text, "Orlen said no pact is expected to be signed")
    inner = claim(
        text,
        "no pact is expected to be signed",
        stance="denies",
        certainty="probable",
        holder=(UNNAMED, AUTHOR),
        time="future",
        note="see page 2",
    )
    (doc,), report = through(tmp_path, labelled(text, outer, inner))
    group = doc.spans["claims"]
    assert [(span.text, span.label_, span.id_) for span in group] == [
        (outer.text, "affirms", "c0"),
        (inner.text, "denies", "c11"),
    ]
    fields = list(group.attrs["fields"])
    assert [record_parser.claim(one) for one in fields] == [outer, inner]
    assert fields[1]["certainty"] == "probable"
    assert fields[1]["holder"][0]["kind"] == "unnamed"
    assert report.losses == []


def test_rejected_suggestions_are_negatives_and_no_entities(tmp_path: Path) -> None:
    text = "The Guild met Orlen in spring, it was said."
    wrong = entity(text, "Orlen", "ORG", "s1", status=Status.REJECTED)
    (doc,), _ = through(tmp_path, labelled(text, entity(text, "Guild", "ORG"), wrong))
    assert [(span.text, span.label_, span.id_) for span in doc.spans["rejected"]] == [
        ("Orlen", "ORG", "s1")
    ]
    assert [one.text for one in doc.ents] == ["Guild"]
    assert len(doc.spans["claims"]) == len(doc.spans["rejected_claims"]) == 0


def test_a_span_off_token_boundaries_is_named_and_its_tokens_are_unknown(tmp_path: Path) -> None:
    text = "She left Arvel(Orlen for the Isle-dwellers of Tide."
    inside = entity(text, "Arvel", "GPE")
    wrong = entity(text, "Orlen", "ORG", status=Status.REJECTED)
    half = claim(text, "Orlen for the Isle")
    (doc,), report = through(
        tmp_path, labelled(text, inside, entity(text, "Tide", "GPE"), wrong, half)
    )
    assert [one.text for one in doc.ents] == ["Tide"]
    assert {token.text: token.ent_iob_ for token in doc}["Arvel(Orlen"] == ""
    assert {token.text: token.ent_iob_ for token in doc}["She"] == "O"
    assert [span.text for span in doc.spans["claims"]] == ["Arvel(Orlen for the Isle"]
    assert doc.spans["claims"].attrs["fields"][0]["text"] == "Orlen for the Isle"
    assert len(doc.spans["rejected"]) == 0
    assert [record_parser.entity(one) for one in doc.user_data["purport"]["misaligned"]] == [inside]
    assert [(loss.span, loss.text, loss.reason) for loss in report.losses] == [
        (inside.span, "Arvel", spacy_docbin.UNPLACED),
        (half.span, "Orlen for the Isle", spacy_docbin.WIDENED),
        (wrong.span, "Orlen", spacy_docbin.UNPLACED_NEGATIVE),
    ]
    named = "\n".join(report.lines())
    assert f"a report ({Text(text).id}) 9-14 entity 'Arvel'" in named


def test_an_unknown_token_beside_an_entity_leaves_the_entity_alone(tmp_path: Path) -> None:
    text = "Arvel(Orlen) said so."
    whole, part = entity(text, "Arvel(Orlen", "ORG"), entity(text, "Orlen", "PERSON")
    (doc,), report = through(tmp_path, labelled(text, whole, part))
    assert [one.text for one in doc.ents] == ["Arvel(Orlen"]
    assert [loss.annotation for loss in report.losses] == [part.id]


def test_of_two_that_overlap_the_longer_is_an_entity_and_both_are_spans(tmp_path: Path) -> None:
    text = "The Ministry of Tides met."
    outer, inner = entity(text, "Ministry of Tides", "ORG"), entity(text, "Tides", "LOC")
    (doc,), report = through(tmp_path, labelled(text, outer, inner))
    assert [one.text for one in doc.ents] == ["Ministry of Tides"]
    assert [one.text for one in doc.spans["entities"]] == ["Ministry of Tides", "Tides"]
    assert [(loss.annotation, loss.reason) for loss in report.losses] == [
        (inner.id, spacy_docbin.OVERLAPPING)
    ]


def test_a_claim_on_a_space_covers_no_token_and_is_named(tmp_path: Path) -> None:
    text = "Orlen left."
    (doc,), report = through(tmp_path, labelled(text, claim(text, " "), claim(text, "Orlen left")))
    assert [span.text for span in doc.spans["claims"]] == ["Orlen left"]
    assert [one["text"] for one in doc.spans["claims"].attrs["fields"]] == ["Orlen left"]
    assert [loss.reason for loss in report.losses] == [spacy_docbin.BLANK]


def test_what_an_unfinished_document_leaves_open_is_unknown(tmp_path: Path) -> None:
    text = "Orlen met the Guild."
    (doc,), _ = through(tmp_path, labelled(text, entity(text, "Orlen", "PERSON"), finished=False))
    assert [token.ent_iob_ for token in doc] == ["B", "", "", "", ""]
    assert doc.user_data["purport"]["finished"] is False


def test_a_document_keeps_its_name_and_metadata_of_any_kind(tmp_path: Path) -> None:
    meta = {"page": 10**40, "tags": ["é", None], "🧭": {"a": 1.5}}
    (doc,), _ = through(tmp_path, labelled("Orlen left.", **meta))
    about = doc.user_data["purport"]
    assert json.loads(about["meta"]) == meta
    assert (about["title"], about["annotator"]) == ("a report", "anna")
    assert about["id"] == Text("Orlen left.").id


def test_a_text_longer_than_a_pipeline_takes_is_written_whole(tmp_path: Path) -> None:
    text = "Orlen left for Arvel. " * 50_000
    assert len(text) > 1_000_000
    start = len(text) - len("Arvel. ")
    last = Entity(
        id="a1", span=Span(start, start + 5), text="Arvel", label="GPE", status=Status.ADDED
    )
    (doc,), _ = through(tmp_path, labelled(text, last))
    assert [(one.text, one.start_char) for one in doc.ents] == [("Arvel", start)]


def by_spacy(one: Labelled, nlp: spacy.Language) -> Doc:
    """The document as spaCy's own functions make it."""
    doc = nlp.make_doc(str(one.document.text))
    groups: dict[str, list[Any]] = {
        name: [] for name in ("entities", "claims", "rejected", "rejected_claims")
    }
    fields: dict[str, list[Any]] = {"claims": [], "rejected_claims": []}
    unknown: set[int] = set()
    misaligned = []
    for each in one:
        is_claim = isinstance(each, Claim)
        label = each.stance if is_claim else each.label
        said: Any = {"label": label, "span_id": each.id}
        span = doc.char_span(each.span.start, each.span.end, **said)
        wide = doc.char_span(each.span.start, each.span.end, alignment_mode="expand", **said)
        key = "claims" if is_claim else "entities"
        if each.status is Status.REJECTED:
            key = "rejected_claims" if is_claim else "rejected"
        if is_claim and (span := span or wide):
            fields[key].append(each.plain())
        elif key == "entities" and not span:
            misaligned.append(each.plain())
            unknown |= {token.i for token in wide or ()}
        if span:
            groups[key].append(span)
    ents = filter_spans(groups["entities"])
    unknown -= {token.i for span in ents for token in span}
    doc.set_ents(
        ents,
        missing=[doc[at : at + 1] for at in sorted(unknown)],
        default="outside" if one.finished else "missing",
    )
    for key, spans in groups.items():
        doc.spans[key] = spans
    for key, said in fields.items():
        doc.spans[key].attrs["fields"] = said
    document = one.document
    about = {"id": document.id, "title": document.title, "annotator": one.annotator}
    about |= {"finished": one.finished, "meta": json.dumps(dict(document.metadata))}
    doc.user_data["purport"] = about | {"misaligned": misaligned}
    return doc


def test_the_file_holds_what_spacys_own_way_of_filling_it_would(tmp_path: Path) -> None:
    text = "👩\u200d🚀 Orlen  met\r\nthe Guild(Tide of Arvel. "
    documents = [
        labelled(
            text,
            entity(text, "Orlen", "PERSON"),
            entity(text, "the Guild(Tide", "ORG"),
            entity(text, "Tide", "ORG"),
            entity(text, "Tide of Arvel", "the ORG"),
            entity(text, "Arvel", "GPE", "a9"),
            entity(text, "of Arvel", "FAC"),
            entity(text, "Arvel", "GPE", "s1", status=Status.REJECTED),
            claim(text, "Orlen  met", stance="open", certainty="uncommitted"),
            claim(text, "met\r\nthe Guild", status=Status.REJECTED),
            claim(text, " "),
        ),
        labelled("", finished=False),
        labelled("Orlen met.", entity("Orlen met.", "Orlen", "ORG"), finished=False),
        *reports(PEOPLE[:1]),
    ]
    nlp = spacy.blank("en")
    own, _ = through(tmp_path, *documents)
    path = tmp_path / "theirs.spacy"
    given = [by_spacy(one, nlp) for one in documents]
    attributes = ["ORTH", "SPACY", "ENT_IOB", "ENT_TYPE", "ENT_ID"]
    DocBin(attributes, store_user_data=True, docs=given).to_disk(path)
    spacys = list(DocBin().from_disk(path).get_docs(spacy.blank("en").vocab))
    assert [one.to_bytes() for one in own] == [one.to_bytes() for one in spacys]


def test_what_is_read_of_our_own_file_is_what_spacy_reads_of_it(tmp_path: Path) -> None:
    text = "👩\u200d🚀 Orlen  met\r\nthe Guild(Tide of Arvel. "
    given = labelled(
        text,
        entity(text, "Orlen", "PERSON"),
        entity(text, "Tide", "ORG"),
        entity(text, "Arvel", "GPE", "s1", status=Status.REJECTED),
        claim(text, "Orlen  met", stance="open", certainty="uncommitted"),
    )
    documents = [given, labelled("", finished=False), *reports(PEOPLE[:1])]
    spacy_docbin.write(documents, tmp_path / "out.spacy", Report("spacy"))
    made = DocBin().from_disk(tmp_path / "out.spacy")
    vocab = spacy.blank("en").vocab
    for found, doc in zip(contents(made), made.get_docs(vocab), strict=True):
        assert found.text == doc.text
        assert found.about.keys() == doc.user_data["purport"].keys()
        assert {*found.groups} == {*doc.spans}
        for name, group in doc.spans.items():
            said = [(span.start_char, span.end_char, span.label_) for span in group]
            assert found.groups[name] == said
            assert found.attributes[name] == group.attrs
    # One document that is not ours, and all are read as anybody's.
    made.add(spacy.blank("en").make_doc("Not ours."))
    assert [found.text for found in contents(made)][-1] == "Not ours."
    assert next(contents(made)).entities == [
        (span.start_char, span.end_char, span.label_) for span in next(made.get_docs(vocab)).ents
    ]


PEOPLE = (
    *("Orlen", "Sava", "Ilka", "Brandt", "Marwa", "Teodor", "Nilsen", "Okoye"),
    *("Adeyemi", "Baros", "Celik", "Dvorak", "Eide", "Farouk", "Galli", "Horvat"),
)
PLACES = ("Arvel", "Tidemouth", "Castel", "Lowmoor", "Brae", "Sund", "Kerith", "Dunmore")


def reports(people: Sequence[str]) -> list[Labelled]:
    made = []
    for person in people:
        for place in PLACES:
            text = f"On Monday {person} left {place}. The ferry Dawn did not wait for (the others."
            made.append(
                labelled(
                    text,
                    entity(text, person, "PERSON"),
                    entity(text, place, "GPE"),
                    entity(text, "Dawn", "PERSON", "s1", status=Status.REJECTED),
                    claim(text, "The ferry Dawn did not wait for (the others", stance="denies"),
                )
            )
    return made


def run(*words: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "spacy", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Training and test files as an export makes them, with spaCy's own configuration."""
    folder = tmp_path_factory.mktemp("corpus")
    spacy_docbin.write(reports(PEOPLE[:14]), folder / "train.spacy", Report("spacy"))
    spacy_docbin.write(reports(PEOPLE[14:]), folder / "dev.spacy", Report("spacy"))
    run("init", "config", "ner.cfg", "--lang", "en", "--pipeline", "ner", folder=folder)
    return folder


PATHS = ("--paths.train", "train.spacy", "--paths.dev", "dev.spacy")


def test_spacy_debug_data_finds_the_files_good(corpus: Path) -> None:
    told = run("debug", "data", "ner.cfg", *PATHS, "--no-format", "--verbose", folder=corpus)
    assert "112 training docs" in told
    assert "16 evaluation docs" in told
    assert "'GPE' (112)" in told
    assert "'PERSON' (112)" in told
    assert "0 missing value(s)" in told
    assert "No entities consisting of or starting/ending with whitespace" in told
    assert "No entities crossing sentence boundaries" in told


def test_spacy_trains_on_the_files_and_learns(corpus: Path) -> None:
    run(
        *("train", "ner.cfg", "--output", "model", *PATHS),
        *("--training.max_steps", "60", "--training.eval_frequency", "20"),
        *("--components.tok2vec.model.encode.width", "32"),
        *("--components.tok2vec.model.embed.rows", "[500,250,250,250]"),
        folder=corpus,
    )
    meta = json.loads((corpus / "model" / "model-best" / "meta.json").read_text())
    assert meta["performance"]["ents_f"] > 0.5
    assert set(meta["labels"]["ner"]) == {"GPE", "PERSON"}


def test_rejected_spans_are_negatives_that_a_trained_component_takes(corpus: Path) -> None:
    from spacy.training import Example

    nlp = spacy.blank("en")
    ner = nlp.add_pipe("ner", config={"incorrect_spans_key": "rejected"})
    docs = list(DocBin().from_disk(corpus / "train.spacy").get_docs(nlp.vocab))
    examples = [Example(nlp.make_doc(doc.text), doc) for doc in docs]
    nlp.initialize(lambda: examples)
    losses = nlp.update(examples)
    assert losses["ner"] > 0
    assert set(ner.labels) == {"GPE", "PERSON"}  # type: ignore[attr-defined]


def test_many_tokens_are_a_folder_that_spacy_reads_as_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from spacy.training import Corpus

    many = [example(f"Karin Keller said no deal is near in Geneva, {n} times.") for n in range(7)]
    out = tmp_path / "train.spacy"
    export(many, out, "spacy")
    assert out.is_file()
    monkeypatch.setattr(spacy_docbin, "PORTION", 25)
    report = export(many, out, "spacy")
    assert sorted(one.name for one in out.iterdir()) == [f"0000{n}.spacy" for n in range(1, 5)]
    assert "4 DocBins" in report.notes[-1]
    nlp = spacy.blank("en")
    assert {one.reference.text for one in Corpus(out)(nlp)} == {one.document.text for one in many}
    assert [one.entities for one in spacy_docbin.read(out, Intake())] != []
    monkeypatch.undo()
    export(many, out, "spacy")
    assert out.is_file()
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []


def test_a_folder_of_other_files_is_not_taken_for_an_export(tmp_path: Path) -> None:
    out = tmp_path / "train.spacy"
    out.mkdir()
    (out / "00001.spacy").write_bytes(b"")
    (out / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="is a folder"):
        export([example()], out, "spacy")
