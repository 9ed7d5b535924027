"""Projects and journals with valid hashes, made by the words of FORMAT.md and no code of purport."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

GENESIS: Final = "0" * 64
TIME: Final = "2026-03-01T10:00:00.{:06d}Z"
HEAD: Final = ("v", "seq", "at", "by", "layer", "document", "action", "prev", "body_sha")
SALT: Final = "5a" * 16


def canonical(value: Any) -> bytes:
    """The one way in which the hashes write JSON."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )


class Journal:
    """A journal that is forged line by line.

    Attributes:
        lines: its lines as objects, in order.
    """

    def __init__(self, layer: str, document: str, by: str | None = None) -> None:
        self.layer, self.document, self.by = layer, document, by or layer
        self.lines: list[dict[str, Any]] = []

    def add(self, action: str, *changes: Any, body: Any = None, **head: Any) -> Journal:
        """Add one decision; `head` replaces members of its head, `body` the whole body."""
        seq = len(self.lines) + 1
        line: dict[str, Any] = {
            "v": 1,
            "seq": seq,
            "at": TIME.format(seq),
            "by": self.by,
            "layer": self.layer,
            "document": self.document,
            "action": action,
        }
        line |= head
        line["salt"] = SALT
        line["body"] = {"changes": list(changes)} if body is None else body
        self.lines.append(line)
        return self

    def data(self) -> bytes:
        """The file's bytes, with the hashes that go with what the lines say."""
        return joined(rehashed(self.lines))

    def write(self, folder: Path) -> Path:
        """Put it into a document's folder."""
        path = folder / f"{self.layer}.log"
        path.write_bytes(self.data())
        return path


