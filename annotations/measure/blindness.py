"""Whether seeing a model's suggestions changes what a person marks: with them hidden, and in view."""

from __future__ import annotations

from dataclasses import dataclass, field

from annotations.layer import Layer, fold
from annotations.measure.matching import Counts, Scheme, counted, matched
from annotations.measure.verdicts import Place
from annotations.project import Project
from annotations.records import Decision, Plain
from annotations.review.seeding import is_seeded


@dataclass(slots=True)
class Agreement:
    """How one model's entities answer to what a person marked, by the strict scheme.

    Attributes:
        documents: how many.
        places: what the person marked there.
        counts: how the model's entities came out.
    """

    documents: int = 0
    places: list[Place] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)

    def take(self, suggested: Layer, own: Layer) -> None:
        """Count one document in."""
        ours = [one for one in own.entities if one.status.stands and not is_seeded(one)]
        self.documents += 1
        self.places += [Place(own.document, one.id) for one in ours]
        self.counts += counted(matched(suggested.entities, ours, Scheme.STRICT))

    def plain(self) -> Plain:
        """The figures as JSON holds them."""
        return {"documents": self.documents, "f1": self.counts.f1}


@dataclass(slots=True)
class Blindness:
    """One model beside what a person marked without and with its suggestions in view.

    Where the second figure is far above the first, the person takes over what is suggested.

    Attributes:
        blind: documents that were begun with suggestions hidden, as they stood when that ended.
        seen: the other documents that are finished.
    """

    blind: Agreement = field(default_factory=Agreement)
    seen: Agreement = field(default_factory=Agreement)

    def plain(self) -> Plain:
        """The figures as JSON holds them."""
        return {"blind": self.blind.plain(), "seen": self.seen.plain()}


def take(
    made: dict[str, Blindness], project: Project, own: Layer, *, began_blind: bool = False
) -> None:
    """Count what a person has marked in one document in, under each model that has read it.

    A document that is still read blind, or is not finished, says nothing yet and is left out.

    Args:
        made: by model; added to.
        project: where the models' layers are.
        own: the person's layer as it is now.
        began_blind: whether any decision on it was made with the suggestions hidden.
    """
    if not (own.state.finished or (began_blind and own.state.revealed)):
        return
    then = _until_seen(project, own) if began_blind else own
    for model in project.models(own.document):
        one = made.setdefault(model, Blindness())
        side = one.blind if began_blind else one.seen
        side.take(project.layer(own.document, model), then)


def _until_seen(project: Project, own: Layer) -> Layer:
    """The layer as it was when its suggestions came to be seen."""
    decisions = list(project.log(own.document, own.name))
    last = max((one.seq for one in decisions if is_blind(one)), default=0)
    return fold(own.name, own.document, decisions[:last])


def is_blind(decision: Decision) -> bool:
    """Whether a decision was made with the suggestions hidden."""
    return decision.app.endswith(" blind")
