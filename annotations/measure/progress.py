"""How far a project is: by document, by label, by annotator."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field

from annotations.project import Project
from annotations.records import Annotation, Entity, Plain, Status
from annotations.storage.catalogue import Summary


@dataclass(slots=True)
class Work:
    """What one annotator has done.

    Attributes:
        documents: in how many they have decided something.
        finished: how many they have marked done.
        decisions: how many their journals hold.
    """

    documents: int = 0
    finished: int = 0
    decisions: int = 0

    def take(self, decisions: int, *, finished: bool) -> None:
        """Count one document in."""
        self.documents += bool(decisions)
        self.finished += finished
        self.decisions += decisions


@dataclass(slots=True)
class Progress:
    """How far one annotator is in a project, and what the others have done beside them.

    Attributes:
        documents: each at a glance, in the order of adding.
        labels: for each label, and for claims as a whole, how many annotations have each status;
            `suggested` are the open ones.
        annotators: by name, the one who looks first.
    """

    documents: list[Summary] = field(default_factory=list)
    labels: dict[str, Counter[Status]] = field(default_factory=dict)
    annotators: dict[str, Work] = field(default_factory=dict)

    @property
    def finished(self) -> int:
        """How many documents the annotator has marked done."""
        return sum(one.finished for one in self.documents)

    @property
    def open(self) -> int:
        """How many suggestions the annotator has not decided on."""
        return sum(one.open for one in self.documents)

    @property
    def decisions(self) -> int:
        """How many decisions the annotator has made."""
        return sum(one.decisions for one in self.documents)

    def plain(self) -> Plain:
        """The progress as `purport status --json` prints it."""
        return {
            "documents": len(self.documents),
            "finished": self.finished,
            "open": self.open,
            "decisions": self.decisions,
            "by": {
                "document": {
                    one.id: {
                        "title": one.title,
                        "state": one.state,
                        "finished": one.finished,
                        "open": one.open,
                        "decisions": one.decisions,
                    }
                    for one in self.documents
                },
                "label": {
                    label: {str(status): counts[status] for status in Status}
                    for label, counts in self.labels.items()
                },
                "annotator": {name: asdict(work) for name, work in self.annotators.items()},
            },
        }


def progress(project: Project) -> Progress:
    """Count a project through, one document in memory at a time.

    Raises:
        CorruptError, NewerFormatError: a layer cannot be read.
    """
    made = Progress(project.documents(), annotators={project.annotator: Work()})
    labels = {label.name: Counter[Status]() for label in project.schema.labels}
    for one in made.documents:
        for annotation in project.overlay(one.id).index:
            labels.setdefault(_row(annotation), Counter())[annotation.status] += 1
        made.annotators[project.annotator].take(one.decisions, finished=one.finished)
        for name in project.people(one.id):
            if name != project.annotator:
                layer = project.layer(one.id, name)
                work = made.annotators.setdefault(name, Work())
                work.take(layer.seq, finished=layer.state.finished)
    made.labels = {label: counts for label, counts in labels.items() if counts}
    return made


def _row(annotation: Annotation) -> str:
    return annotation.label if isinstance(annotation, Entity) else annotation.kind
