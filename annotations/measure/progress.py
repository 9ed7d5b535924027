"""How far a project is: by document, by label, by annotator."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Final

from annotations.project import Project
from annotations.records import Status
from annotations.storage.summary import Damage, Standing, Totals

_encode: Final = json.JSONEncoder(ensure_ascii=False).encode
_quote: Final = json.encoder.encode_basestring


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


@dataclass(slots=True)
class Progress:
    """How far one annotator is in a project, and what the others have done beside them.

    Attributes:
        totals: all documents together.
        documents: each at a glance, in the order of adding; read anew whenever one goes through.
        labels: for each label, and for claims as a whole, how many annotations have each status;
            `suggested` are the open ones.
        annotators: by name, the one who looks first.
        damage: what of the documents cannot be read, and is not counted.
    """

    totals: Totals = field(default_factory=Totals)
    documents: Iterable[Standing] = ()
    labels: dict[str, Counter[Status]] = field(default_factory=dict)
    annotators: dict[str, Work] = field(default_factory=dict)
    damage: Sequence[Damage] = ()

    def json(self) -> Iterator[str]:
        """The progress as `purport status --json` prints it, in parts: documents may be many."""
        yield _encode(asdict(self.totals))[:-1] + ', "by": {"document": {'
        comma = ""
        for document_id, title, state, open_, decisions in self.documents:
            yield (
                f'{comma}"{document_id}": {{"title": {_quote(title)}, "state": "{state}", '
                f'"finished": {"true" if state == "done" else "false"}, "open": {open_}, '
                f'"decisions": {decisions}}}'
            )
            comma = ", "
        labels = {
            label: {str(status): counts[status] for status in Status}
            for label, counts in self.labels.items()
        }
        people = {name: asdict(work) for name, work in self.annotators.items()}
        yield f'}}, "label": {_encode(labels)}, "annotator": {_encode(people)}}}}}'


class _Standings(Iterable[Standing]):
    """Every document of a project, each time that one goes through them."""

    def __init__(self, project: Project) -> None:
        self._project = project

    def __iter__(self) -> Iterator[Standing]:
        return self._project.catalogue.standings()


def progress(project: Project, *, thorough: bool = False) -> Progress:
    """Count a project through.

    Args:
        project: which one, as its annotator sees it.
        thorough: look at every file first, however many documents there are.
    """
    catalogue = project.look(thorough=thorough)
    made = Progress(catalogue.totals(), _Standings(project), annotators={project.annotator: Work()})
    made.damage = catalogue.damage()
    labels = {label.name: Counter[Status]() for label in project.schema.labels}
    for label, counts in catalogue.labels().items():
        labels.setdefault(label, Counter()).update(
            {status: counts[status] for status in Status if counts[status]}
        )
    made.labels = {label: counts for label, counts in labels.items() if counts}
    made.annotators |= {name: Work(*work) for name, work in catalogue.work().items()}
    return made
