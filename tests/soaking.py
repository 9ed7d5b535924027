"""Random events on the real reader, round after round: keys, mouse, pastes, sizes, files, suggestions.

A round is a project of its own, opened in one of the reader's ways, and some hundreds of events drawn
from a seed. After each it must still be alive, every acknowledged decision must be in the journal of
a document whose files were left alone, and `verify` must find nothing where all were.
"""

from __future__ import annotations

import asyncio
import faulthandler
import os
import random
import shutil
import sys
import traceback
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import scenes
from terminal import Terminal
from textual import events
from textual.geometry import Size
from textual.message import Message

from annotations import changes
from annotations.layer import Layer
from annotations.project import Project
from annotations.records import Annotation, Decision, Document, Entity, suggestion_id
from annotations.review.differences import Differences
from annotations.review.queue import Order, Review
from annotations.review.seeding import Seeded
from annotations.review.suggestions import Suggestions
from annotations.text import Text
from tui.app import PurportApp
from tui.config import Settings
from tui.screens.help import HelpScreen
from tui.screens.reader import ReaderScreen
from tui.skipped import Skipped
from tui.suggester import Suggested, SuggestingNote

ROOT: Final = Path(__file__).parents[1]

PATIENCE: Final = 240.0
"""Seconds in which events must be worked off; far more than a busy machine needs."""

WAYS: Final = ("read", "blind", "review", "differences", "seeded")
SIZES: Final = (
    (80, 24),
    (120, 40),
    (109, 30),
    (40, 12),
    (20, 5),
    (8, 3),
    (3, 2),
    (1, 1),
    (200, 60),
)

OTHER_KEYS: Final = (
    *("up", "down", "left", "right", "enter", "escape", "tab", "shift+tab", "backspace", "delete"),
    *(
        "pageup",
        "pagedown",
        "home",
        "end",
        "space",
        "ctrl+a",
        "ctrl+e",
        "ctrl+k",
        "ctrl+w",
        "ctrl+u",
    ),
    *("ctrl+l", "f1", "f5", "insert", "shift+up", "shift+left", "ctrl+right", "ctrl+end"),
)
WORDS: Final = (
    *("Moscow", "the ", "label:PERSON", "stance:denies ", 'holder:"', "status:", "annotator:anna"),
    *(
        "é",
        "e\u0301\u0323",
        "\u202e",
        "\U0001f468\u200d",
        "\U0001f1e9",
        "\ud800",
        "\x00",
        "[/]",
        "{}",
    ),
    *(
        "\x1b[31m",
        "[bold]",
        "\\",
        "'",
        '"',
        "(",
        "*",
        "^",
        "AND OR NOT",
        "NEAR(",
        "\t",
        "a\nb",
        "元",
    ),
)
HOSTILE: Final = (
    "e" + "\u0301\u0323" * 300 + " Aa " * 200 + "." * 500 + " \U0001f468\u200d" * 200
    + "\U0001f1e9\U0001f1ea" * 200 + " \u202eabc\u202c \x1b]0;x\x07 " + "(" * 200 + "x" * 6_000
)  # fmt: skip


@dataclass
class Tally:
    """What happened in all rounds."""

    events: Counter[str] = field(default_factory=Counter)
    acknowledged: int = 0
    lost: int = 0
    rounds: int = 0
    complaints: list[str] = field(default_factory=list)


class SoakApp(PurportApp):
    """The reader, which cannot be left."""

    left = 0

    def exit(self, *_: Any, **__: Any) -> None:
        self.left += 1

    def action_suspend_process(self) -> None:
        """Do nothing: no terminal would take the program back."""


