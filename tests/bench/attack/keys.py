"""C2 and C3: keys, sizes and mouse events that end the reader or leave it deaf."""

from __future__ import annotations

import random
import shutil
import time
from typing import Final

from attack.forge import Project
from attack.sandbox import Outcome, Reader, Sandbox, attack, attacks

TEXT: Final = "\n\n".join(
    f"Paragraph {n}: Ilse Brandt said that the ferry might not sail. " * 3 for n in range(40)
)


def _project(box: Sandbox, documents: int = 1) -> Project:
    project = Project(box.home / "clone")
    for number in range(documents):
        document = project.document(f"{number}. {TEXT}", f"letter {number}")
        document.model(document.suggestion("Ilse Brandt"))
    return project


@attack("C2", "1,500 pairs of another size and a key")
def resized(box: Sandbox) -> Outcome:
    project, chance = _project(box), random.Random(1)
    keys = ("down", "up", "f", "b", ".", ",", "tab", "shift+tab", "i", "k", "v", "escape", "n", "p")
    with box.reader(project=project.root, size=(100, 30)) as reader:
        reader.sees("ferry", 15)
        reader.idle()
        for number in range(1_500):
            if reader.process.poll() is not None:
                return Outcome(True, f"ended at pair {number}: {_last(reader)}")
            rows = chance.randint(8, 14) if number % 2 else chance.randint(30, 45)
            try:
                reader.send(chance.choice(keys))
                reader.resize(chance.randint(40, 120), rows)
                reader.send(chance.choice(keys))
            except OSError:
                continue
            reader.pump(chance.uniform(0.0, 0.06))
        reader.idle(1.0, 90)
        words = reader.quits()
    return Outcome(bool(words), words or "1,500 pairs, then q")


def _last(reader: Reader) -> str:
    while reader.pump(0.2):
        pass
    lines = [line.strip() for line in reader.text.splitlines() if line.strip()]
    return lines[-1][:120] if lines else ""


@attacks(
    "C2",
    "in one packet: {0}",
    {
        ": and page up": (":\x1b[5~",),
        ": and page down": (":\x1b[6~",),
        ": and letters and page down": (":zzzz\x1b[6~\x1b[5~",),
        ": and end, home, enter": (":\x1b[F\x1b[H\r",),
        "S and page up": ("S\x1b[5~\x1b[6~\r",),
        "j and page down, enter, enter": ("j\x1b[6~\r\r",),
        "j j j escape": ("jjj\x1b",),
        "h enter enter": ("\th\r\r",),
        "w right enter escape": ("\tw\x1b[C\r\x1b",),
        "g page down q": ("g\x1b[6~\x1b[5~\x1b",),
        "H page up": ("\taH\x1b[5~\x1b[6~\x1b",),
        "= enter": ("\ta=\x1b[6~\r",),
        "% page down": ("%\x1b[6~\x1b[5~\x1b",),
        "/ up down enter": ("/\x1b[A\x1b[B\r\r",),
        "? page down": ("?\x1b[6~\x1b[5~\x1b",),
    },
)
def packet(box: Sandbox, row: tuple[str]) -> Outcome:
    project = _project(box, 3)
    with box.reader(project=project.root) as reader:
        reader.sees("ferry", 15)
        reader.idle()
        for _ in range(3):
            try:
                reader.send(row[0])
            except OSError:
                break
            reader.idle(0.3, 5)
        words = reader.quits()
        told = _last(reader)
    return Outcome(bool(words), f"{words} {told}" if words else "goes on")


@attacks(
    "C2",
    "the open document's journal {0} beside the reader, then {1}".replace("{1}", "e"),
    {
        "cut": "cut",
        "emptied": "emptied",
        "replaced": "replaced",
        "removed": "removed",
        "made a folder": "folder",
        "made a link": "link",
        "made a pipe": "pipe",
        "of no permission": "mode",
        "gone with its folder": "gone",
        "gone with the whole project": "all gone",
    },
)
def journal_changed(box: Sandbox, how: str) -> Outcome:
    import os

    project = _project(box, 2)
    wrong = []
    for key in ("e", "a", "u", "n", "q"):
        shutil.rmtree(project.root)
        project = _project(box, 2)
        folder = min(path.parent for path in project.root.rglob("text.txt"))
        with box.reader("--open", folder.name, project=project.root) as reader:
            reader.sees("ferry", 15)
            reader.idle()
            reader.send("a")
            reader.idle()
            log = folder / "anna.log"
            data = log.read_bytes() if log.exists() else b""
            if how == "cut":
                log.write_bytes(data[: len(data) // 2])
            elif how == "emptied":
                log.write_bytes(b"")
            elif how == "replaced":
                log.unlink(missing_ok=True)
                log.write_bytes(data.replace(b"accept", b"reject"))
            elif how == "gone":
                shutil.rmtree(folder)
            elif how == "all gone":
                shutil.rmtree(project.root)
            else:
                log.unlink(missing_ok=True)
                if how == "folder":
                    log.mkdir()
                elif how == "link":
                    log.symlink_to(box.home / "nowhere")
                elif how == "pipe":
                    os.mkfifo(log)
                elif how == "mode":
                    log.write_bytes(data)
                    log.chmod(0)
            for _ in range(2):
                try:
                    reader.send(key)
                except OSError:
                    break
                reader.idle(0.3, 4)
            if key == "q":
                status = reader.ends(10)
                words = "" if status == 0 and not reader.crash else f"exit {status}"
            else:
                words = reader.quits()
            if words:
                wrong.append(f"{key}: {words} {_last(reader)}")
        if not project.root.exists():
            project.root.mkdir()
    return Outcome(bool(wrong), "; ".join(wrong) or "each key was answered and q ended it")


@attacks(
    "C3",
    "{0}, then a mouse event outside of the window; escape, q",
    {key: key for key in ("/", ";", "S", ":", "h", "w", "j", "?", "g", "%", "H")},
)
def outside(box: Sandbox, key: str) -> Outcome:
    project = _project(box)
    words = []
    for mouse in (
        "\x1b[<0;20;25M",
        "\x1b[<0;200;5M\x1b[<0;200;5m",
        "\x1b[<35;500;500M",
        "\x1b[<0;0;0M",
        "\x1b[<64;20;99M",
    ):
        with box.reader(project=project.root) as reader:
            reader.sees("ferry", 15)
            reader.idle()
            if key in ";hwH":
                reader.send("tab")
                reader.idle(0.2)
            reader.send(key)
            reader.idle(0.3)
            reader.send(mouse)
            reader.idle(0.3)
            reader.send("escape")
            reader.idle(0.5)
            status = reader.quits(6)
            if status:
                words.append(f"{mouse[1:]!r}: {status}")
    return Outcome(bool(words), "; ".join(words) or "escape and q end it each time")


@attacks(
    "C3",
    "a paste without an end, {0}",
    {
        "on the page": ("",),
        "in /": ("/",),
        "in ;": ("\t;",),
        "in S": ("S",),
        "in :": (":",),
    },
)
def lost_end(box: Sandbox, row: tuple[str]) -> Outcome:
    project = _project(box)
    with box.reader(project=project.root) as reader:
        reader.sees("ferry", 15)
        reader.idle()
        if row[0]:
            reader.send(row[0])
            reader.idle(0.3)
        reader.send("\x1b[200~pasted words")
        reader.idle(0.5, 2)
        time.sleep(2.5)
        for _ in range(3):
            reader.send("escape")
            reader.idle(0.3, 2)
            time.sleep(0.5)
        status = reader.quits(8)
    return Outcome(bool(status), status or "escape and q end it")
