"""Faults of disks and processes, without the reader: is an acknowledged decision ever lost?

    python tests/bench/disks.py [--kills 500] [--hang-ups 100] [--faults 1000] [--cuts 40]
        [--json]

- kills, hang-ups: a process decides as fast as it can and gets the signal at a random moment.
- writers: eight processes, 150 decisions each, on one document, as one annotator.
- full: a small disk fills up, space is freed, and the same process goes on.
- EIO: the n-th fsync of a decision fails, for every n; then the disk is well again.
- faults: calls of the system fail, each alone, in pairs, and at random over several decisions;
  what was said of each decision is compared with what is there, and with what a power cut leaves.
- calls: the process dies before, behind and half way through every file call of a decision.
- power cut: the project is on an ext4 image; the writer is stopped in the middle of its work, and
  the image, which has what reached the device and nothing else, is copied and mounted. The same
  without fsync must lose decisions: it proves that the test can tell. It needs the right to mount
  (root); without it, it is left out and said so.
"""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS), str(TESTS.parent)]

import faulty_disk  # noqa: E402
import store  # noqa: E402
from figures import Figure, parser, tell  # noqa: E402

from annotations.errors import PurportError  # noqa: E402
from annotations.project import Project  # noqa: E402

SCRIPT = TESTS / "store_process.py"
_IMAGE = 48 << 20


def process(*arguments: object) -> subprocess.Popen[str]:
    """A process that works on a store."""
    return subprocess.Popen(
        [sys.executable, str(SCRIPT), *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(TESTS.parent)},
    )


def rows(*arguments: object) -> Iterator[dict[str, Any]]:
    """What such a process tells, until it ends."""
    with process(*arguments) as running:
        assert running.stdout
        yield from map(json.loads, running.stdout)
    if running.returncode:
        raise RuntimeError(f"{arguments[0]} ended with {running.returncode}")


def lost(root: Path, annotator: str, acknowledged: set[int]) -> tuple[int, int]:
    """How many acknowledged decisions are not in the journal, and what does not hold."""
    with_project = Project.open(root, annotator=annotator)
    try:
        document = store.ids(with_project)[0]
        path = store.journal_of(with_project, document)
        with suppress(PurportError):
            with_project.layer(document)  # a view that lags behind is made anew
        findings = [
            one for one in with_project.verify() if "unfinished last line" not in one.problem
        ]
        lines = path.read_bytes().split(b"\n")[:-1] if not findings and path.exists() else []
        held = [json.loads(line)["seq"] for line in lines]
        return len(acknowledged - set(held)), len(findings)
    finally:
        with_project.close()


def figures(what: str, gone: int, broken: int, note: str) -> list[Figure]:
    """The two figures of a kind of fault."""
    return [
        Figure(f"{what}: acknowledged and lost", gone, "decisions", 0, note=note),
        Figure(f"{what}: files that do not hold", broken, "files", 0),
    ]


def killed(folder: Path, times: int, fatal: signal.Signals) -> list[Figure]:
    """A signal at a random moment, again and again; a fresh project every 20 times."""
    gone = broken = acknowledged = 0
    for start in range(0, times, 20):
        root = folder / f"{fatal.name}-{start}"
        store.make(root, words=4000).close()
        said: set[int] = set()
        for row in rows("kills", root, min(20, times - start), int(fatal)):
            said |= set(row["acknowledged"])
        found = lost(root, "anna", said)
        gone, broken, acknowledged = gone + found[0], broken + found[1], acknowledged + len(said)
    what = "kill -9" if fatal is signal.SIGKILL else "hang-up"
    return figures(what, gone, broken, f"{times} trials, {acknowledged:,} acknowledged")


