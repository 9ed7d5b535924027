"""A5: what `verify` and `verify --seal` see of changes behind the program's back."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from attack import forge
from attack.forge import change
from attack.honest import FIRST, SECOND, Honest, lines_of, put
from attack.sandbox import Outcome, Ran, Sandbox, attacks


def _log_gone(own: Honest) -> None:
    (own.first / "anna.log").unlink()


def _text_swapped(own: Honest) -> None:
    (own.first / "text.txt").write_text(SECOND, encoding="utf-8")
    _respan(own.first)


def _respan(folder: Path) -> None:
    """Nothing: decisions stay on words that both texts share, or are cut."""
    lines = [line for line in lines_of(folder) if _holds(line)]
    for line in lines:
        line.pop("text", None)
    if lines and lines[0]["v"] == 2:
        lines[0]["text"] = sha256(SECOND.encode()).hexdigest()
    put(folder, lines)
    boris = [line for line in lines_of(folder, "boris") if _holds(line)]
    for line in boris:
        line.pop("text", None)
    if boris and boris[0]["v"] == 2:
        boris[0]["text"] = sha256(SECOND.encode()).hexdigest()
    put(folder, boris, "boris")
    (folder / "toy-1.0.0.json").unlink()


def _holds(line: dict[str, Any]) -> bool:
    records = [one["after"] or one["before"] for one in line["body"]["changes"]]
    return all(
        SECOND[one["start"] : one["end"]] == one["text"] for one in records if "start" in one
    )


def _text_swapped_only(own: Honest) -> None:
    (own.first / "text.txt").write_text(SECOND, encoding="utf-8")


def _journal_gone(own: Honest) -> None:
    (own.first / "anna.log").unlink()
    (own.first / "anna.json").unlink()


def _document_gone(own: Honest) -> None:
    shutil.rmtree(own.second)


def _tail_cut(own: Honest) -> None:
    put(own.first, lines_of(own.first)[:-1])
    own.box.run("show", own.first.name, "--layer", "anna", project=own.root)


def _rewritten(own: Honest) -> None:
    lines = lines_of(own.first)
    lines[0]["body"]["changes"][0]["after"]["label"] = "ORG"
    lines[0]["body"]["changes"][0]["after"]["status"] = "corrected"
    put(own.first, lines)


def next_line(lines: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """A line that follows, with an entity nobody suggested."""
    last, document = lines[-1], lines[0]["document"]
    at = last["at"].replace(
        last["at"][-8:], f"{(int(last['at'][-7:-1]) + 9) % 1000000:06d}Z".rjust(8, ".")
    )
    at = max(at, last["at"][:-1] + "Z")
    record = {"id": "a00000000001", "kind": "entity", "start": 4, "end": 10, "text": "senate"}
    record |= {
        "label": "ORG",
        "status": "added",
        "by": last["by"],
        "at": at,
        "rev": last["seq"] + 1,
    }
    made = {**last, "seq": last["seq"] + 1, "at": at, "action": "add", "document": document}
    made.pop("text", None)
    made["body"] = {"changes": [change(record)]}
    return made | more


def _later(at: str, seconds: int = 1) -> str:
    from datetime import datetime, timedelta

    moment = datetime.fromisoformat(at) + timedelta(seconds=seconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _append(own: Honest, layer: str = "anna", **more: Any) -> None:
    lines = lines_of(own.first, layer)
    made = next_line(lines, at=_later(lines[-1]["at"]), **more)
    for one in made["body"]["changes"]:
        one["after"]["at"] = made["at"]
    put(own.first, [*lines, made], layer)


def _appended(own: Honest) -> None:
    _append(own)


def _new_journal(own: Honest) -> None:
    lines = lines_of(own.first, "boris")
    for line in lines:
        line |= {"by": "dora", "layer": "dora"}
        for one in line["body"]["changes"]:
            one["after"]["by"] = "dora"
    put(own.first, lines, "dora")


def _alien_by(own: Honest) -> None:
    lines = lines_of(own.first, "boris")
    for line in lines:
        line["by"] = "ceo"
        for one in line["body"]["changes"]:
            one["after"]["by"] = "ceo"
    put(own.first, lines, "boris")


def _number_label(own: Honest) -> None:
    """The label in the journal and, since no program would make such a view, in the view too."""
    view = own.first / "anna.json"
    tables = json.loads(view.read_bytes())
    _record(label=5)(own)
    last = lines_of(own.first)[-1]
    length = (own.first / "anna.log").stat().st_size
    tables["meta"]["1"] |= {"head": last["hash"], "length": length}
    tables["entities"]["1"]["label"] = 5
    view.write_bytes(forge.tinydb(tables))


def _record(**members: Any) -> Callable[[Honest], None]:
    def tamper(own: Honest) -> None:
        lines = lines_of(own.first)
        lines[0]["body"]["changes"][0]["after"] |= members
        put(own.first, lines)

    return tamper


def _head(number: int, **members: Any) -> Callable[[Honest], None]:
    def tamper(own: Honest) -> None:
        lines = lines_of(own.first)
        lines[number] |= members
        for one in lines[number]["body"]["changes"]:
            if one["after"] and "at" in members:
                one["after"]["at"] = members["at"]
        put(own.first, lines)

    return tamper


def _falling(own: Honest) -> None:
    lines = lines_of(own.first)
    at = lines[0]["at"]
    lines[1]["at"] = at[:3] + "0" + at[4:]
    lines[1]["body"]["changes"][0]["after"]["at"] = lines[1]["at"]
    put(own.first, lines)


def _body(number: int, **members: Any) -> Callable[[Honest], None]:
    def tamper(own: Honest) -> None:
        lines = lines_of(own.second if number < 0 else own.first)
        lines[number]["body"]["changes"][0] |= members
        put(own.second if number < 0 else own.first, lines)

    return tamper


def _before(own: Honest) -> None:
    lines = lines_of(own.first)
    record = dict(lines[0]["body"]["changes"][0]["after"])
    lines[1]["body"]["changes"][0]["before"] = record | {"label": "LAW"}
    put(own.first, lines)


def _undo_nothing(own: Honest) -> None:
    lines = lines_of(own.second)
    lines[-1]["body"]["of"] = 99
    put(own.second, lines)


def _undo_other(own: Honest) -> None:
    lines = lines_of(own.second)
    one = lines[-1]["body"]["changes"][0]
    one["after"] = dict(one["before"]) | {
        "label": "LAW",
        "rev": lines[-1]["seq"],
        "at": lines[-1]["at"],
    }
    put(own.second, lines)


def _overlap(own: Honest) -> None:
    lines = lines_of(own.first)
    at = _later(lines[-1]["at"])
    made = next_line(lines, at=at)
    record = made["body"]["changes"][0]["after"]
    record |= {"start": 4, "end": 21, "text": FIRST[4:21], "at": at}
    put(own.first, [*lines, made])


def _bytes(old: bytes, new: bytes) -> Callable[[Honest], None]:
    def tamper(own: Honest) -> None:
        path = own.first / "anna.log"
        data = path.read_bytes()
        assert old in data, (old, data[:300])
        path.write_bytes(data.replace(old, new, 1))

    return tamper


def _redacted(own: Honest) -> None:
    lines = lines_of(own.first)
    erased = [{k: v for k, v in line.items() if k not in ("salt", "body")} for line in lines]
    at = _later(lines[-1]["at"])
    made = next_line(lines, action="redact", by="boris", at=at)
    made["body"] = {"changes": [], "reason": "asked"}
    rows = forge.rehashed([*lines, made])
    for row, line in zip(rows, erased, strict=False):
        assert {k: row[k] for k in line} == line
    kept = [{k: v for k, v in row.items() if k not in ("salt", "body")} for row in rows[:-1]]
    put(own.first, [*kept, rows[-1]], sound=False)


def _redact_line(own: Honest) -> None:
    lines = lines_of(own.first)
    at = _later(lines[-1]["at"])
    made = next_line(lines, action="redact", by="boris", at=at)
    made["body"] = {"changes": [], "reason": "asked"}
    put(own.first, [*lines, made])


def _model(tamper: Callable[[Any], Any]) -> Callable[[Honest], None]:
    def change_layer(own: Honest) -> None:
        path = own.first / "toy-1.0.0.json"
        tables = json.loads(path.read_bytes())
        tamper(tables)
        path.write_bytes(forge.tinydb(tables))

    return change_layer


def _model_score(tables: Any) -> None:
    record = tables["entities"]["1"]
    record["score"] = record["origin"]["score"] = 0.99


def _model_gone(own: Honest) -> None:
    (own.first / "toy-1.0.0.json").unlink()


def _about(**members: Any) -> Callable[[Honest], None]:
    def tamper(own: Honest) -> None:
        path = own.first / "document.json"
        tables = json.loads(path.read_bytes())
        tables["document"]["1"] |= members
        path.write_bytes(forge.tinydb(tables))

    return tamper


def _settings(own: Honest) -> None:
    (own.root / "purport.toml").write_text(
        'version = 1\n[entities]\nlabels = ["PERSON"]\n', encoding="utf-8"
    )


def _guide(own: Honest) -> None:
    (own.root / "guide.md").write_text("# persons\n\nEverything is a person.\n", encoding="utf-8")


def _swapped(own: Honest) -> None:
    one, two = own.first / "anna.log", own.first / "boris.log"
    data = one.read_bytes()
    one.write_bytes(two.read_bytes())
    two.write_bytes(data)
    for name in ("anna.json", "boris.json"):
        (own.first / name).unlink(missing_ok=True)


def view_alone(own: Honest) -> None:
    """A view of a person who has no journal."""
    tables = json.loads((own.first / "anna.json").read_bytes())
    state = {
        "id": "document",
        "kind": "document",
        "finished": True,
        "by": "dora",
        "at": "",
        "rev": 1,
    }
    tables["meta"]["1"] |= {"layer": "dora", "state": state}
    (own.first / "dora.json").write_bytes(forge.tinydb(tables))


VERIFY, SEAL = "verify", "seal"
ROWS: Final[dict[str, tuple[Callable[[Honest], None], str]]] = {
    "anna.log deleted, anna.json kept": (_log_gone, VERIFY),
    "text replaced by one of the same id, journals kept": (_text_swapped_only, VERIFY),
    "text replaced by one of the same id, journals and models made to fit": (_text_swapped, VERIFY),
    "journal deleted with its view": (_journal_gone, SEAL),
    "document's folder deleted": (_document_gone, SEAL),
    "tail cut, the view made anew by show": (_tail_cut, SEAL),
    "decision rewritten and hashed again": (_rewritten, SEAL),
    "decision appended to anna's journal by somebody else": (_appended, SEAL),
    "a journal in dora's name": (_new_journal, SEAL),
    "by = ceo in boris.log": (_alien_by, VERIFY),
    "a record's by is not the decision's": (_record(by="boris"), VERIFY),
    "a record's at is not the decision's": (_record(at="2020-01-01T00:00:00.000000Z"), VERIFY),
    "a record's rev is not the decision's": (_record(rev=7), VERIFY),
    "times that fall": (_falling, VERIFY),
    "at = not a time": (_head(0, at="0 not a time"), VERIFY),
    "at in the year 2999": (_head(-1, at="2999-01-01T00:00:00.000000Z"), VERIFY),
    "before is not what was there": (_before, VERIFY),
    "annotation is not the record's id": (_body(0, annotation="zzz"), VERIFY),
    "undo of a decision that is not there": (_undo_nothing, VERIFY),
    "undo that writes something else": (_undo_other, VERIFY),
    "label is a number": (_number_label, VERIFY),
    "label outside the schema": (_record(label="NOPE"), VERIFY),
    "status suggested in a person's layer": (_record(status="suggested"), VERIFY),
    "overlapping entities in a flat schema": (_overlap, VERIFY),
    "an unhashed extra member": (_bytes(b'{"v":', b'{"x":1,"v":'), VERIFY),
    "a duplicate member": (_bytes(b'"by":"anna"', b'"by":"boris","by":"anna"'), VERIFY),
    "other white space": (_bytes(b'"by":"anna"', b'"by": "anna"'), VERIFY),
    "a forged redact line by boris, bodies erased, text still there": (_redacted, VERIFY),
    "a forged redact line by boris, bodies kept, text still there": (_redact_line, VERIFY),
    "a model's score changed": (_model(_model_score), SEAL),
    "a model's layer deleted": (_model_gone, SEAL),
    "document.json: title": (_about(title="forged"), SEAL),
    "document.json: source": (_about(source="forged"), SEAL),
    "document.json: metadata": (_about(metadata={"lang": "de"}), SEAL),
    "document.json: sha256": (_about(sha256="0" * 64), VERIFY),
    "document.json: characters": (_about(characters=5), VERIFY),
    "purport.toml replaced": (_settings, SEAL),
    "guide.md put in": (_guide, SEAL),
    "two journals swapped": (_swapped, VERIFY),
    "a view of dora's without a log, finished": (view_alone, VERIFY),
}


def _is_well(ran: Ran, honest: Ran) -> bool:
    """Whether the person hears nothing but what an untouched project says."""
    return ran.status == 0 and _words(ran) == _words(honest)


def _words(ran: Ran) -> str:
    """What was said, without temporary names."""
    return re.sub(r"/tmp/\S+?/home", "~", ran.text)


@attacks(
    "A5",
    "{0}",
    {
        f"{name}: verify{' --seal' if how == SEAL else ''}": (tamper, how)
        for name, (tamper, where) in ROWS.items()
        for how in ((VERIFY, SEAL) if where == VERIFY else (SEAL,))
    },
)
def tampered(box: Sandbox, row: tuple[Callable[[Honest], None], str]) -> Outcome:
    tamper, how = row
    own = Honest(box)
    more = ("--seal", own.seal) if how == SEAL else ()
    honest = own.verify(*more)
    if honest.status:
        return Outcome(None, f"the honest project is not well: {honest.text[-200:]}")
    tamper(own)
    own.refresh()
    ran = own.verify(*more)
    if ran.fault:
        return Outcome(True, ran.fault)
    well = _is_well(ran, honest)
    said = [line for line in ran.text.strip().splitlines() if line not in honest.text]
    words = "all is well" if well else f"exit {ran.status}: {said[0] if said else ran.text[-100:]}"
    return Outcome(well, re.sub(r"/tmp/\S+?/work/", "", words))
