"""Which document came of the same source as another before, and takes its decisions along."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePath
from typing import Any, Final, TypeAlias

from annotations.errors import PurportError, StorageError
from annotations.messages import counted
from annotations.project import DEFAULT_FOLDER, Project
from annotations.records import Document, Plain, State
from annotations.sources.outcome import Note, named
from annotations.sources.reanchor import carry_over, movable
from annotations.spelling import composed

_MANY: Final = {".jsonl", ".csv", ".tsv"}
_NOWHERE: Final = ("", "-")

Name: TypeAlias = tuple[str, str]
"""What a row calls itself: by its `id`, else its `title`, and which."""


@dataclass(frozen=True, slots=True)
class _Row:
    document: str
    name: Name | None
    is_new: bool


class Succession:
    """Takes documents into a project, and the annotator's decisions to each that changed.

    A source is known by its path from the folder that the project is in, whatever the current
    folder. Decisions are taken along while the annotator has none on the new document, so that
    what was interrupted is done when the source is given again. The rows of a table are looked at
    when all of them were given: call `finish` at the end.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        root = project.root.resolve()
        self._home = root.parent if root.name == DEFAULT_FOLDER else root
        self._session = secrets.token_hex(4)
        self._given = ""
        self._source = ""
        self._rows: list[_Row] = []
        self._lines: list[str | Note] = []

    def add(self, document: Document) -> bool:
        """Take a document in; False if its text is there already.

        Raises:
            DiskFullError, ReadOnlyError, DiskError, NewerFormatError: it is not there.
        """
        if document.source != self._given:
            self._end_source()
            self._given, self._source = document.source, self.settled(document.source)
        document = replace(document, source=self._source, session=self._session)
        is_new = self._project.add(document)
        if self._source in _NOWHERE:
            return is_new
        if _MANY & set(PurePath(self._source.lower()).suffixes):
            self._rows.append(_Row(document.id, _name(document.metadata), is_new))
            return is_new
        if not is_new:
            self._tell_of_twin(document.id)
        earlier = [one for one in self._earlier(self._source) if one != document.id]
        if earlier:
            self._follow(document.id, earlier)
        return is_new

    def lines(self) -> Iterator[str | Note]:
        """What became of decisions since this was asked last, a line at a time, and notes on sources."""
        while self._lines:
            yield self._lines.pop(0)

    def finish(self) -> Iterator[str | Note]:
        """Do what is left when all was given; the last lines to tell."""
        self._end_source()
        yield from self.lines()

    def settled(self, source: str) -> str:
        """A source by the path that it has from the project's folder; absolute outside of it."""
        if source in _NOWHERE:
            return source
        place = _placed(source)
        if place.is_relative_to(self._home):
            place = place.relative_to(self._home)
        return named(place)

    # What the source held before

    @cached_property
    def _decided(self) -> dict[str, list[str]]:
        """By source, the documents that the annotator has decided in, in the order of adding."""
        made: dict[str, list[str]] = {}
        for source, document_id in self._project.catalogue.decided():
            made.setdefault(source, []).append(document_id)
        return made

    def _earlier(self, source: str) -> list[str]:
        """The documents of a source that were decided in, the last one last."""
        if not self._decided or self._project.readonly:
            return []
        many = [one for form in self._forms(source) for one in self._decided.get(form, ())]
        return [one for one in many if not self._project.is_redacted(one)]

    def _forms(self, source: str) -> list[str]:
        """How projects of earlier versions may have kept it, and then as it is kept now."""
        place = self._home / source
        forms = [named(place)]
        if not PurePath(source).is_absolute():
            for folder in self._home.parents:
                form = named(place.relative_to(folder))
                if not (self._home / form).exists():  # else it is that file
                    forms.append(form)
        return list(dict.fromkeys((*forms, source)))

    def _is_untouched(self, document_id: str) -> bool:
        """Whether the annotator has marked nothing in a document, nor said that it is done."""
        layer = self._project.layer(document_id)
        is_marked = bool(layer.revisions.keys() - {State.id})
        return not (is_marked or layer.state.finished or layer.is_redacted)

    def _follow(self, document_id: str, earlier: list[str]) -> None:
        """Take decisions along from the last of the earlier documents that has any left."""
        project = self._project
        try:
            if project.is_redacted(document_id):
                return
            found = next((one for one in reversed(earlier) if movable(project.layer(one))), None)
            if found is None:
                return
            if not self._is_untouched(document_id):
                self._tell_of_stranded(document_id, found)
                return
            before, after = project.document(found), project.document(document_id)
            if moved := carry_over(project, replace(before, source=self._source), after):
                self._lines += moved.lines()
        except StorageError as error:
            self._note(f"no decisions moved. {error}")

    def _tell_of_stranded(self, document_id: str, earlier: str) -> None:
        """Say so where none of the earlier decisions came to a text that has some of its own.

        Where this text is the older of the two, a revert, any that it lacks are told.
        """
        project = self._project
        here = {(one.kind, composed(one.text)) for one in project.layer(document_id)}
        there = movable(project.layer(earlier))
        lacking = [one for one in there if (one.kind, composed(one.text)) not in here]
        when = [self._about(one).get("added_at", "") for one in (document_id, earlier)]
        if here and lacking and (len(lacking) == len(there) or when[0] < when[1]):
            self._note(
                f"{counted(len(lacking), 'decision')} on {earlier} did not move: this text has "
                f"decisions already. To see them: purport show {earlier}"
            )

    def _tell_of_twin(self, document_id: str) -> None:
        with_source = self._about(document_id).get("source", "")
        if with_source == self._source:
            return
        if with_source not in (*_NOWHERE, *self._forms(self._source)):
            self._note(
                f"its text is there already, from {with_source}; "
                "when only one of them changes, its decisions are followed from there alone."
            )

    def _note(self, words: str) -> None:
        self._lines.append(Note(self._source, words))

    def _about(self, document_id: str) -> Plain:
        try:
            return self._project.catalogue.about(document_id)
        except PurportError:
            return {}

    # Rows

    def _end_source(self) -> None:
        rows, self._rows = list(dict.fromkeys(self._rows)), []
        if not rows:
            return
        present = {row.document for row in rows}
        gone = {
            one: _name(self._about(one).get("metadata", {}))
            for one in self._earlier(self._source)
            if one not in present
        }
        if not gone:
            return
        times = Counter(name for _, name in {(row.document, row.name) for row in rows})
        names = set(gone.values())
        wanted = [row for row in rows if row.name and row.name in names]
        rows_before = self._rows_before(present) if wanted else {}
        unclear: Counter[Name] = Counter()
        for row in wanted:
            assert row.name
            if times[row.name] == 1 and _is_one(rows_before.get(row.name, [])):
                self._follow(row.document, [one for one, name in gone.items() if name == row.name])
            elif row.is_new or self._is_untouched(row.document):
                unclear[row.name] += 1
        for (key, words), count in unclear.items():
            self._note(
                f"{counted(count, 'row')} of {key} {words!r}, which several rows "
                "have or had: no decisions moved there. An id of its own for each row helps."
            )
        nameless = sum(row.is_new and row.name is None for row in rows)
        left = sum(name is None or name not in times for name in gone.values())
        if nameless and left:
            self._note(
                f"{counted(nameless, 'new row')} without id or title cannot be followed, "
                f"and {counted(left, 'row')} with decisions {'is' if left == 1 else 'are'} gone: "
                "no decisions moved between them. A column id helps."
            )
        elif left:
            self._note(
                f"{counted(left, 'row')} with decisions {'is' if left == 1 else 'are'} not in it any "
                "more; the documents stay in the project as they are."
            )

    def _rows_before(self, present: set[str]) -> dict[Name, list[str]]:
        """By name, the sessions in which rows were added that are in the file no longer."""
        made: dict[Name, list[str]] = {}
        catalogue = self._project.catalogue
        for form in self._forms(self._source):
            for one in catalogue.of_source(form):
                about = self._about(one) if one not in present else {}
                if about and (name := _name(about.get("metadata", {}))):
                    made.setdefault(name, []).append(about.get("session", ""))
        for name, sessions in made.items():
            if name[0] == "id":  # versions before did not keep them, and an id is an id
                made[name] = [one or str(place) for place, one in enumerate(sessions)]
        return made


def _is_one(sessions: list[str]) -> bool:
    """Whether no two rows of a name were in the file together."""
    return len(set(sessions)) == len(sessions)


def _placed(source: str) -> Path:
    """The absolute path; a link to a file keeps its own name, whatever it leads to."""
    path = Path(source)
    return path.parent.resolve() / path.name


def _name(metadata: Mapping[str, Any]) -> Name | None:
    """What a row calls itself: a file of many does not say which came of which.

    A row's number is no name: the next version of the file may have another row there.
    """
    found = {str(key).strip().lower(): value for key, value in metadata.items()}
    for key in ("id", "title"):
        value = found.get(key)
        if value is not None and str(value).strip():
            return key, str(value).strip()
    return None
