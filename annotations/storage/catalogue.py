"""What is known of every document at a glance, from the index, which follows the disk."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from annotations.records import Plain
from annotations.storage import decision_times
from annotations.storage.following import Following
from annotations.storage.intake import EVERYONE, SETTLED
from annotations.storage.shelf import TEXT
from annotations.storage.summary import Damage, Standing, Summary, Totals

_GUESSES: Final = 5_000
"""Documents among whose names one is looked for that is like another, which takes its time."""


class Catalogue(Following):
    """Answers about all documents; `refresh` and `fill` bring the answers up to date."""

    # One document and its neighbours

    def called(self, name: str) -> list[str]:
        """The documents of this title, or from a file of this name, its ending left out."""
        return [
            one
            for one, title, source in self._names()
            if name == title or (name in source and name == Path(source).stem)
        ]

    def nearest(self, name: str) -> str:
        """A question whether the title or file most like this one is meant; empty if none is like it."""
        some = islice(self._names(), _GUESSES)
        known = {one for _, title, source in some for one in (title, Path(source).stem)}
        close = difflib.get_close_matches(name, known, n=1)
        return f"did you mean {close[0]!r}?" if close else ""

    def _names(self) -> Iterator[tuple[str, str, str]]:
        return iter(self.safely(lambda: self.index.run("select id, title, source from documents")))

    def order(self) -> list[str]:
        """Every document's id, in the order of adding."""
        return self.safely(
            lambda: [
                one for (one,) in self.index.run("select id from documents order by added_at, id")
            ]
        )

    def count(self) -> int:
        """How many documents there are."""
        return self.safely(lambda: int(self.index.one("select count(*) from documents")))

    def place(self, document_id: str) -> int:
        """A document's number in the order of adding, from 1; 0 for one that is not there."""
        return self.safely(
            lambda: int(
                self.index.one(
                    "select count(*) from documents d, (select added_at, id from documents where id = ?) h "
                    "where (d.added_at, d.id) <= (h.added_at, h.id)",
                    document_id,
                )
            )
        )

    def _time(self, document_id: str) -> str:
        return self.index.one("select added_at from documents where id = ?", document_id) or ""

    def neighbour(self, document_id: str, step: int) -> str | None:
        """The document next to one, behind it or, for a step of -1, ahead of it; None at the end.

        One whose text was erased or is damaged is passed over.
        """
        return self._passed_over(document_id, lambda one: self._neighbour(one, step))

    def _passed_over(self, here: str, following: Callable[[str], str | None]) -> str | None:
        """What follows, and where that has no text what follows it; None when it goes round."""
        seen = {here}
        while (found := following(here)) is not None and found not in seen:
            if not self._is_closed(found):
                return found
            seen.add(found)
            here = found
        return None

    def _is_closed(self, document_id: str) -> bool:
        """Whether a document has no text to show: it was erased, or is damaged."""
        query = "select 1 from damage where id = ? and layer = ?"
        is_damaged = self.safely(lambda: bool(self.index.one(query, document_id, TEXT)))
        return is_damaged or self._shelf.is_redacted(document_id)

    def _neighbour(self, document_id: str, step: int) -> str | None:
        sign, way = (">", "asc") if step > 0 else ("<", "desc")

        def work() -> str | None:
            found: str | None = self.index.one(
                f"select id from documents where (added_at, id) {sign} (?, ?) "  # noqa: S608 - our own
                f"order by added_at {way}, id {way} limit 1",
                self._time(document_id),
                document_id if document_id else "",
            )
            return found

        return self.safely(work)

    def first(self) -> str | None:
        """The document that was added first."""
        return self.neighbour("", 1)

    def next_open(self, document_id: str, *, forward: bool = True) -> str | None:
        """The next document with open suggestions that is not done, going round at the end.

        None if there is no other.
        """
        self._look_again()

        def following(here: str) -> str | None:
            while True:
                found = self._next("open", here, forward=forward, also="unfinished")
                if found is None or self._is_open(found):
                    return found

        return self._passed_over(document_id, following)

    def next_unfinished(self, document_id: str) -> str | None:
        """The next document that is not marked done, going round at the end; None if all are."""
        self._look_again()
        return self._passed_over(
            document_id, lambda one: self._next("unfinished", one, forward=True)
        )

    def _next(self, kind: str, document_id: str, *, forward: bool, also: str = "") -> str | None:
        """The next document in a queue, and in another one `also`."""
        way = "asc" if forward else "desc"
        signs = (">", "<") if forward else ("<", ">")

        def work() -> str | None:
            here = self._time(document_id)
            for sign in signs:
                found: str | None = self.index.one(
                    f"select id from queue q where reader = ? and kind = ? "  # noqa: S608 - our own
                    f"and (added_at, id) {sign} (?, ?) and exists (select 1 from queue o where "
                    "o.reader = q.reader and o.kind = ? and o.added_at = q.added_at and o.id = q.id) "
                    f"order by added_at {way}, id {way} limit 1",
                    *(self._annotator, kind, here, document_id, also or kind),
                )
                if found:
                    return found
            return None

        return self.safely(work)

    def _is_open(self, document_id: str) -> bool:
        """Whether a document has open suggestions and is not done, as it is on the disk now."""

        def work() -> bool:
            row = self.index.run(
                "select number, shard, taken, signature from documents where id = ?",
                document_id,
            ).fetchone()
            if row is None:
                return False
            number, shard, taken, signature = row
            try:
                now = self._shelf.signature(document_id)
            except OSError:
                now = ""
            if taken and signature == now:
                return True
            with self.index.writing():
                if not now:
                    self._intake.drop(number)
                    return False
                if now != signature:
                    self._intake.take_in(document_id, shard, 0)
                self._intake.take_contents(number, document_id)
                self._intake.flush()
            return bool(
                self.index.one(
                    "select count(*) = 2 from queue where reader = ? "
                    "and kind in ('open', 'unfinished') and id = ?",
                    *(self._annotator, document_id),
                )
            )

        return self.safely(work)

    # All of them

    def summaries(self) -> list[Summary]:
        """Every document, in the order of adding."""
        # Sorted behind the scan (+): in the order of `by_time`, each row would be a seek.
        rows = self.safely(
            lambda: self.index.run(
                "select d.id, d.title, d.source, d.added_at, d.characters, "
                "coalesce(l.finished, 0), coalesce(l.decisions, 0), "
                "d.suggested - coalesce(l.settled, 0) from documents d "
                "left join layers l on l.document = d.number and l.name = ? "
                "order by +d.added_at, +d.id",
                self._annotator,
            )
        )
        return list(map(Summary._make, rows))

    def standings(self) -> Iterator[Standing]:
        """How far each document is, in the order of adding, one after the other."""
        own = {
            number: (finished, decisions, settled)
            for number, finished, decisions, settled in self.safely(
                lambda: self.index.run(
                    "select document, finished, decisions, settled from layers indexed by work "
                    "where name = ? and not is_model",
                    self._annotator,
                ).fetchall()
            )
        }
        rows = self.safely(
            lambda: self.index.run(
                "select number, id, title, suggested from documents order by added_at, id"
            )
        )
        nothing = (0, 0, 0)
        for number, document_id, title, suggested in rows:
            finished, decisions, settled = own.get(number, nothing)
            state = "done" if finished else "doing" if decisions else "to do"
            yield document_id, title, state, suggested - settled, decisions

    def damage(self) -> list[Damage]:
        """What of the documents cannot be read, and is not counted; call `fill` before."""
        return self.safely(
            lambda: [
                Damage(*row)
                for row in self.index.run(
                    "select id, layer, problem from damage order by id, layer"
                )
            ]
        )

    def totals(self) -> Totals:
        """All documents together."""

        def work() -> Totals:
            documents, suggested = self.index.run(
                "select count(*), coalesce(sum(suggested), 0) from documents"
            ).fetchone()
            finished, settled, decisions = self.index.run(
                "select coalesce(sum(finished), 0), coalesce(sum(settled), 0), "
                "coalesce(sum(decisions), 0) from layers where name = ? and not is_model",
                self._annotator,
            ).fetchone()
            return Totals(documents, finished, suggested - settled, decisions)

        return self.safely(work)

    def labels(self) -> dict[str, Counter[str]]:
        """For each label, and for claims, how many annotations have each status, as one sees them."""

        def work() -> dict[str, Counter[str]]:
            made: dict[str, Counter[str]] = {}
            models = {
                name
                for (name,) in self.index.run("select distinct layer from tally").fetchall()
                if self.index.one("select is_model from layers where name = ? limit 1", name)
            }
            for layer, label, status, count in self.index.run("select * from tally where count"):
                if layer in (self._annotator, EVERYONE) and status == SETTLED:
                    made.setdefault(label, Counter())["suggested"] -= count
                elif layer == self._annotator or layer in models:
                    made.setdefault(label, Counter())[status] += count
            return made

        return self.safely(work)

    def work(self) -> dict[str, tuple[int, int, int]]:
        """For each person: documents decided in, documents done, decisions."""
        return self.safely(
            lambda: {
                name: (documents, finished, decisions)
                for name, documents, finished, decisions in self.index.run(
                    "select name, sum(decisions > 0), sum(finished), sum(decisions) "
                    "from layers where not is_model group by name order by name"
                )
            }
        )

    def layers(self) -> list[str]:
        """The names of all layers, people's before models'."""
        return self.safely(
            lambda: [
                name
                for name, _ in self.index.run(
                    "select name, min(is_model) as model from layers group by name "
                    "order by model, name"
                )
            ]
        )

    def finished(self, layer: str) -> dict[str, bool]:
        """The documents that have a layer, with whether they are done in it; a model's always are."""
        return self.safely(
            lambda: {
                one: bool(is_done)
                for one, is_done in self.index.run(
                    "select d.id, l.is_model or coalesce(l.finished, 0) from documents d "
                    "join layers l on l.document = d.number where l.name = ?",
                    layer,
                )
            }
        )

    def decided(self) -> list[tuple[str, str]]:
        """The documents that the annotator has decided in, in the order of adding: source and id."""
        self.refresh()
        return self.safely(
            lambda: self.index.run(
                "select d.source, d.id from layers l join documents d on l.document = d.number "
                "where l.name = ? and not l.is_model and l.decisions > 0 "
                "order by d.added_at, d.id",
                self._annotator,
            ).fetchall()
        )

    def of_source(self, source: str) -> list[str]:
        """The documents of a source, in the order of adding."""
        self.refresh()
        return self.safely(
            lambda: [
                one
                for (one,) in self.index.run(
                    "select id from documents where source = ? order by added_at, id", source
                )
            ]
        )

    def about(self, document_id: str) -> Plain:
        """What `document.json` says, as it is on the disk.

        Raises:
            UnknownError: there is no such document.
            CorruptError: the file is not what purport wrote.
        """
        return self._shelf.about(document_id)

    def without(self, model: str, fits: Callable[[str], bool]) -> list[str]:
        """The documents that lack a model's layer made by a fitting recipe, in order of adding."""

        def work() -> list[str]:
            recipes = self.index.run("select number, recipe from recipes").fetchall()
            good = [number for number, recipe in recipes if fits(recipe)]
            marks = ",".join("?" * len(good))
            rows = self.index.run(
                "select id from documents where number not in (select document from layers "  # noqa: S608 - our own
                f"where name = ? and is_model and recipe in ({marks})) order by added_at, id",
                *(model, *good),
            )
            return [one for (one,) in rows]

        return self.safely(work)

    # History

    def undo(self) -> str | None:
        """The document whose last decision is the last of all; call `refresh` before."""
        return self.safely(lambda: decision_times.undo(self.index, self._annotator))

    def redo(self) -> str | None:
        """The document whose decision was undone last, unless one was made since."""
        return self.safely(lambda: decision_times.redo(self.index, self._annotator))

    def last(self) -> str:
        """When the annotator last decided anything, in whatever process; empty if never."""
        self.refresh(0)
        return self.safely(lambda: decision_times.last(self.index, self._annotator))

    def ahead(self) -> str:
        """The annotator's last time that lies in the future; empty if none does."""
        return self.safely(lambda: decision_times.ahead(self.index, self._annotator))