class Round:
    """One project under random events.

    Args:
        folder: where the project is.
        seed: of all that is drawn.
        way: one of `WAYS`.
        rough: whether files are damaged as well.
    """

    def __init__(self, folder: Path, seed: int, way: str, *, rough: bool) -> None:
        self.chance = random.Random(seed)
        self.way, self.rough = way, rough
        self.project = scenes.bare(folder, scenes.SUMMIT, scenes.MINUTES, scenes.LIGHTHOUSE)
        hostile = Document(Text(HOSTILE), title="hostile \x1b[31m title", source="soak")
        self.project.add(hostile)
        for one in self.project.order():
            self._second_model(one)
        self.acknowledged: list[Decision] = []
        self.damaged: set[str] = set()
        self.is_spoilt = False
        self.trace: deque[str] = deque(maxlen=60)
        self.counts: Counter[str] = Counter()
        self.documents = list(self.project.order())
        self._watch()

    def _second_model(self, document: str) -> None:
        text = self.project.document(document).text
        made: dict[str, Annotation] = {}
        for span in text.words(0)[::7][:40]:
            key = suggestion_id("toy-1.0.0", Entity.kind, span, "ORG")
            one = Entity(id=key, span=span, text=span.of(text), label="ORG", score=0.5)
            made[key] = changes.suggested(one, "toy-1.0.0")
        self.project.replace_layer(document, Layer("toy-1.0.0", document, made, model={"v": 1}))

    def _watch(self) -> None:
        """Keep each decision that the project says is kept."""
        for name in ("decide", "undo", "redo"):
            setattr(self.project, name, self._kept(getattr(self.project, name)))

    def _kept(self, call: Callable[..., Decision | None]) -> Callable[..., Decision | None]:
        def kept(*parts: Any, **named: Any) -> Decision | None:
            decision = call(*parts, **named)
            if decision is not None:
                self.acknowledged.append(decision)
            return decision

        return kept

    def app(self) -> SoakApp:
        """The reader in this round's way."""
        project, way = self.project, self.way
        reviews: dict[str, Callable[[Skipped], Review]] = {
            "review": lambda late: Suggestions(project, scenes.MODEL, Order.SCORE, late),
            "differences": lambda late: Differences(
                project, scenes.MODEL, "toy-1.0.0", late, Order.TEXT
            ),
            "seeded": lambda late: Seeded(project, scenes.MODEL, Order.SCORE, late, 0.3),
        }
        return SoakApp(
            project,
            Settings(theme="dark", inspector=self.chance.random() < 0.5),
            suggesting=False,
            review=reviews.get(way),
            blind=way == "blind",
        )

    # Events

    def draw(self, app: SoakApp) -> tuple[str, Callable[[], object]]:
        """The next event: its kind, and what brings it about."""
        kinds = {
            "command": 55, "key": 18, "letters": 6, "mouse": 7, "paste": 3, "resize": 3,
            "focus": 2, "suggestion": 2, "beside": 2, "damage": 5 if self.rough else 0,
        }  # fmt: skip
        (kind,) = self.chance.choices(list(kinds), list(kinds.values()))
        return kind, getattr(self, f"_{kind}")(app)

    def _send(self, app: SoakApp, message: Message, told: str) -> Callable[[], object]:
        self.trace.append(told)
        return lambda: app.post_message(message)

    def _command(self, app: SoakApp) -> Callable[[], object]:
        return self._press(app, self.chance.choice([one.key for one in app.commands if one.key]))

    def _key(self, app: SoakApp) -> Callable[[], object]:
        return self._press(app, self.chance.choice(OTHER_KEYS))

    def _letters(self, app: SoakApp) -> Callable[[], object]:
        return self._press(app, self.chance.choice([*'aeé.:/"1 ', "\u0301", "\u202e", "\ufffd"]))

    def _press(self, app: SoakApp, key: str) -> Callable[[], object]:
        character = {"space": " ", "enter": "\r", "tab": "\t", "escape": "\x1b"}.get(key)
        character = key if len(key) == 1 else character
        return self._send(app, events.Key(key, character), key)

    def _mouse(self, app: SoakApp) -> Callable[[], object]:
        width, height = app.size
        x = float(self.chance.randint(0, width + 8))
        y = float(self.chance.randint(0, height + 8))
        kinds = (events.MouseDown, events.MouseUp, events.MouseMove, events.MouseMove)
        wheel = (events.MouseScrollDown, events.MouseScrollUp)
        kind = self.chance.choice([*kinds, *wheel])
        button = 0 if kind in wheel else self.chance.choice((1, 1, 1, 0, 2, 3))
        event = kind(None, x, y, 0, 0, button, False, False, False, screen_x=x, screen_y=y)
        return self._send(app, event, f"{kind.__name__}({x:g}, {y:g}, {button})")

    def _paste(self, app: SoakApp) -> Callable[[], object]:
        words = self.chance.choice(WORDS) * self.chance.choice((1, 1, 1, 3, 50, 20_000))
        return self._send(app, events.Paste(words), f"paste {words[:12]!a} x {len(words)}")

    def _resize(self, app: SoakApp) -> Callable[[], object]:
        size = Size(*self.chance.choice(SIZES))

        def resize() -> None:
            if app._driver is not None:
                app._driver._size = (size.width, size.height)
            app.post_message(events.Resize(size, size))

        self.trace.append(f"resize {size.width}x{size.height}")
        return resize

    def _focus(self, app: SoakApp) -> Callable[[], object]:
        event = self.chance.choice((events.AppBlur, events.AppFocus))()
        return self._send(app, event, type(event).__name__)

    def _suggestion(self, app: SoakApp) -> Callable[[], object]:
        document = self.chance.choice(self.documents)
        if document in self.damaged or self.is_spoilt:
            return self._send(app, events.AppFocus(), "AppFocus")
        text = self.project.document(document).text
        words = text.words(self.chance.randrange(len(text.paragraphs)))
        span = self.chance.choice(words) if words else None
        found = []
        if span is not None:
            key = suggestion_id("late-1", Entity.kind, span, "GPE")
            one = Entity(id=key, span=span, text=span.of(text), label="GPE", score=0.4)
            found.append(changes.suggested(one, "late-1"))
        message: Message = Suggested(document, found, self.chance.choice((0.5, 1.0)))
        if self.chance.random() < 0.1:
            message = SuggestingNote("a note")
        self.trace.append(f"suggestion in {document}")
        return lambda: app.reader.post_message(message)

    def _beside(self, _: SoakApp) -> Callable[[], object]:
        """Another process of the same annotator, or of another, decides or adds."""
        document = self.chance.choice(self.documents)
        annotator = self.chance.choice((scenes.ANNOTATOR, "boris"))
        number = self.chance.randrange(10_000)

        def decide() -> None:
            if document in self.damaged or self.is_spoilt:
                return
            other = Project.open(self.project.root, annotator=annotator)
            try:
                if number % 5 == 0:
                    other.add(Document(Text(f"Number {number} came to Moscow."), title=f"{number}"))
                    return
                overlay = other.overlay(document)
                suggestion = next((one for one in overlay.index if one.status == "suggested"), None)
                if suggestion is not None:
                    other.decide(document, "accept", (changes.accept(suggestion),))
            finally:
                other.close()

        self.trace.append(f"{annotator} beside, in {document}")
        return decide

    def _damage(self, _: SoakApp) -> Callable[[], object]:
        """A file of the project is cut, emptied, replaced, or gone."""
        document = self.chance.choice(self.documents)
        folder = self.project.root / "documents" / document[:2] / document
        files = [*folder.glob("*"), *self.project.root.glob("*.*"), folder]
        file = self.chance.choice(sorted(files))
        what = self.chance.choice(("cut", "empty", "replace", "remove", "folder", "bytes"))

        def damage() -> None:
            if folder in (file, file.parent):
                self.damaged.add(document)
            else:
                self.damaged.update(self.documents)
            self.is_spoilt = True
            with suppress(OSError):
                spoil(file, what, self.chance)

        self.trace.append(f"{what} {file.name}")
        return damage

    # Running

    async def run(self, count: int) -> list[str]:
        """Bring about so many events; returns what went wrong."""
        app = self.app()
        complaints: list[str] = []
        try:
            async with app.run_test(size=(80, 24)) as pilot:
                await pilot.pause()
                for _ in range(count):
                    kind, act = self.draw(app)
                    self.counts[kind] += 1
                    act()
                    if self.chance.random() < 0.3:
                        await drained(app)
                await drained(app)
                await self.must_be_alive(app, pilot)
        except Exception:
            complaints.append(f"it ended:\n{traceback.format_exc(limit=-8)}")
        finally:
            self.project.close()
        return complaints + self.lost() + self.found()

    async def must_be_alive(self, app: SoakApp, pilot: Any) -> None:
        """Leave all that is open, and see that a key opens the help.

        Raises:
            AssertionError: it does not.
        """
        app._driver._size = (80, 24)  # type: ignore[union-attr]
        app.post_message(events.AppFocus())
        app.post_message(events.Resize(Size(80, 24), Size(80, 24)))
        await drained(app)
        for _ in range(12):
            app.post_message(events.Key("escape", "\x1b"))
            await drained(app)
            if app.screen is app.reader and not app.reader.prompt.is_asking:
                break
            if isinstance(app.screen, ReaderScreen):  # a review over the reader
                app.post_message(events.Key("q", "q"))
                await drained(app)
        app.post_message(events.Key("escape", "\x1b"))
        app.post_message(events.Key("?", "?"))
        await drained(app)
        await pilot.pause()
        assert isinstance(app.screen, HelpScreen), f"dead keyboard: {app.screen!r}"

    # Afterwards

    def lost(self) -> list[str]:
        """The acknowledged decisions that are not in the journals of files left alone."""
        missing = []
        own = [one for one in self.acknowledged if one.document not in self.damaged]
        other = Project.open(self.project.root, annotator=scenes.ANNOTATOR) if own else None
        for document in sorted({one.document for one in own}):
            assert other is not None
            on_disk = list(other.log(document, scenes.ANNOTATOR))
            missing += [one for one in own if one.document == document and one not in on_disk]
        if other is not None:
            other.close()
        return [f"lost: decision {one.seq} on {one.document}" for one in missing]

    def found(self) -> list[str]:
        """What `verify` finds where no file was damaged."""
        if self.is_spoilt:
            return []
        other = Project.open(self.project.root, annotator=scenes.ANNOTATOR)
        try:
            return [f"verify: {one}" for one in other.verify()]
        finally:
            other.close()


