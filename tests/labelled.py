"""Documents with annotations of every sort, for the tests of the formats."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from annotations.evidence import AUTHOR, GENERIC, UNNAMED, Cue, Link, Provenance
from annotations.formats.documents import Labelled
from annotations.records import Claim, Document, Entity, Status
from annotations.span import Span
from annotations.text import Text

WORDS = [
    "Orlen",
    "naïve",
    "said",
    "👩\u200d🚀",
    "🏔️",
    "e\u0301",
    "שלום",
    "東京",
    "\r\n",
    "\n",
    "\r",
    "\u2028",
    "\x85",
    "\x0c",
    "\t",
    "\\",
    '"',
    "<&>",
    "'",
    "=1+1",
    ".",
    " ",
    "\u00a0",
]
texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=20).map("".join)
short = st.text(st.sampled_from('aé🧭\u2028\n"\\<&\t='), max_size=6)
LABELS = ("PERSON", "ORG", "WORK_OF_ART")
PAIRS = (("affirms", "certain"), ("denies", "probable"), ("open", "uncommitted"))


@st.composite
def one_annotation(draw: st.DrawFn, text: Text, number: int) -> Entity | Claim:
    start = draw(st.integers(0, len(text) - 1))
    span = Span(start, draw(st.integers(start + 1, len(text))))
    origin = Provenance("en_toy-1.0.0", 0, 1, {"label": "ORG"}, 0.5, ("seen",))
    common: dict[str, Any] = {
        "id": f"a{number}",
        "span": span,
        "text": span.of(text),
        "status": draw(st.sampled_from([one for one in Status if one.stands])),
        "note": draw(short),
        "by": "anna",
        "at": "2026-01-01T00:00:00.000000+00:00",
        "rev": draw(st.integers(0, 9)),
        "score": draw(st.none() | st.floats(0, 1)),
        "origin": draw(st.sampled_from([None, origin])),
    }
    if draw(st.booleans()):
        return _began(draw, Entity(label=draw(st.sampled_from(LABELS)), **common))
    stance, certainty = draw(st.sampled_from(PAIRS))
    words = Link("span", text[0], 0)
    claim = Claim(
        stance=stance,
        certainty=certainty,
        holder=draw(st.sampled_from([(AUTHOR,), (UNNAMED, AUTHOR), (words, GENERIC, AUTHOR)])),
        frame=draw(st.sampled_from(["assertion", "question"])),
        likelihood=draw(st.none() | st.just({"scale": "icd203", "band": "likely", "phrase": "é"})),
        cues=draw(st.sampled_from([(), (Cue(0, 1, "negation", "denies"),)])),
        target=draw(st.none() | st.just(Span(0, 1))),
        doubt=draw(st.booleans()),
        **common,
    )
    return _began(draw, claim)


def _began(draw: st.DrawFn, one: Entity | Claim) -> Entity | Claim:
    """The annotation, or the same as it would be if it stood as it was suggested."""
    if draw(st.booleans()):
        return one
    place = (one.span.start, one.span.end)
    return replace(one, origin=Provenance("en_toy-1.0.0", *place, one.values(), one.score))


@st.composite
def labelled(draw: st.DrawFn) -> Labelled:
    """Any document; its spans overlap, nest, cross lines and stand at both ends."""
    text = Text(draw(texts))
    found = [draw(one_annotation(text, number)) for number in range(draw(st.integers(0, 6)))]
    whole = Entity(id="all", span=Span(0, len(text)), text=text, label="ORG")
    if draw(st.booleans()):
        found.append(whole)
    return Labelled(
        Document(text, draw(short), draw(short), "2026", {"year": draw(st.integers(0, 9))}),
        "anna",
        draw(st.booleans()),
        tuple(one for one in found if isinstance(one, Entity)),
        tuple(one for one in found if isinstance(one, Claim)),
        tuple(replace(one, id="r1", status=Status.REJECTED) for one in found[:1]),
    )


def documents(most: int = 3) -> st.SearchStrategy[list[Labelled]]:
    """Some documents of different texts, in the order of their ids."""
    return st.lists(labelled(), max_size=most, unique_by=lambda one: one.document.id).map(
        lambda many: sorted(many, key=lambda one: one.document.id)
    )


def example(
    words: str = "Swiss minister Karin Keller said 🏔️ no deal is near in Geneva.",
) -> Labelled:
    """A document with two entities and a claim, behind an emoji of two UTF-16 units and more."""
    text = Text(words)

    def span(part: str) -> dict[str, Any]:
        start = text.index(part)
        return {"span": Span(start, start + len(part)), "text": part, "status": Status.ADDED}

    person = Entity(id="a1", label="PERSON", **span("Karin Keller"))
    place = Entity(id="a2", label="GPE", **span("Geneva"))
    claim = Claim(
        id="a3",
        stance="denies",
        certainty="probable",
        holder=(Link("entity", "Karin Keller", person.span.start, "a1"), AUTHOR),
        **span("no deal is near"),
    )
    return Labelled(Document(text, "keller"), "anna", True, (person, place), (claim,), ())