def writers(folder: Path, count: int = 8, each: int = 150) -> list[Figure]:
    """Processes that decide on one document, as one person, at the same time."""
    root = folder / "writers"
    store.make(root, words=count * each).close()
    running = [process("decide", root, "anna", one * each, each) for one in range(count)]
    for one in running:
        assert one.stdout
        one.stdout.readline()
    began = time.perf_counter()
    for one in running:
        assert one.stdin
        one.stdin.write("go\n")
        one.stdin.flush()
    said = []
    for one in running:
        said += [json.loads(line)["seq"] for line in one.communicate()[0].splitlines()]
    took = time.perf_counter() - began
    gone, broken = lost(root, "anna", set(said))
    gone += count * each - len(set(said))
    note = f"{count} writers x {each}, {len(said):,} acknowledged, {len(said) / took:,.0f} a second"
    return figures("writers", gone, broken, note)


def full(folder: Path) -> list[Figure]:
    """A disk of one megabyte that fills up, and is freed again; without a mount, a limit."""
    place = folder / "full"
    place.mkdir()
    with (
        suppress(subprocess.CalledProcessError, FileNotFoundError),
        mounted("-t", "tmpfs", "-o", "size=1m", "none", str(place)),
    ):
        project = store.make(place / "project", words=400)
        document = store.ids(project)[0]
        ballast, said, refused = place / "ballast", set[int](), 0
        ballast.write_bytes(b"x" * (400 << 10))
        for number in range(400):
            try:
                said.add(store.accept(project, document, number).seq)
            except PurportError:
                refused += 1
                if refused == 20:
                    ballast.unlink()
        project.close()
        gone, broken = lost(place / "project", "anna", said)
        note = f"tmpfs: {len(said)} kept, {refused} refused, of them none after space was freed"
        return figures("disk full", gone, broken, note)
    root = folder / "limited"
    store.make(root, words=400).close()
    refusal, again = rows("full", root)
    gone, broken = lost(root, "anna", set(range(1, again["seq"] + 1)))
    return figures("disk full", gone, broken, f"a limit on files: {refusal['kept']} kept")


def eio(folder: Path) -> list[Figure]:
    """Every fsync of a decision fails once, in turn."""
    project = store.make(folder / "eio", words=400)
    document = store.ids(project)[0]
    real, left, said, refused, word = os.fsync, 0, set[int](), 0, 0

    def fails(descriptor: int) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        real(descriptor)

    os.fsync = fails  # type: ignore[assignment]
    try:
        for turn in range(200):
            left = 1 + turn % 3
            try:
                said.add(store.accept(project, document, word).seq)
                word += 1
            except PurportError:
                refused += 1
    finally:
        os.fsync = real
    project.close()
    gone, broken = lost(folder / "eio", "anna", said)
    # A refused decision that is there all the same would be as wrong.
    broken += len(store.seqs(store.journal_of(project, document))) - len(said)
    return figures("EIO", gone, broken, f"{len(said)} kept, {refused} refused by a failing fsync")


def faults(folder: Path, times: int, seed: int) -> list[Figure]:
    """Calls that fail, alone, in pairs and at random."""
    tally, made = faulty_disk.Tally(), list[Figure]()
    for before in (0, 2):
        base = faulty_disk.prepared(folder, before)
        faulty_disk.each_alone_and_in_pairs(base, folder, tally, step=3 if times else 40)
    faulty_disk.at_random(faulty_disk.prepared(folder / "random", 2), folder, tally, times, seed)
    note = (
        f"{tally.trials:,} trials from seed {seed}, {tally.failed:,} of {tally.calls:,} calls failed; "
        f"{tally.acknowledged:,} acknowledged, {tally.refused:,} refused, {tally.unsettled:,} in doubt"
    )
    made += figures("failing calls", tally.lost, len(tally.wrong), note)
    words = "; ".join(tally.wrong[:3])
    made.append(
        Figure("failing calls: refused and there", tally.ghosts, "decisions", 0, note=words)
    )
    return made