async def drained(app: PurportApp) -> None:
    """Wait until all events are worked off.

    Raises:
        TimeoutError: they are not, for a very long time.
    """
    async with asyncio.timeout(PATIENCE):
        while True:
            await asyncio.sleep(0)
            pumps = [app, *app.screen_stack]
            if app._exit or app._exception is not None:
                return
            if app._typing is None and not any(one.message_queue_size for one in pumps):
                return


def noise(chance: random.Random) -> bytes:
    """What a terminal, or a bad line, may send at once."""
    mouse = f"\x1b[<{chance.choice((0, 32, 35, 64, 65))};{chance.randint(1, 130)};{chance.randint(1, 60)}"
    sent = chance.choice(
        (
            *chance.choices("axnu=;/S:.,fb[]{}cdhgwjek%H?i#+12345<>EtPlvy_&|!() ", k=24),
            *("\x1b", "\r", "\t", "\x7f", "\x1b[A", "\x1b[B", "\x1b[5~", "\x1b[6~", "\x1b[Z"),
            *(f"{mouse}M", f"{mouse}m", mouse, "\x1b[I", "\x1b[O", "\x1b[", "\x1bO", "\x1b[?1;2c"),
            *("\x1b[200~words\x1b[201~", "\x1b[200~lost", "\x1b[201~", "\x1b[99999999999u"),
            "\x1b[200~" + "long " * 1_000 + "\x1b[201~",
        )
    )
    data = sent.encode()
    if chance.random() < 0.05:
        data = chance.randbytes(3)
    # Not ctrl+q and ctrl+z, which leave; nor what ends the program with `q`.
    return data.translate(None, b"q\x11\x1a\x1c")


