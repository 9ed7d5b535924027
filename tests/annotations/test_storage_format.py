"""FORMAT.md, read by a program that knows nothing else; and the frozen project of each format."""

from __future__ import annotations

import json
import re
import shutil
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import store

from annotations import custody
from annotations.errors import NewerFormatError
from annotations.project import Project
from annotations.records import Action, Plain, Status
from annotations.storage import clock, journal

SAMPLES = Path(__file__).parents[1] / "samples"
FORMAT = Path(journal.__file__).with_name("FORMAT.md")
ESCAPES = {
    '"': '\\"',
    "\\": "\\\\",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
}
HASHED = ("v", "seq", "at", "by", "layer", "document", "action", "prev", "body_sha")
FIRST = (*HASHED, "text")


def canonical(value: Any) -> str:
    """JSON as FORMAT.md says, in words of its own."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return repr(value)
        case str():
            return f'"{"".join(letter(one) for one in value)}"'
        case list():
            return f"[{','.join(map(canonical, value))}]"
        case dict():
            parts = (f"{canonical(name)}:{canonical(value[name])}" for name in sorted(value))
            return f"{{{','.join(parts)}}}"
        case _:
            raise TypeError(value)


def letter(one: str) -> str:
    return ESCAPES.get(one) or (f"\\u{ord(one):04x}" if ord(one) < 0x20 else one)


def digest(words: str) -> str:
    return sha256(words.encode("utf-8")).hexdigest()


def problem(path: Path) -> tuple[str, dict[str, Any]]:
    """What is wrong with a journal, by FORMAT.md alone, and the records that it folds to."""
    records: dict[str, Any] = {}
    prev, erased, at, text = "0" * 64, 0, "", ""
    for seq, raw in enumerate(path.read_bytes().split(b"\n")[:-1], 1):
        line = json.loads(raw)
        is_first = line["v"] == 2 and not text
        if line["v"] != (2 if text else line["v"]) or line["v"] not in (1, 2):
            return f"line {seq} is of another format", records
        if ("text" in line) != is_first:
            return f"line {seq} names a text out of place", records
        if is_first:
            text = line["text"]
            if path.with_name("text.txt").exists():
                known = sha256(path.with_name("text.txt").read_bytes()).hexdigest()
                if text != known:
                    return f"line {seq} is of another text", records
            if text[:12] != path.parent.name:
                return f"line {seq} is of another document's text", records
        head = {name: line[name] for name in (FIRST if is_first else HASHED)}
        if line["seq"] != seq or line["prev"] != prev:
            return f"line {seq} does not follow", records
        if line["hash"] != digest(canonical(head)):
            return f"line {seq} fails its hash", records
        if (line["layer"], line["document"]) != (path.stem, path.parent.name):
            return f"line {seq} belongs elsewhere", records
        if line["at"] <= at:
            return f"line {seq} is older than the one before", records
        prev, at = line["hash"], line["at"]
        if "body" not in line and "salt" not in line:
            erased = seq
            continue
        if line["body_sha"] != digest(line["salt"] + canonical(line["body"])):
            return f"line {seq} fails its body's hash", records
        if line["action"] == "redact":
            records, erased = {}, 0
        for change in line["body"]["changes"]:
            if change["after"] is None:
                records.pop(change["annotation"], None)
            else:
                records[change["annotation"]] = change["after"]
    return (f"line {erased} was erased in silence" if erased else ""), records


def journals(root: Path) -> list[Path]:
    return sorted(root.glob("documents/??/????????????/*.log"))


@pytest.fixture(autouse=True)
def _any_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The frozen projects have times of their own, whatever the clock here says."""
    monkeypatch.setattr(clock, "latest", lambda: "2998-01-01T00:00:00.000000Z")


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """The frozen project of format 1."""
    return Path(shutil.copytree(SAMPLES / "format-1", tmp_path / "format-1"))


@pytest.fixture
def second(tmp_path: Path) -> Path:
    """The frozen project of format 2, in which a journal of format 1 goes on."""
    return Path(shutil.copytree(SAMPLES / "format-2", tmp_path / "format-2"))


@pytest.fixture(params=["format-1", "format-2"])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return Path(shutil.copytree(SAMPLES / request.param, tmp_path / "either"))


@pytest.mark.parametrize(
    "path",
    [*journals(SAMPLES / "format-1"), *journals(SAMPLES / "format-2")],
    ids=lambda path: f"{path.parents[3].name}-{path.parent.name}-{path.stem}",
)
def test_another_program_can_verify_and_fold_a_journal(path: Path) -> None:
    """Invariant 3, by the document alone."""
    wrong, records = problem(path)
    assert wrong == ""
    tables = store.tinydb_tables(path.with_suffix(".json"))
    (meta,) = tables["meta"]
    held = {one["id"]: dict(one) for one in (*tables["entities"], *tables["claims"])}
    state = records.pop("document", None)
    assert held == records
    assert meta["format"] == 1
    assert meta["length"] == path.stat().st_size
    assert meta["head"] == json.loads(path.read_bytes().split(b"\n")[-2])["hash"]
    assert meta["state"]["finished"] == bool(state and state["finished"])
    text = path.with_name("text.txt")
    if text.exists():
        words = text.read_bytes().decode()
        assert digest(words)[:12] == path.parent.name
        assert all(words[one["start"] : one["end"]] == one["text"] for one in records.values())
    else:
        assert records == {}


