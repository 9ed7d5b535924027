"""A document's rows in the index: where its layers stand, and what is marked in it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import regex

from annotations import messages
from annotations.errors import CorruptError, StorageError, UnknownError
from annotations.layer import Layer, Overlay, unlike
from annotations.records import Entity, Plain, Status
from annotations.spelling import composed
from annotations.storage import safe_open, view
from annotations.storage.disk import readable
from annotations.storage.index import Index
from annotations.storage.ledger import JOURNAL, VIEW
from annotations.storage.reader_queues import QUEUES, READERS
from annotations.storage.shelf import ABOUT, TEXT, Shelf, newest, sign

_UNSPACED: Final = regex.compile(
    r"[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]"
)
SETTLED: Final = "settled"
"""In a tally, beside the statuses: suggestions that are no longer open to an annotator."""
EVERYONE: Final = ""
"""For whom that is settled which another model says already; no layer has this name."""

ReadLayer = Callable[[str, str], Layer]
"""A layer, from a document's id and the layer's name."""


def prepared(words: str) -> str:
    """Words as the index keeps them: in small letters, and a gap around what is set without gaps."""
    words = composed(words.lower())
    return words if words.isascii() else _UNSPACED.sub(r" \g<0> ", words)


def is_unspaced(letter: str) -> bool:
    """Whether a letter belongs to a script that puts no gaps between words."""
    return _UNSPACED.match(letter) is not None


class Intake:
    """Keeps the rows of documents. Every method is called while the index is being written to.

    Args:
        index: where the rows are.
        shelf: where the documents are.
        layer: reads a layer whose view is not in step.
        nested: whether the entities of a layer may overlap.
    """

    def __init__(self, index: Index, shelf: Shelf, layer: ReadLayer, *, nested: bool) -> None:
        self._index, self._shelf, self._layer, self._nested = index, shelf, layer, nested
        self._tally: Counter[tuple[str, str, str]] = Counter()
        self._recipes: dict[str, int] = {}
        self._first_new = 0

    # Where the layers stand

    def take_in(self, document_id: str, shard: str, stamp: int) -> None:
        """Bring the row of one document, and where its layers stand, up to date.

        Raises:
            UnknownError: it is not wholly there.
            StorageError, OSError: it cannot be read.
        """
        run = self._index.run
        files = self._shelf.files(document_id)
        signature = sign(files)
        row = run(
            "select number, signature, text_stamp from documents where id = ?", document_id
        ).fetchone()
        if row and row[1] == signature:
            run("update documents set stamp = ? where number = ?", stamp, row[0])
            return
        run("delete from damage where id = ?", document_id)
        about = self._about(document_id, shard, files)
        said = (about["added_at"], about["title"], about["source"], about["characters"])
        if row is None:
            made = run(
                "insert into documents (id, shard, stamp, signature, added_at, title, source, "
                "characters) values (?,?,?,?,?,?,?,?)",
                *(document_id, shard, stamp, signature, *said),
            )
            number = made.lastrowid or 0
        else:
            number = row[0]
            run("delete from layers where document = ?", number)
            run(
                "update documents set shard = ?, stamp = ?, signature = ?, added_at = ?, title = ?, "
                "source = ?, characters = ?, taken = 0 where number = ?",
                *(shard, stamp, signature, *said, number),
            )
        self._index.many(
            "insert into layers values (?,?,?,?,?,?,?,?,?,?,0)",
            [(number, *one) for one in self._standings(document_id, files)],
        )
        if row is None:
            self._first_new = self._first_new or number
        else:
            self.enqueue(document_id)

    def _about(self, document_id: str, shard: str, files: dict[str, str]) -> Plain:
        try:
            return self._shelf.about(document_id)
        except UnknownError:  # half added, unless somebody has decided on it
            if self._shelf.sorted_layers(files)[0]:
                problem = messages.NO_TEXT.format(path=self._shelf.folder(document_id) / ABOUT)
                self._damaged(document_id, ABOUT, problem, shard)
            raise
        except StorageError as error:
            self._damaged(document_id, ABOUT, str(error), shard)
            raise

    def _damaged(self, document_id: str, part: str, problem: str, shard: str = "") -> None:
        """Keep why a layer, or the document itself, is not in the index."""
        run = self._index.run
        shard = shard or document_id[:2]
        run("insert or replace into damage values (?,?,?,?)", document_id, part, shard, problem)

    def begin(self, shard: str) -> None:
        """Forget which documents of a shard cannot be read; those that still cannot are taken in."""
        self._index.run("delete from damage where shard = ? and layer = ?", shard, ABOUT)

    def _standings(self, document_id: str, files: dict[str, str]) -> Iterator[tuple[Any, ...]]:
        people, models = self._shelf.sorted_layers(files)
        for name in people:
            try:
                said = self._standing(document_id, name, files)
            except StorageError:
                said = {}  # the document can be read; `verify` names what is broken
            times = (said.get(key, "") for key in ("at", "made_at", "undo_at", "undone_at"))
            finished = bool(said.get("state", {}).get("finished"))
            yield (name, False, None, finished, said.get("seq", 0), *times)
        for name in models:
            recipe = dict[str, object]()
            with suppress(StorageError, TypeError, ValueError):
                about = view.meta(self._shelf.folder(document_id) / (name + VIEW)) or {}
                if view.is_persons(about):
                    continue  # their journal is gone: nobody suggests what is in it
                recipe = dict(about.get("model", {}))
            for own in ("made_at", "parts"):  # the rest is the same for all that one run made
                recipe.pop(own, None)
            yield (name, True, self._recipe(recipe), False, 0, "", "", "", "")

    def _recipe(self, recipe: Plain) -> int:
        """The number of what made a model's layer; few things make many layers."""
        words = json.dumps(recipe, sort_keys=True)
        if words not in self._recipes:
            self._index.run("insert or ignore into recipes (recipe) values (?)", words)
            number = self._index.one("select number from recipes where recipe = ?", words)
            self._recipes[words] = number
        return self._recipes[words]

    def _standing(self, document_id: str, name: str, files: dict[str, str]) -> Plain:
        """What a person's view says of itself, if it is in step; else the journal."""
        about = self._in_step(document_id, name, files)
        return about or view.standing(self._layer(document_id, name))

    def _in_step(self, document_id: str, name: str, files: dict[str, str]) -> Plain | None:
        about = None
        with suppress(CorruptError):
            about = view.meta(self._shelf.folder(document_id) / (name + VIEW))
        length = int(files[name + JOURNAL].split(":")[1])
        if about and about.get("length") == length and "undone_at" in about:
            return about
        return None

    def drop(self, number: int) -> None:
        """Take out the rows of a document that is gone."""
        (document_id,) = self._index.run(
            "select id from documents where number = ?", number
        ).fetchone()
        self._forget(number)
        for table, key in (("layers", "document"), ("documents", "number")):
            self._index.run(f"delete from {table} where {key} = ?", number)  # noqa: S608 - our own
        self._forget_text(number)
        self._index.run("delete from queue where id = ?", document_id)
        self._index.run("delete from damage where id = ? and layer != ?", document_id, ABOUT)
        self.flush()

    def enqueue(self, document_id: str) -> None:
        """Put a document into the queues of those who read here, or take it out of them."""
        self._index.run("delete from queue where id = ?", document_id)
        self._line_up("d.id = ?", document_id)

    def _line_up(self, which: str, value: object) -> None:
        for kind, condition in QUEUES.items():
            self._index.run(
                f"insert or ignore into queue select r.name, '{kind}', d.added_at, d.id {READERS} "
                f"where {which} and {condition}",
                value,
            )

    # What is marked

    def take_contents(self, number: int, document_id: str) -> None:
        """Bring the rows of what is marked in a document, and of its words, up to date."""
        run = self._index.run
        signature, stamp = run(
            "select signature, text_stamp from documents where number = ?", number
        ).fetchone()
        # What was there when the row was made: if more is there now, the next look finds that.
        files = dict(part.split(":", 1) for part in signature.split("|") if part)
        is_new = stamp is None
        if not is_new:
            self._forget(number)
        run("delete from damage where id = ? and layer != ?", document_id, TEXT)
        suggested, settled = self._marks(number, document_id, files)
        if not is_new:
            run("update layers set settled = 0 where document = ?", number)
        for name, count in settled.items():
            run(
                "update layers set settled = ? where document = ? and name = ?", count, number, name
            )
        text_stamp = files.get(TEXT, "")
        if stamp != text_stamp:
            self._take_text(number, document_id, is_new)
        run(
            "update documents set suggested = ?, taken = 1, text_stamp = ? where number = ?",
            *(suggested, text_stamp, number),
        )
        if settled or not suggested or not is_new:  # else it stands in the queues already
            self.enqueue(document_id)

    def _marks(
        self, number: int, document_id: str, files: dict[str, str]
    ) -> tuple[int, dict[str, int]]:
        """Keep the rows; returns how many suggestions there are and how many each one settled.

        What several models say counts once, and what older rules said does not count: those rows
        are settled for everyone.
        """
        people, models = self._shelf.sorted_layers(files)
        folder, current = self._shelf.folder(document_id), newest(models)
        labels, suggested = dict[str, str](), set[str]()
        places, has_twins = set[tuple[str, int, int]](), False
        read = dict[str, dict[str, dict[str, Any]]]()
        for name in models:
            with self._noting(document_id, name):
                tables = view.read(path := Path(f"{folder}/{name}{VIEW}")) or {}
                if view.is_persons(tables.get("meta", {}).get("1", {})):
                    continue
                found = view.rows_of(tables, path)
                self._keep(number, name, True, found)
                labels.update((one["id"], _label(one)) for one in found)
                if name in current and tables:
                    read[name] = tables
                    suggested.update(one["id"] for one in found)
                    here = {(one["kind"], one["start"], one["end"]) for one in found}
                    has_twins = has_twins or not places.isdisjoint(here)
                    places |= here
        beside = list[Layer]()
        for name in current if suggested and (people or has_twins) else ():
            with self._noting(document_id, name):
                if name in read:
                    beside.append(view.layer_of(read[name], Path(f"{folder}/{name}{VIEW}")))
        if has_twins:
            suggested = {one.id for one in unlike(beside)}
        if len(suggested) < len(labels):
            self._settle(number, EVERYONE, {one: labels[one] for one in {*labels} - suggested})
        settled = dict.fromkeys(people, len(suggested))  # of damaged ones nothing can be decided
        for name in people:
            with self._noting(document_id, name):
                layer = self._layer(document_id, name)  # which looks at every hash of its journal
                self._keep(number, name, False, [one.plain() for one in layer])
                overlay = Overlay(layer, beside, nested=self._nested)
                still = {one.id for one in overlay.index if one.status is Status.SUGGESTED}
                done = suggested - still
                self._settle(number, name, {one: labels[one] for one in done})
                settled[name] = len(done)
        return len(suggested), settled

    @contextmanager
    def _noting(self, document_id: str, name: str) -> Iterator[None]:
        """Leave out what cannot be read, and keep why; the rest of the document is looked at."""
        try:
            yield
        except (StorageError, OSError) as error:
            self._damaged(document_id, name, str(error))

    def _settle(self, number: int, name: str, done: dict[str, str]) -> None:
        """Keep which suggestions are settled for somebody, by their ids, with their labels."""
        self._index.many(
            "insert into settled values (?,?,?,?)",
            [(number, name, one, done[one]) for one in sorted(done)],
        )
        self._tally.update((name, label, SETTLED) for label in done.values())

    def _keep(self, number: int, name: str, is_model: bool, found: list[Plain]) -> None:
        status = str(Status.SUGGESTED)
        rows = [
            (
                *(number, name, is_model, one["id"], one["kind"], one["start"], one["end"]),
                one.get("label", ""),
                one.get("stance", ""),
                one.get("certainty", ""),
                composed(_holder(one)) if "holder" in one else "",
                status if is_model else one["status"],
                composed(one["text"]),
                composed(one.get("note", "")),
            )
            for one in found
        ]
        self._tally.update((name, row[7] or row[4], row[11]) for row in rows)
        self._index.many("insert into annotations values (?,?,?,?,?,?,?,?,?,?,?,?,?,?)", rows)

    def _forget(self, number: int) -> None:
        """Take out what was marked in a document."""
        run = self._index.run
        for key in run(
            "select layer, case kind when 'claim' then kind else label end, status "
            "from annotations where document = ?",
            number,
        ).fetchall():
            self._tally[key] -= 1
        run("delete from annotations where document = ?", number)
        for name, label in run(
            "select name, label from settled where document = ?", number
        ).fetchall():
            self._tally[name, label, SETTLED] -= 1
        run("delete from settled where document = ?", number)

    def flush(self) -> None:
        """Write down the counts, and the new documents' places in the queues.

        Call it before what was taken in is kept.
        """
        if self._first_new:  # together: one by one they would take a tenth of all the time
            self._line_up("d.number >= ?", self._first_new)
            self._first_new = 0
        self._index.many(
            "insert into tally values (?,?,?,?) on conflict do update set count = count + excluded.count",
            [(*key, count) for key, count in self._tally.items() if count],
        )
        self._tally.clear()

    def reset(self) -> None:
        """Forget the counts, recipes and documents that were not kept after all."""
        self._tally.clear()
        self._first_new = 0
        self._recipes.clear()

    # Words

    def _take_text(self, number: int, document_id: str, is_new: bool) -> None:
        run, path = self._index.run, f"{self._shelf.folder(document_id)}/{TEXT}"
        run("delete from damage where id = ? and layer = ?", document_id, TEXT)
        if not is_new:
            self._forget_text(number)
        with self._noting(document_id, TEXT):
            if self._shelf.is_redacted(document_id):
                return
            try:
                with readable(path):
                    data = safe_open.read(path)
            except FileNotFoundError:
                raise CorruptError(messages.NO_TEXT.format(path=path)) from None
            if not sha256(data).hexdigest().startswith(document_id):
                raise CorruptError(messages.CHANGED_TEXT.format(path=path))
            words = prepared(data.decode("utf-8", "replace"))
            run("insert into texts (rowid, words) values (?, ?)", number, words)

    def _forget_text(self, number: int) -> None:
        if self._index.run("delete from texts where rowid = ?", number).rowcount > 0:
            # The words of an erased text stand in the index of words until that is put in order.
            self._index.run("insert or replace into facts values ('erased', '1')")


def _holder(one: Plain) -> str:
    """The chain's names as `Claim.holder_name` has them."""
    links = one["holder"][:-1] or one["holder"]
    return " ← ".join(link.get("text") or link["kind"] for link in links)


def _label(one: Plain) -> str:
    return str(one["label"]) if one["kind"] == Entity.kind else str(one["kind"])