def in_terminal(folder: Path, seed: int, count: int) -> list[str]:
    """Send random bytes to the reader in a terminal that changes its size; what went wrong."""
    chance = random.Random(seed)
    project = scenes.bare(folder / f"terminal-{seed}", scenes.SUMMIT, scenes.MINUTES)
    root = project.root
    project.close()
    options = ["--project", str(root), "--annotator", scenes.ANNOTATOR, "read", "--no-suggest"]
    command = [sys.executable, "-m", "tui", *options]
    sent: deque[bytes] = deque(maxlen=60)
    complaints: list[str] = []
    with Terminal(command, cwd=ROOT) as terminal:
        terminal.wait_for("saved", 60)
        for _ in range(count):
            sent.append(noise(chance))
            os.write(terminal.fileno(), sent[-1])
            if chance.random() < 0.05:
                terminal.resize(*chance.choice(SIZES))
            terminal.pump(chance.choice((0.0, 0.0, 0.01)))
        terminal.resize(80, 24)
        try:
            leave(terminal)
        except (TimeoutError, OSError) as error:
            complaints.append(f"dead keyboard: {error}\n  last: {list(sent)}")
        if terminal.process.poll() is not None:
            complaints.append(f"it ended, {terminal.process.poll()}\n  last: {list(sent)}")
    other = Project.open(root, annotator=scenes.ANNOTATOR)
    complaints += [f"verify: {one}" for one in other.verify()]
    other.close()
    return complaints