def test_another_program_sees_any_byte_that_was_changed(either: Path) -> None:
    path = max(journals(either), key=lambda one: one.stat().st_size)
    raw = path.read_bytes()
    for place in range(0, len(raw) - 1, 97):
        path.write_bytes(raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :])
        with suppress(ValueError, KeyError, TypeError):  # it is no such JSON any more
            assert problem(path)[0]


def test_another_program_can_hold_journals_to_a_seal(sample: Path) -> None:
    """The seal of the sample is the digest of its list, and of what the journals hold."""
    words, version, _, count, decisions, root = (sample / "seal.txt").read_text().split()
    assert (words, version) == ("purport-seal", "1")
    rows = []
    for path in journals(sample):
        last = json.loads(path.read_bytes().split(b"\n")[-2])
        rows.append("\t".join((path.parent.name, path.stem, str(last["seq"]), last["hash"])) + "\n")
    assert digest("".join(rows)) == root
    assert (sample / "seals" / f"{root[:16]}.tsv").read_text() == "".join(rows)
    assert int(count) == len(rows)
    assert int(decisions) == sum(int(row.split("\t")[2]) for row in rows)


def tree(leaves: list[str]) -> bytes:
    """RFC 6962, section 2.1, in its own words."""
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0].encode()).digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return sha256(b"\x01" + tree(leaves[:half]) + tree(leaves[half:])).digest()


def test_another_program_can_hold_a_project_to_a_seal_of_format_2(second: Path) -> None:
    """Every row is of a file, every file has a row, and the line commits to them all."""
    line = (second / "seal.txt").read_text().strip()
    head, root = line.rsplit(" ", 1)
    leaves = (second / "seals" / f"{root[:16]}.tsv").read_text().split("\n")
    assert leaves.pop() == ""
    assert leaves[0] == head
    assert tree(leaves).hex() == root
    _, version, _, count, decisions, documents, files, previous = head.split()
    rows = [leaf.split("\t") for leaf in leaves[1:]]
    assert [row[1] for row in rows] == sorted(row[1] for row in rows)
    assert (version, previous, int(files)) == ("2", "0" * 64, len(rows))
    kinds = [row[0] for row in rows]
    assert (int(count), int(documents)) == (kinds.count("journal"), kinds.count("document"))
    assert int(decisions) == sum(int(row[4]) for row in rows if row[0] == "journal")
    for kind, name, size, known, *more in rows:
        if kind == "guide":
            continue
        data = (second / name).read_bytes()
        assert (len(data), sha256(data).hexdigest()) == (int(size), known)
        if kind == "journal":
            last = json.loads(data.split(b"\n")[-2])
            assert [str(last["seq"]), last["hash"]] == more
    derived = {path.with_suffix(".json") for path in journals(second)}
    there = {path for path in second.rglob("*.*") if path.is_file()} - derived
    own = {second / "seal.txt", *second.glob("seals/*")}
    assert {str(path.relative_to(second)) for path in there - own} == {
        row[1] for row in rows if row[0] != "guide"
    }
    said = re.findall(r"^- ((?:`\w+`(?:, )?)+): ", FORMAT.read_text("utf-8"), re.MULTILINE)
    assert set(kinds) == set(re.findall(r"\w+", " ".join(said)))


def test_our_own_canonical_form_is_that_of_the_document(second: Path) -> None:
    values = (
        {"b": [1, 2.5, 1e-07, 1e22, -0.0, True, None], "ä": "é\u2028\x7f", "a": '\x00\x1f"\\/\n'},
        *(
            json.loads(raw)
            for path in journals(second)
            for raw in path.read_bytes().split(b"\n")[:-1]
        ),
    )
    for value in values:
        assert journal.canonical(value) == canonical(value).encode()


def test_every_member_of_a_line_is_in_the_document(second: Path) -> None:
    said = set(re.findall(r"^\| `(\w+)` \|", FORMAT.read_text(encoding="utf-8"), re.MULTILINE))
    found = {
        name
        for path in journals(second)
        for raw in path.read_bytes().split(b"\n")[:-1]
        for name in json.loads(raw)
    }
    assert found == said


def test_every_action_is_in_the_document_and_in_the_sample(either: Path) -> None:
    said = re.search(r"^\| `action` \| `([\w ]+)` \|$", FORMAT.read_text("utf-8"), re.MULTILINE)
    found = {one.action for path in journals(either) for one in journal.read(path)[0]}
    assert said
    assert set(said[1].split()) == found == set(Action)