def rehashed(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lines with numbers, links and hashes that hold, whatever else was changed in them."""
    made, prev = [], GENESIS
    for line in lines:
        head = {name: value for name, value in line.items() if name not in _MADE}
        text = {"text": head.pop("text")} if "text" in head else {}
        head["prev"] = prev
        if "body" in line:
            salted = str(line["salt"]).encode() + canonical(line["body"])
            head["body_sha"] = sha256(salted).hexdigest()
        else:
            head["body_sha"] = line["body_sha"]
        head |= text
        prev = sha256(canonical(head)).hexdigest()
        tail = {name: line[name] for name in ("salt", "body") if name in line}
        made.append(head | {"hash": prev} | tail)
    return made


_MADE: Final = ("prev", "body_sha", "hash", "salt", "body")


def joined(lines: list[dict[str, Any]]) -> bytes:
    """Lines as a journal's bytes."""
    return b"".join(map(_line, lines))


def _line(line: dict[str, Any]) -> bytes:
    head = {name: value for name, value in line.items() if name != "body"}
    data = json.dumps(head, ensure_ascii=False, separators=(",", ":"))
    body = b',"body":' + canonical(line["body"]) if "body" in line else b""
    return data[:-1].encode("utf-8", "surrogatepass") + body + b"}\n"


def read(path: Path) -> list[dict[str, Any]]:
    """The lines of a journal as objects."""
    return [json.loads(line) for line in path.read_bytes().split(b"\n") if line]


class Project:
    """A forged project.

    Attributes:
        root: its folder.
    """

    def __init__(self, root: Path, settings: str = 'version = 1\nname = "forged"\n') -> None:
        self.root = root
        root.mkdir(parents=True)
        (root / "annotators").mkdir()
        self.settings(settings)
        self.put("project.json", {"meta": {"1": {"format": 1, "made": TIME.format(0)}}})

    def settings(self, words: str) -> None:
        """Write `purport.toml`."""
        (self.root / "purport.toml").write_bytes(words.encode("utf-8", "surrogatepass"))

    def put(self, name: str, tables: Any) -> Path:
        """Write a TinyDB file."""
        path = self.root / name
        path.write_bytes(tinydb(tables))
        return path

    def document(self, text: str, title: str = "letter", **about: Any) -> Document:
        """Add a document; `about` replaces members of its record."""
        return Document(self.root, text, title, about)


class Document:
    """A document of a forged project.

    Attributes:
        id: its id.
        folder: its folder.
        text: its text.
    """

    def __init__(self, root: Path, text: str, title: Any, about: dict[str, Any]) -> None:
        whole = sha256(text.encode()).hexdigest()
        self.root, self.text, self.id, self.sha256 = root, text, whole[:12], whole
        self.folder = root / "documents" / self.id[:2] / self.id
        self.folder.mkdir(parents=True)
        (self.folder / "text.txt").write_bytes(text.encode())
        record: dict[str, Any] = {
            "format": 1,
            "id": self.id,
            "title": title,
            "source": "letter.txt",
            "added_at": TIME.format(0),
            "characters": len(text),
            "sha256": whole,
            "metadata": {},
        }
        self.about(record | about)

    def about(self, record: dict[str, Any]) -> None:
        """Write `document.json`."""
        (self.folder / "document.json").write_bytes(tinydb({"document": {"1": record}}))

    def entity(self, words: str, id: str = "e1", **members: Any) -> dict[str, Any]:
        """A person's entity on the first of these words."""
        start = self.text.index(words)
        made: dict[str, Any] = {
            "id": id,
            "kind": "entity",
            "start": start,
            "end": start + len(words),
            "text": words,
            "label": "PERSON",
            "status": "added",
            "by": "anna",
            "at": TIME.format(1),
            "rev": 1,
        }
        return made | members

    def claim(self, words: str, id: str = "c1", **members: Any) -> dict[str, Any]:
        """A person's claim on the first of these words."""
        made = self.entity(words, id)
        del made["label"]
        made |= {
            "kind": "claim",
            "stance": "affirms",
            "certainty": "certain",
            "holder": [{"kind": "author"}],
            "frame": "assertion",
            "time": "unspecified",
            "likelihood": None,
            "quote": "none",
            "doubt": False,
            "cues": [],
        }
        return made | members

    def suggestion(self, words: str, layer: str = "toy-1.0.0", **members: Any) -> dict[str, Any]:
        """A model's entity on the first of these words."""
        start = self.text.index(words)
        span = {"start": start, "end": start + len(words)}
        origin = {"layer": layer, **span, "values": {"label": "PERSON"}, "score": 0.5}
        made: dict[str, Any] = {
            "id": "s" + sha256(f"{start}".encode()).hexdigest()[:11],
            "kind": "entity",
            **span,
            "text": words,
            "label": "PERSON",
            "status": "suggested",
            "score": 0.5,
            "origin": origin,
        }
        return made | members

    def model(self, *records: dict[str, Any], layer: str = "toy-1.0.0", **meta: Any) -> Path:
        """Write a model's layer."""
        about: dict[str, Any] = {"format": 1, "layer": layer, "document": self.id}
        about["model"] = {"package": "toy", "version": "1.0.0", "tidy": True}
        tables: dict[str, Any] = {"meta": {"1": about | meta}, "entities": {}, "claims": {}}
        for number, one in enumerate(records, 1):
            kind = "claims" if one.get("kind") == "claim" else "entities"
            tables[kind][str(number)] = one
        path = self.folder / f"{layer}.json"
        path.write_bytes(tinydb(tables))
        return path

    def view(self, layer: str, *records: dict[str, Any], **meta: Any) -> Path:
        """Write a person's view that no journal proves."""
        state = {"id": "document", "kind": "document", "finished": True}
        state |= {"by": layer, "at": TIME.format(1), "rev": 1}
        about: dict[str, Any] = {"format": 1, "layer": layer, "document": self.id, "seq": 1}
        about |= {"at": TIME.format(1), "made_at": TIME.format(1), "undo_at": "", "undone_at": ""}
        about |= {"state": state, "length": 100, "head": "ab" * 32}
        entities = {str(number): one for number, one in enumerate(records, 1)}
        tables = {"meta": {"1": about | meta}, "entities": entities, "claims": {}, "decisions": {}}
        path = self.folder / f"{layer}.json"
        path.write_bytes(tinydb(tables))
        return path

    def journal(self, layer: str, by: str | None = None) -> Journal:
        """An empty journal on this document."""
        return Journal(layer, self.id, by)

    def link(self, name: str, target: str | Path) -> Path:
        """Put a symbolic link into the folder, in the place of what is there."""
        path = self.folder / name
        path.unlink(missing_ok=True)
        path.symlink_to(target)
        return path


def change(after: Any, before: Any = None, annotation: Any = None) -> dict[str, Any]:
    """One change of a decision."""
    one = after or before or {}
    own = one.get("id") if annotation is None and isinstance(one, dict) else annotation
    return {"annotation": own, "before": before, "after": after}


def tinydb(tables: Any) -> bytes:
    """A TinyDB file as the program lays it out: a record a line."""
    if not isinstance(tables, dict) or not all(isinstance(one, dict) for one in tables.values()):
        return json.dumps(tables, ensure_ascii=False).encode("utf-8", "surrogatepass")
    parts = []
    for name, rows in tables.items():
        body = ",\n".join(
            f"{json.dumps(str(number))}: {json.dumps(one, ensure_ascii=False)}"
            for number, one in rows.items()
        )
        parts.append(f"{json.dumps(name)}: {{\n{body}\n}}")
    return ("{\n" + ",\n".join(parts) + "\n}\n").encode("utf-8", "surrogatepass")
