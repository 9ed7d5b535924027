"""What a colleague may have written into a record, a file or the settings, and no program did."""

from __future__ import annotations

from typing import Any, Final

from attack.forge import change

BIG: Final = 10**30
ENTITY: Final[dict[str, dict[str, Any]]] = {
    "label: 5": {"label": 5},
    "label: null": {"label": None},
    'label: ["q"]': {"label": ["q"]},
    "label: 1 MB": {"label": "x" * 1_000_000},
    "note: 5": {"note": 5},
    "note: {}": {"note": {"a": 1}},
    'id: ["q"]': {"id": ["q"]},
    "id: 5": {"id": 5},
    "id: null": {"id": None},
    "start: -1": {"start": -1},
    'start: "0"': {"start": "0"},
    "start: 1.5": {"start": 1.5},
    "start: null": {"start": None},
    "end: 10^30": {"end": BIG},
    "end before start": {"start": 9, "end": 4},
    "end past the text": {"end": 5000},
    "text: 5": {"text": 5},
    "text of others": {"text": "Nobody"},
    "status: nope": {"status": "nope"},
    "status: []": {"status": []},
    "kind: nope": {"kind": "nope"},
    "kind: []": {"kind": []},
    "kind: document": {"kind": "document"},
    'score: "x"': {"score": "x"},
    "score: 10^400 as text of digits": {"score": int("9" * 400)},
    'rev: "x"': {"rev": "x"},
    "rev: 10^30": {"rev": BIG},
    "at: 5": {"at": 5},
    "by: 5": {"by": 5},
    "by: {}": {"by": {}},
    "origin: 5": {"origin": 5},
    "origin: []": {"origin": [1]},
    "origin.layer: 5": {"origin": {"layer": 5, "start": 0, "end": 4}},
    "origin.values: 5": {"origin": {"layer": "x", "start": 0, "end": 4, "values": 5}},
    'origin.start: "a"': {"origin": {"layer": "x", "start": "a", "end": 4, "values": {}}},
    'origin.score: "x"': {
        "origin": {"layer": "x", "start": 0, "end": 4, "values": {}, "score": "x"}
    },
    "origin.why: 5": {"origin": {"layer": "x", "start": 0, "end": 4, "values": {}, "why": 5}},
    "a lone surrogate": {"note": "\ud800"},
}
CLAIM: Final[dict[str, dict[str, Any]]] = {
    "stance: 5": {"stance": 5},
    "certainty: []": {"certainty": []},
    "holder: []": {"holder": []},
    "holder: 5": {"holder": 5},
    "holder: [5]": {"holder": [5]},
    'holder.start: "x"': {
        "holder": [{"kind": "span", "text": "x", "start": "x"}, {"kind": "author"}]
    },
    "holder.text: 5": {"holder": [{"kind": "span", "text": 5, "start": 3}, {"kind": "author"}]},
    "holder of 10,000 links": {"holder": [{"kind": "unnamed"}] * 10_000 + [{"kind": "author"}]},
    "frame: {}": {"frame": {}},
    "likelihood: 5": {"likelihood": 5},
    "likelihood: []": {"likelihood": ["x"]},
    "likelihood: {band: 5}": {"likelihood": {"scale": 5, "band": 5, "phrase": 5}},
    "cues: 5": {"cues": 5},
    "cues: [5]": {"cues": [5]},
    'cues.start: "x"': {"cues": [{"start": "x", "end": 4, "kind": "a", "effect": "b"}]},
    "target: [1]": {"target": [1]},
    'target: "ab"': {"target": "ab"},
    'doubt: "x"': {"doubt": "x"},
    "quote: null": {"quote": None},
}
HEAD: Final[dict[str, dict[str, Any]]] = {
    "at: 5": {"at": 5},
    "at: null": {"at": None},
    "at: not a time": {"at": "not a time"},
    "at: 9999-12-31T23:59:59.999999Z": {"at": "9999-12-31T23:59:59.999999Z"},
    "by: 5": {"by": 5},
    "by: []": {"by": []},
    'seq: "1"': {"seq": "1"},
    "seq: true": {"seq": True},
    "seq: 1.0": {"seq": 1.0},
    'v: "1"': {"v": "1"},
    "v: 0": {"v": 0},
    "v: -1": {"v": -1},
    "v: 1.5": {"v": 1.5},
    "v: 10^30": {"v": BIG},
    "action: nope": {"action": "nope"},
    "action: []": {"action": []},
    "action: undo, first": {"action": "undo"},
    "action: redo, first": {"action": "redo"},
}
BODY: Final[dict[str, Any]] = {
    "5": 5,
    "[]": [],
    "null": None,
    "{}": {},
    "{changes: 5}": {"changes": 5},
    "{changes: [5]}": {"changes": [5]},
    "{changes: {}}": {"changes": {}},
    "change null to null": {"changes": [{"annotation": "x", "before": None, "after": None}]},
    'of: "x"': {"changes": [], "of": "x"},
    "of: 10^30": {"changes": [], "of": BIG},
    "session: 5": {"changes": [], "session": 5},
    "app: []": {"changes": [], "app": ["x"]},
    "reason: 5": {"changes": [], "reason": 5},
    'state: finished "x"': {
        "changes": [
            change(
                {
                    "id": "document",
                    "kind": "document",
                    "finished": "x",
                    "by": "a",
                    "at": "b",
                    "rev": 1,
                }
            )
        ]
    },
    "state: flags 5": {
        "changes": [
            change(
                {
                    "id": "document",
                    "kind": "document",
                    "finished": True,
                    "by": "a",
                    "at": "b",
                    "rev": 1,
                    "flags": 5,
                }
            )
        ]
    },
    "state: id other": {
        "changes": [
            change(
                {"id": "zz", "kind": "document", "finished": True, "by": "a", "at": "b", "rev": 1}
            )
        ]
    },
    "deep: 100,000 lists": "DEEP",
}
ABOUT: Final[dict[str, Any]] = {
    "title: []": {"title": ["a"]},
    "title: 5": {"title": 5},
    "title: null": {"title": None},
    "title: 1 MB": {"title": "x" * 1_000_000},
    "title: lone surrogate": {"title": "\ud800"},
    "source: {}": {"source": {}},
    "added_at: 5": {"added_at": 5},
    'characters: "x"': {"characters": "x"},
    "characters: -1": {"characters": -1},
    "characters: 10^30": {"characters": BIG},
    "metadata: 5": {"metadata": 5},
    "metadata: []": {"metadata": ["a"]},
    "session: 5": {"session": 5},
    'format: "x"': {"format": "x"},
    "format: 10^30": {"format": BIG},
    "id: 5": {"id": 5},
    "id: of another": {"id": "000000000000"},
    "sha256: 5": {"sha256": 5},
}
FILES: Final[dict[str, bytes]] = {
    "empty": b"",
    "not JSON": b"{",
    "null": b"null",
    "a list": b"[]",
    "a number": b"5",
    "tables: a list": b'{"meta": [], "entities": []}',
    "tables: 5": b'{"meta": {"1": 5}, "entities": 5}',
    "rows: 5": b'{"meta": {"1": {"format": 1, "layer": "x", "document": "y"}}, "entities": {"1": 5}}',
    "format missing": b'{"meta": {"1": {}}}',
    "not UTF-8": b'{"meta": "\xff"}',
    "NUL bytes": b"\0" * 100,
    "deep": b'{"meta":' * 100_000,
    "a number of 5,000 digits": b'{"meta": {"1": {"format": ' + b"9" * 5000 + b"}}}",
    "NaN": b'{"meta": {"1": {"format": NaN}}}',
}
SETTINGS: Final[dict[str, bytes]] = {
    "version of 5,000 digits": b"version = " + b"9" * 5000,
    "version: true": b"version = true",
    "version: a date": b"version = 2020-01-01",
    "name: []": b"name = []",
    "labels: {}": b"[entities]\nlabels = {}",
    "labels: nested tables": b"[entities.labels.a.b]\nc = 1",
    "a label with a line feed": b'[entities]\nlabels = ["a\\nb"]',
    "a label of 1 MB": b'[entities]\nlabels = ["' + b"x" * 1_000_000 + b'"]',
    "suggest.model: 5": b"[suggest]\nmodel = 5",
    "suggest.model of 6,000 characters": b'[suggest]\nmodel = "' + b"x/" * 3000 + b'"',
    "suggest.model with NUL": b'[suggest]\nmodel = "a\\u0000b"',
    'suggest.model: ""': b'[suggest]\nmodel = ""',
    "suggest.tidy: 5": b"[suggest]\ntidy = []",
    'suggest.scores: "x"': b'[suggest]\nscores = "x"',
    'claims_threshold: "x"': b'[suggest]\nclaims_threshold = "x"',
    "claims_threshold: nan": b"[suggest]\nclaims_threshold = nan",
    "keys: nested": b"[keys.a.b]\nc = 1",
    "keys: a line feed": b'[keys]\n"app.quit" = "a\\nb"',
    "keys: a list": b'[keys]\n"app.quit" = [1]',
    "claims: 5": b"claims = 5",
    "claims.stance: [5]": b"[claims]\nstance = [5]",
    "claims.pairs: [[]]": b"[claims]\npairs = [[]]",
    "not UTF-8": b"name = '\xff'",
    "deep": b"a = " + b"[" * 10_000,
    "deep keys": b"a." * 5_000 + b"b = 1",
    "UTF-16": "version = 1".encode("utf-16"),
}


def rows() -> dict[str, tuple[str, Any]]:
    """Every malformation by its name: where it is, and what is there."""
    made: dict[str, tuple[str, Any]] = {}
    tables = {"entity": ENTITY, "claim": CLAIM, "head": HEAD, "body": BODY}
    for owner in ("", "own "):
        for where, table in tables.items():
            for name, value in table.items():
                journal = "one's own journal" if owner else "another's journal"
                made[f"{journal}, {where}, {name}"] = (f"{owner}{where}", value)
    made |= {f"a model's entity, {name}": ("model", value) for name, value in ENTITY.items()}
    made |= {f"a model's claim, {name}": ("model claim", value) for name, value in CLAIM.items()}
    made |= {f"document.json, {name}": ("document.json", value) for name, value in ABOUT.items()}
    for where in (
        "toy-1.0.0.json",
        "document.json",
        "project.json",
        "annotators/anna.json",
        "anna.json",
    ):
        made |= {f"{where}: {name}": (where, value) for name, value in FILES.items()}
    made |= {
        f"mallory.log: {name}": ("mallory.log", value + b"\n") for name, value in FILES.items()
    }
    made |= {f"purport.toml, {name}": ("purport.toml", value) for name, value in SETTINGS.items()}
    return made