# The frozen project: never make it anew, only add to it; a later version must read it as it is.


def test_the_frozen_project_is_read_as_it_was_written(sample: Path) -> None:
    """Invariants 3 and 4."""
    before = store.contents(sample)
    project = Project.open(sample, annotator="anna")
    ferry, letter = project.documents()
    assert (ferry.title, ferry.decisions, ferry.finished) == ("ferry", 9, True)
    layer = project.layer(ferry.id)
    assert [(one.text, one.status) for one in layer.entities] == [
        ("Ilse Brandt", Status.ACCEPTED),
        ("Möwe", Status.CORRECTED),
        ("Sunday", Status.REJECTED),
    ]
    (claim,) = layer.claims
    assert (claim.text, claim.certainty) == ("the ferry — “Möwe” — might not sail", "possible")
    theirs = project.layer(ferry.id, "boris")
    (person,) = theirs.entities
    assert (person.text, person.label, person.status) == ("Tomás Vidal", "ORG", Status.CORRECTED)
    assert (theirs.state.flags, theirs.state.revealed) == ((person.id,), True)
    assert project.is_redacted(letter.id)
    assert list(project.verify()) == []
    assert custody.check(project, (sample / "seal.txt").read_text()).findings == []
    assert store.contents(sample) == before, "reading changes nothing, view and all"
    project.undo()
    assert not project.layer(ferry.id).state.finished
    assert list(project.verify()) == []
    project.close()


def test_the_frozen_project_of_format_2_is_read_as_it_was_written(second: Path) -> None:
    before = store.contents(second)
    project = Project.open(second, annotator="anna")
    (light,) = [one for one in project.documents() if one.title == "lighthouse"]
    layer = project.layer(light.id)
    assert [(one.text, one.label, one.status) for one in layer.entities] == [
        ("lighthouse at Cape Aldane", "LOC", Status.CORRECTED),
        ("lighthouse", "FAC", Status.REJECTED),
        ("Ruth Okello", "ORG", Status.CORRECTED),
    ]
    assert (layer.claims[0].certainty, layer.claims[0].note[-5:]) == ("probable", "\x7f\ttab")
    assert [one.label for one in project.layer(light.id, "boris").entities] == ["GPE", "PERSON"]
    assert list(project.verify()) == []
    made = custody.check(project, (second / "seal.txt").read_text())
    assert (made.findings, made.grown, made.added) == ([], [], [])
    assert store.contents(second) == before, "reading changes nothing, view and all"
    project.close()


def test_a_journal_of_format_1_goes_on_in_format_2_and_names_the_text_then(sample: Path) -> None:
    """No line is written again; the project says that it has format 2 before the first one has."""
    project = Project.open(sample, annotator="anna")
    (ferry,) = [one.id for one in project.documents() if one.title == "ferry"]
    path = store.journal_of(project, ferry)
    raw = path.read_bytes()
    project.undo()
    project.redo()
    assert path.read_bytes().startswith(raw)
    lines = [json.loads(line) for line in path.read_bytes().split(b"\n")[:-1]]
    assert [line["v"] for line in lines] == [1] * 9 + [2, 2]
    text = sha256(path.with_name("text.txt").read_bytes()).hexdigest()
    assert [line.get("text") for line in lines] == [None] * 9 + [text, None]
    assert '"format": 2' in (sample / "project.json").read_text()
    assert '"made": "2026-11-23T21:06:23.369403Z"' in (sample / "project.json").read_text()
    assert problem(path)[0] == ""
    assert list(project.verify()) == []
    project.close()


def test_an_older_line_is_verified_as_written_and_brought_forward_when_read(
    sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Migrations have a place: version 3, where an action has another name."""

    def forward(line: Plain) -> Plain:
        action = {"note": "tag"}.get(line["action"], line["action"])
        return line | {"v": 3, "action": action}

    path = max(journals(sample), key=lambda one: one.stat().st_size)
    raw = path.read_bytes()
    was = [str(one.action) for one in journal.read(path)[0]]
    monkeypatch.setattr(journal, "VERSION", 3)
    monkeypatch.setitem(journal.MIGRATIONS, 2, forward)
    decisions, mark, _ = journal.read(path)
    assert [str(one.action) for one in decisions] == [
        "tag" if action == "note" else action for action in was
    ]
    assert mark.head == json.loads(raw.split(b"\n")[-2])["hash"]
    project = Project.open(sample, annotator="anna")
    project.undo()
    versions = [json.loads(one)["v"] for one in path.read_bytes().split(b"\n")[:-1]]
    assert versions == [1] * len(was) + [3], "what was written stays, what is written is new"
    assert path.read_bytes().startswith(raw)
    project.close()
    monkeypatch.undo()
    with pytest.raises(NewerFormatError, match=r"has format 3; this program knows up to 2"):
        journal.read(path)