def calls(folder: Path) -> list[Figure]:
    """A death in every file call."""
    store.make(folder / "calls" / "base").close()
    gone = broken = count = 0
    for one in rows("faults", folder / "calls" / "base"):
        before = 0 if one["kind"] == "first" else 3
        said = set(range(1, before + 1 + one["acknowledged"]))
        found = lost(Path(one["place"]), "anna", said)
        gone, broken, count = gone + found[0], broken + found[1], count + 1
    return figures("death in a file call", gone, broken, f"{count} places")


@contextmanager
def mounted(*arguments: str) -> Iterator[None]:
    """A mount, taken away again."""
    subprocess.run(["mount", *arguments], check=True, capture_output=True)
    try:
        yield
    finally:
        subprocess.run(["umount", arguments[-1]], check=True, capture_output=True)


def cut(folder: Path, number: int, chance: random.Random, how: str) -> tuple[int, int, int]:
    """One power cut: how many were lost, what does not hold, how many were acknowledged."""
    place, image = folder / f"cut-{how}-{number}", folder / f"{how}-{number}.img"
    place.mkdir()
    with image.open("wb") as file:
        file.truncate(_IMAGE)
    subprocess.run(["mkfs.ext4", "-q", "-F", str(image)], check=True, capture_output=True)
    said: set[int] = set()
    copy = image.with_suffix(".copy")
    with mounted("-o", "loop", str(image), str(place)):
        store.make(place / "project", words=2000).close()
        os.sync()
        with process("until", place / "project", "anna", how) as running:
            assert running.stdout
            said.add(json.loads(running.stdout.readline())["seq"])
            time.sleep(chance.uniform(0.01, 0.3))
            running.send_signal(signal.SIGSTOP)
            shutil.copyfile(image, copy)
            running.kill()
            said |= {json.loads(line)["seq"] for line in running.stdout if line.endswith("\n")}
    with mounted("-o", "loop", str(copy), str(place)):
        found = lost(place / "project", "anna", said)
    for path in (image, copy):
        path.unlink()
    return *found, len(said)


def power(folder: Path, times: int, controls: int, seed: int) -> list[Figure]:
    """Power cuts, and the same without fsync, which must lose."""
    chance = random.Random(seed)
    try:
        cuts = [cut(folder, one, chance, "") for one in range(times)]
        control = [cut(folder, one, chance, "unsynced") for one in range(controls)]
    except (subprocess.CalledProcessError, FileNotFoundError) as error:
        print(f"power cut left out: no image can be mounted here ({error})", file=sys.stderr)
        return []
    note = f"{times} images, {sum(one[2] for one in cuts):,} acknowledged"
    found = sum(one[0] > 0 for one in control)
    words = f"{sum(one[0] for one in control):,} of {sum(one[2] for one in control):,} lost"
    return [
        *figures("power cut", sum(one[0] for one in cuts), sum(one[1] for one in cuts), note),
        Figure("power cut without fsync: images that lost nothing", controls - found, "images",
               controls - 1, note=words),
    ]  # fmt: skip


def main() -> int:
    """Break everything off, and print what was lost."""
    options = parser(__doc__)
    options.add_argument("--kills", type=int, default=500)
    options.add_argument("--hang-ups", type=int, default=100)
    options.add_argument("--faults", type=int, default=1000)
    options.add_argument("--cuts", type=int, default=40)
    options.add_argument("--controls", type=int, default=10)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        os.environ["XDG_CACHE_HOME"] = f"{name}/cache"
        folder = Path(name)
        found = [
            *killed(folder, given.kills, signal.SIGKILL),
            *killed(folder, given.hang_ups, signal.SIGHUP),
            *writers(folder),
            *full(folder),
            *eio(folder),
            *faults(folder / "failing", given.faults, given.seed),
            *calls(folder),
            *power(folder, given.cuts, given.controls, given.seed),
        ]
    return tell(found, as_json=given.json)


if __name__ == "__main__":
    raise SystemExit(main())
