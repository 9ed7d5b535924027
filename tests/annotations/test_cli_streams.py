"""What a command prints: with nothing that commands a terminal, and whole or refused in one line."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import store
import typer

from annotations.cli import fault, streams
from annotations.cli.console import Status, run
from annotations.project import Project
from tui.__main__ import app

HOSTILE = "a\x1b]52;c;eA==\x07\x9b2J\x7f\r\n\u202eb\u200b\u00ad\U000e0041"
SHOWN = "a␛]52;c;eA==␇�2J␡␍␊⇄b¦¦¦"
MODULE = [sys.executable, "-m", "tui"]
PRINTING = [
    ["status"],
    ["status", "--json"],
    ["show", "document 0"],
    ["show", "document 0", "--plain"],
    ["search", "word1"],
    ["search", "word1", "--json"],
    ["log"],
    ["log", "--json"],
    ["seal"],
    ["replay", "document 0", "--until", "1"],
    ["evaluate", "--predicted", store.MODEL],
    ["evaluate", "--predicted", store.MODEL, "--json"],
    ["formats"],
    ["keys"],
    ["doctor"],
    ["--version"],
    ["--help"],
    ["status", "--help"],
]


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    monkeypatch.setenv("PURPORT_ANNOTATOR", "anna")
    monkeypatch.chdir(tmp_path)
    made = store.make(tmp_path, words=10)
    (one,) = store.ids(made)
    store.accept(made, one, 0)
    store.finish(made)
    yield made
    made.close()


def command(action: Any) -> typer.Typer:
    """An app with one command, which does this."""
    made = typer.Typer(add_completion=False)
    made.command()(action)
    return made


def test_each_way_to_print_shows_what_a_terminal_would_obey(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def action() -> None:
        streams.put(HOSTILE)
        streams.put_rows([HOSTILE])
        streams.put_text([(HOSTILE, "36"), ("\u202e", "")])
        streams.tell(HOSTILE)
        streams.complain(ValueError(HOSTILE))

    assert run(command(action), []) == 0
    text = SHOWN.replace("␍␊", "\n")
    out, err = capsys.readouterr()
    assert out == f"{SHOWN}\n{SHOWN}\n\x1b[36m{text}\x1b[0m⇄\n"
    assert err == f"{SHOWN}\npurport: {SHOWN.replace('␍␊', ' ')}\n"


def test_a_complaint_that_quotes_very_much_is_cut_in_the_middle(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(command(lambda: streams.complain(f"{'x' * 10_000} is wrong. Mend it.")), []) == 0
    err = capsys.readouterr().err
    assert len(err) < 2100
    assert err.endswith("x is wrong. Mend it.\n")
    assert "x … x" in err


def test_json_is_equal_when_parsed_and_holds_nothing_hidden(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(command(lambda: streams.put_json({HOSTILE: [HOSTILE, "é 字 می‌خ"]})), []) == 0
    (row,) = capsys.readouterr().out.removesuffix("\n").split("\n")
    assert json.loads(row) == {HOSTILE: [HOSTILE, "é 字 می‌خ"]}
    assert row.isprintable()
    assert "é 字" in row


def test_json_is_whole_where_the_encoding_lacks_a_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    bytes_ = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(bytes_, encoding="ascii"))
    assert run(command(lambda: streams.put_json(["é 字 😀"])), []) == 0
    assert json.loads(bytes_.getvalue()) == ["é 字 😀"]


def test_what_a_library_prints_by_itself_is_shown_as_well(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def action() -> None:
        print(HOSTILE)
        typer.echo(HOSTILE)
        sys.stderr.write(f"{HOSTILE}\n")
        handler = logging.StreamHandler()
        handler.emit(logging.LogRecord("x", 40, "x", 1, HOSTILE, (), None))

    assert run(command(action), []) == 0
    out, err = capsys.readouterr()
    assert not set(out + err) & set(HOSTILE) - set("abc]52;cexA==J\n2")
    assert out.count("␛]52") == 2
    assert err.count("␛]52") == 2


@pytest.mark.parametrize(
    "words", [["--\x1b[2J\x9b"], ["no\u202esuch"], ["log", "--action", "\x07"]]
)
def test_wrong_use_is_answered_without_what_was_hidden_in_it(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(app, words) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.removesuffix("\n").isprintable()


@pytest.mark.parametrize("arguments", PRINTING, ids=" ".join)
def test_a_full_disk_under_the_output_is_one_line(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        monkeypatch.setattr(sys, "stdout", full)
        assert run(app, arguments) == 2
    err = capsys.readouterr().err.split("\n")
    assert [one for one in err if "Standard output cannot be written: No space" in one]
    assert not [one for one in err if "Traceback" in one]


@pytest.mark.parametrize("arguments", PRINTING, ids=" ".join)
def test_a_closed_output_is_one_line(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    assert run(app, arguments) == 2
    assert "Standard output cannot be written: it is closed." in capsys.readouterr().err


class Full(io.StringIO):
    """A stream on a full disk."""

    def write(self, words: str) -> int:
        raise OSError(28, "No space left on device")

    def flush(self) -> None:
        self.write("")


@pytest.mark.parametrize("stream", [None, Full()])
def test_a_closed_or_full_narration_stops_nothing(
    stream: Full | None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stderr", stream)
    assert run(app, ["verify"]) == 0
    assert run(app, ["show", "nothing"]) == 2
    assert capsys.readouterr().out == ""


def shell(words: str) -> subprocess.CompletedProcess[str]:
    program = " ".join(MODULE)
    return subprocess.run(
        ["bash", "-c", words.replace("purport", program)],
        capture_output=True,
        text=True,
        timeout=60,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )


@pytest.mark.parametrize(
    ("words", "status", "lines"),
    [
        ("purport status > /dev/full", 2, 1),
        ("purport status >&-", 2, 1),
        ("purport status 2>&-", 0, 0),
        ("purport verify 2> /dev/full", 0, 0),
        ("purport status >&- 2>&-", 2, 0),
        ("purport log <&-", 0, 0),
        ("purport add - <&-", 2, 1),
        ("set -o pipefail; purport show 'document 0' | head -c 0", 141, 0),
    ],
)
def test_the_process_ends_with_the_same_and_no_traceback(
    words: str, status: int, lines: int
) -> None:
    ended = shell(words)
    assert (ended.returncode, ended.stderr.count("\n")) == (status, lines), ended.stderr


def test_a_closed_output_is_never_written_into_a_file_of_the_project(project: Project) -> None:
    project.close()
    before = store.contents(project.root)
    assert shell("purport status >&-").returncode == 2
    assert store.contents(project.root) == before


def test_an_error_that_nothing_foresaw_is_one_line_and_kept_in_a_file(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def action() -> None:
        raise KeyError(HOSTILE)

    assert run(command(action), []) == Status.FAULT == 70
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith("purport: it stopped by its own fault. Every decision is saved; what ")
    kept = Path(os.environ["XDG_STATE_HOME"], "purport", "crash.txt")
    assert str(kept) in err
    assert "KeyError" in kept.read_text(encoding="utf-8")
    assert "\x1b" not in kept.read_text(encoding="utf-8")
    assert kept.stat().st_mode & 0o777 == 0o600


def test_the_traceback_of_such_an_error_is_shown_where_it_is_asked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def action() -> None:
        raise KeyError(f"\u202e{HOSTILE}")

    monkeypatch.setenv(fault.SHOWN_BY, "1")
    assert run(command(action), []) == 70
    err = capsys.readouterr().err
    assert err.startswith("Traceback (most recent call last):\n")
    assert err.replace("\n", "").isprintable()


def test_an_error_that_cannot_be_kept_is_still_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def action() -> None:
        raise KeyError(HOSTILE)

    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    assert run(command(action), []) == 70
    err = capsys.readouterr().err
    assert "please report it: KeyError at test_cli_streams.py:" in err
    assert err.removesuffix("\n").isprintable()
