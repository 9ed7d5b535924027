"""The README's generated tables, and its commands as a program can run them.

    python tests/readme.py            write the tables anew, between their markers

A table stands between `<!-- NAME -->` and `<!-- /NAME -->`; what a section says is made from the
code that it is about, so the two cannot differ.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import typer.main

import tui.__main__  # noqa: F401  (adds its commands to the app)
from annotations.cli import app
from annotations.formats import FORMATS
from annotations.schema import default
from tui.commands import Command, commands

README = Path(__file__).parents[1] / "README.md"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def code(words: str) -> str:
    """Words as Markdown code that may stand in a table."""
    return f"`{words}`".replace("|", "\\|")


def keys() -> str:
    """Every key of the reader, under its heading; all labels in one row."""
    rows: list[list[str]] = []
    for group, members in commands(default()).groups().items():
        rows.append([f"**{group}**", ""])
        if group == "Labels":
            rows.append([" ".join(code(one.key) for one in members), _labels(members)])
        else:
            rows += [[code(one.shown_key), _about(one)] for one in members]
    return table(["Key", "What it does"], rows)


def _about(one: Command) -> str:
    """What a command does; for one that sets a value, which value, and what that means."""
    is_value = one.id.startswith(("stance.", "certainty."))
    return f"{one.label}: {one.about}" if is_value else one.about


def _labels(members: list[Command]) -> str:
    names = ", ".join(one.id.partition(".")[2] for one in members)
    return f"set the label, or mark the selection: {names}"


def command_line() -> str:
    """Every command, with its arguments and what its help says."""
    rows = []
    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
        arguments = [
            one.metavar if one.required else f"[{one.metavar}]"
            for one in command.params
            if not one.opts[0].startswith("-")
        ]
        about = command.get_short_help_str(limit=200)
        rows.append([code(" ".join(["purport", name, *arguments])), about])
    return table(["Command", "What it does"], rows)


def formats() -> str:
    """Every format, what it is, and what it cannot hold."""
    return table(
        ["Format", "What it is", "What it cannot hold"],
        (
            [code(one.name), one.description, one.cannot_hold or "nothing is lost"]
            for one in FORMATS.values()
        ),
    )


SECTIONS: dict[str, Callable[[], str]] = {
    "keys": keys,
    "commands": command_line,
    "formats": formats,
}


def section(name: str, text: str) -> str:
    """What stands between the markers of a name."""
    found = _between(name).search(text)
    if found is None:
        raise LookupError(f"README.md has no section <!-- {name} -->")
    return found[2].strip("\n")


def _between(name: str) -> re.Pattern[str]:
    return re.compile(rf"(^<!-- {name} -->\n)(.*?)(^<!-- /{name} -->$)", re.DOTALL | re.MULTILINE)


def blocks(text: str, language: str) -> list[str]:
    """The fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def filled(text: str) -> str:
    """The README with its tables made anew."""
    for name, make in SECTIONS.items():
        found = _between(name).search(text)
        if found is not None:
            text = f"{text[: found.start(2)]}{make()}\n{text[found.end(2) :]}"
    return text


if __name__ == "__main__":
    README.write_text(filled(README.read_text(encoding="utf-8")), encoding="utf-8")