def leave(terminal: Terminal) -> None:
    """End whatever is going on, as a person would, and open the help.

    Raises:
        TimeoutError: it does not open.
    """
    for _ in range(20):
        # Esc on its own is known by the pause behind it; so is a paste without an end.
        terminal.settle(1.5, timeout=6.0)
        if "All keys" in terminal.text:
            return
        terminal.send("\x1b")
        terminal.settle(0.4, timeout=2.0)
        terminal.send("\x1b")
        terminal.settle(0.4, timeout=2.0)
        terminal.send("?")
    terminal.wait_for("All keys")


def spoil(file: Path, what: str, chance: random.Random) -> None:
    """Damage a file, or a folder, in one way."""
    if what == "remove" or file.is_dir():
        if file.is_dir():
            shutil.rmtree(file)
        else:
            file.unlink()
        return
    data = file.read_bytes()
    if what == "cut":
        file.write_bytes(data[: chance.randrange(len(data) + 1)])
    elif what == "empty":
        file.write_bytes(b"")
    elif what == "replace":
        file.write_bytes(b"<<<<<<< HEAD\n" + data + b">>>>>>> other\n")
    elif what == "folder":
        file.unlink()
        file.mkdir()
    else:
        place = chance.randrange(len(data) + 1)
        file.write_bytes(data[:place] + chance.randbytes(4) + data[place:])


def soak(
    folder: Path,
    seed: int,
    count: int,
    each: int = 250,
    *,
    first: int = 0,
    say: Callable[[str], object] = lambda _: None,
) -> Tally:
    """Run rounds of events until there were so many.

    Args:
        folder: where the projects are made; each is taken away after its round.
        seed: of all rounds; with the number of a round it is that of the round.
        count: events in all.
        each: events of a round.
        first: the number of the first round, to go on where another run was ended.
        say: takes a line after each round.
    """
    tally = Tally()
    done = 0
    while done < count:
        number = first + tally.rounds
        here = folder / f"round-{number}"
        way, rough = WAYS[number % len(WAYS)], number % 2 == 1
        faulthandler.dump_traceback_later(2 * PATIENCE, exit=True, file=sys.__stderr__)
        one = Round(here, seed * 1_000_003 + number, way, rough=rough)
        complaints = asyncio.run(one.run(min(each, count - done)))
        faulthandler.cancel_dump_traceback_later()
        done += min(each, count - done)
        tally.rounds += 1
        tally.events.update(one.counts)
        tally.acknowledged += len(one.acknowledged)
        tally.lost += sum(words.startswith("lost") for words in complaints)
        for words in complaints:
            last = "; ".join(one.trace)
            tally.complaints.append(f"round {number} ({way}): {words}\n  last events: {last}")
        shutil.rmtree(here, ignore_errors=True)
        say(f"round {number} {way}: {done:,} events, {len(tally.complaints)} complaints")
        for words in complaints:
            say(words + "\n  last events: " + "; ".join(one.trace))
    return tally
