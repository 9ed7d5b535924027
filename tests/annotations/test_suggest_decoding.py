from __future__ import annotations

from pathlib import Path

import pytest
import spacy
from long_text import long_text
from spacy.language import Language

from annotations.project import Project
from annotations.records import Document
from annotations.suggest import models, run
from annotations.suggest.chunks import chunks
from annotations.suggest.decoding import decoded, score
from annotations.suggest.entities import suggest_all
from annotations.text import Text


@pytest.fixture(scope="module")
def trained() -> Language:
    return models.load(models.find())


def spans(docs: list[spacy.tokens.Doc]) -> list[list[tuple[int, int, str]]]:
    return [[(one.start_char, one.end_char, one.label_) for one in doc.ents] for doc in docs]


@pytest.mark.parametrize("together", [1, 7, 1000])
def test_the_entities_are_those_of_spacy_alone(
    trained: Language, seeds: Path, together: int
) -> None:
    texts = [Text(path.read_text(encoding="utf-8")) for path in sorted(seeds.glob("*.txt"))]
    texts += [Text(line) for text in texts for line in text.split("\n")]
    texts += [Text(long_text(3000, 5)), Text("é 🧭\r\n\x0c" * 5), Text("U.S. Bank"), Text("Orlen")]
    parts = [text[span.start : span.end] for text in texts for span in chunks(text)]
    parts += ["", " ", "\n\n"]
    ours = [
        doc
        for start in range(0, len(parts), together)
        for doc in decoded(trained, parts[start : start + together])
    ]
    assert spans(ours) == spans(list(trained.pipe(parts)))
    scores = [score(one) for doc in ours for one in doc.ents]
    assert len(scores) > 300
    assert all(one is not None and 0 < one <= 1 and one == round(one, 4) for one in scores)


def test_a_score_is_the_softmax_of_what_was_done_among_what_could_be(trained: Language) -> None:
    (doc,) = decoded(trained, ["Ada Orlen flew to Paris."])
    by_text = {one.text: score(one) for one in doc.ents}
    sure, plain = by_text["Paris"], by_text["Ada Orlen"]
    assert sure is not None and plain is not None
    assert sure > 0.9
    # A document on its own and the same one in a batch get the same numbers.
    (_, again) = decoded(trained, ["Something longer stands ahead of it here.", doc.text])
    assert [score(one) for one in again.ents] == pytest.approx(
        [score(one) for one in doc.ents], abs=1e-3
    )


def test_what_no_greedy_decoder_found_has_no_score(trained: Language) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "PERSON", "pattern": "Orlen"}])  # type: ignore[attr-defined]
    (doc,) = decoded(nlp, ["Orlen left."])
    assert [(one.text, score(one)) for one in doc.ents] == [("Orlen", None)]
    assert decoded(nlp, []) == []


@pytest.mark.parametrize("wanted", [True, False])
def test_the_project_says_whether_scores_are_kept(tmp_path: Path, wanted: bool) -> None:
    project = Project.create(tmp_path / "reef", annotator="anna")
    settings = project.root / "purport.toml"
    settings.write_text(
        settings.read_text().replace("scores = true", f"scores = {str(wanted).lower()}")
    )
    project.close()
    project = Project.open(project.root, annotator="anna")
    text = Text("Angela Merkel flew from Berlin to New York on Monday.")
    project.add(Document(text, "flight"))
    model = models.find()
    run.fill(project, model)
    layer = project.layer(text.id, model.layer)
    assert layer.model["scores"] is wanted
    for one in layer.entities:
        assert (one.score is not None) is wanted
        assert one.origin is not None
        assert one.origin.score == one.score
    assert run.fill(project, model).skipped == 1
    project.close()


def test_scores_change_no_suggestion(trained: Language, seeds: Path) -> None:
    text = Text((sorted(seeds.glob("*.txt"))[0]).read_text(encoding="utf-8"))
    found = {}
    for wanted in (True, False):
        ((_, found[wanted]),) = suggest_all(trained, [("a", text)], layer="x", scores=wanted)
    assert [one.id for one in found[True]] == [one.id for one in found[False]]
