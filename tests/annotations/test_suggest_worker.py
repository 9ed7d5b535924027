"""The process that runs a model: whatever it does, the program goes on, and ends when asked."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
import spacy
from terminal import Terminal

from annotations.errors import ModelEndedError, ModelError
from annotations.project import Project
from annotations.records import Document, Plain
from annotations.span import Span
from annotations.suggest import models, run, worker_pool, worker_process
from annotations.suggest.claims.reader import ClaimReader
from annotations.suggest.entities import suggest_all
from annotations.suggest.model_info import ModelInfo
from annotations.suggest.run import Progress
from annotations.suggest.worker_messages import LARGEST, Frames, Job, suggestions
from annotations.suggest.worker_process import WorkerProcess
from annotations.text import Text

MakePipeline = Callable[..., Path]
SENTENCE = "Orlen crossed the Arvel Strait. "
ENDLESS = "a" * 60 + "!"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


@pytest.fixture(scope="module")
def endless(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pipeline whose tokenizer holds the interpreter for ever on some words."""
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "PERSON", "pattern": "Orlen"}])  # type: ignore[attr-defined]
    nlp.tokenizer.token_match = re.compile(r"^(a+)+$").match
    nlp.meta.update({"name": "endless", "version": "1.0.0"})
    folder = tmp_path_factory.mktemp("endless") / "endless"
    nlp.to_disk(folder)
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with closing(Project.create(tmp_path / "reef", annotator="anna")) as project:
        for number in range(4):
            project.add(Document(Text(f"Report {number}. {SENTENCE}"), f"report {number}"))
        yield project


def ids(project: Project) -> list[str]:
    return [one.id for one in project.documents()]


def children(parent: int) -> list[int]:
    """The processes that a process started, itself or from one of its threads."""
    found = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError, ValueError, IndexError):
            if int((entry / "stat").read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(entry.name))
    return found


def processor_time(process: int) -> float:
    """Seconds that a process has computed; 0 when it is gone."""
    with suppress(OSError):
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def is_gone(process: int) -> bool:
    """Whether a process has ended, waited for or not."""
    with suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    return True


def until(holds: Callable[[], object], seconds: float = 60.0) -> None:
    limit = monotonic() + seconds
    while not holds():
        assert monotonic() < limit, "it never happened"
        os.sched_yield()


def busy(terminal: Terminal) -> int:
    """Wait for the model's process to have computed for longer than its start takes."""
    found: list[int] = []

    def computes() -> bool:
        terminal.pump(0.05)
        found[:] = [one for one in children(terminal.process.pid) if processor_time(one) > 6]
        return bool(found)

    until(computes, 120.0)
    return found[0]


def test_ctrl_c_ends_a_run_of_a_model_that_never_returns(project: Project, endless: Path) -> None:
    project.add(Document(Text(ENDLESS), "endless"))
    command = [sys.executable, "-m", "tui", "--project", project.root]
    command += ["suggest", "--model", endless]
    with Terminal(command) as terminal:
        model = busy(terminal)
        began = monotonic()
        terminal.send("ctrl+c")
        assert terminal.wait(20) == 130
        assert monotonic() - began < 10  # takes 0.1 s where nothing else runs
        assert "Give the command again" in terminal.text.replace("\n", " ")
        until(lambda: is_gone(model))


@pytest.mark.parametrize("key", ["q", "ctrl+c"])
def test_a_key_ends_the_reader_where_the_model_never_returns(
    project: Project, endless: Path, key: str
) -> None:
    project.add(Document(Text(ENDLESS), "endless"))
    command = [sys.executable, "-m", "tui", "--project", project.root]
    command += ["read", "--open", "endless", "--model", endless]
    with Terminal(command) as terminal:
        terminal.wait_for("aaaa")
        model = busy(terminal)
        began = monotonic()
        terminal.send(key)
        assert terminal.wait(20) == 0
        assert monotonic() - began < 10  # takes 0.2 s where nothing else runs
        until(lambda: is_gone(model))


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGHUP])
def test_the_models_process_ends_with_the_program(
    project: Project, endless: Path, number: int
) -> None:
    project.add(Document(Text(ENDLESS), "endless"))
    command = [sys.executable, "-m", "tui", "--project", str(project.root)]
    with subprocess.Popen(
        [*command, "suggest", "--model", str(endless)], stderr=subprocess.DEVNULL
    ) as program:
        until(lambda: children(program.pid))
        (model,) = children(program.pid)
        until(lambda: processor_time(model) > 0.3)
        program.send_signal(number)
        program.wait()
        until(lambda: is_gone(model))


def test_nothing_that_a_model_prints_is_heard(project: Project, toy: Path) -> None:
    worker = WorkerProcess(run.job(project, models.find(str(toy))))
    with closing(worker):
        files = Path(f"/proc/{worker._process.pid}/fd")
        assert (files / "2").readlink() == Path(os.devnull)
        text = Text(SENTENCE)
        worker.send({"do": "open", "key": "one", "text": str(text), "first": None})
        worker.send({"do": "next", "key": "one"})
        message = worker.receive()
        assert message is not None
        assert message["say"] == "batch"
        for number in (0, 1, 2):
            assert (files / str(number)).readlink() == Path(os.devnull)


class Killed(WorkerProcess):
    """A process that is killed when it takes up a text of certain keys, or as soon as it starts."""

    victims: tuple[str, ...] = ()
    started = 0
    at_start = False

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        type(self).started += 1
        if self.at_start:
            self.kill()

    def _read(self) -> None:
        super()._read()
        for number, message in enumerate(self.messages):
            if message["say"] == "taken" and message["key"] in self.victims:
                self.kill()
                self._is_open = False
                while len(self.messages) > number + 1:
                    self.messages.pop()  # what it said after that never came
                return


@pytest.fixture
def killed(monkeypatch: pytest.MonkeyPatch) -> type[Killed]:
    monkeypatch.setattr(Killed, "victims", ())
    monkeypatch.setattr(Killed, "at_start", False)
    monkeypatch.setattr(Killed, "started", 0)
    monkeypatch.setattr(worker_pool, "WorkerProcess", Killed)
    return Killed


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_process_that_is_killed_names_the_document_and_the_others_are_done(
    project: Project, toy: Path, killed: type[Killed], jobs: int
) -> None:
    model = models.find(str(toy))
    victim = ids(project)[1]
    seen: list[Progress] = []
    killed.victims = (victim,)
    with pytest.raises(ModelEndedError) as caught:
        run.fill(project, model, jobs=jobs, progress=seen.append)
    words = str(caught.value)
    assert victim in words
    assert "'report 1'" in words
    assert "SIGKILL" in words
    assert "\n" not in words
    assert run.unfilled(project, model) == [victim]
    assert seen[-1].done == 3
    killed.victims = ()
    assert run.fill(project, model, jobs=jobs).done == 1


def test_no_more_processes_are_started_than_there_is_work_for(
    project: Project, toy: Path, killed: type[Killed]
) -> None:
    run.fill(project, models.find(str(toy)), jobs=1000)
    assert killed.started <= len(ids(project)) + 1  # the last one finds nothing left


def test_a_model_that_ends_its_process_whatever_it_gets_ends_the_run(
    project: Project, toy: Path, killed: type[Killed]
) -> None:
    killed.victims = tuple(ids(project))
    with pytest.raises(ModelEndedError, match="3 times in succession"):
        run.fill(project, models.find(str(toy)))
    assert killed.started == 4  # together, then each by itself


def test_a_process_that_ends_while_the_model_is_loaded_is_one_line(
    project: Project, toy: Path, killed: type[Killed]
) -> None:
    killed.at_start = True
    with pytest.raises(ModelEndedError, match=r"that loads .* ended: it was ended by SIGKILL"):
        run.fill(project, models.find(str(toy)))


def test_the_layers_are_those_that_the_same_model_makes_in_this_process(
    project: Project, seeds: Path
) -> None:
    for path in sorted(seeds.glob("*.txt"))[:3]:
        project.add(Document(Text(path.read_text(encoding="utf-8")), path.stem))
    model = models.find()
    run.fill(project, model)
    texts = [(one, project.document(one).text) for one in project.order()]
    reader = ClaimReader.of(model.claims_layer, project.schema.settings, project.root)
    nlp = models.load(model, parse=True)
    for document_id, found in suggest_all(nlp, texts, layer=model.layer, reader=reader):
        stored = [
            *project.layer(document_id, model.layer).annotations.values(),
            *project.layer(document_id, model.claims_layer).annotations.values(),
        ]
        assert sorted(stored, key=lambda one: one.id) == sorted(found, key=lambda one: one.id)


def test_the_pieces_of_a_text_come_as_they_are_wanted(project: Project, toy: Path) -> None:
    model = models.find(str(toy))
    text = Text(SENTENCE * 1000)
    project.add(Document(text, "long"))
    first = ids(project)[0]
    with closing(WorkerProcess(run.job(project, model))) as worker:
        long = run.iter_document(project, text.id, model, first=Span(20_000, 20_100), worker=worker)
        assert 20_050 in next(long).span
        short = run.iter_document(project, first, model, worker=worker)
        assert len(list(short)) == 1
        assert sum(len(batch.entities) for batch in long) > 1000
    assert model.layer in project.layers(first)
    assert len(project.layer(text.id, model.layer).entities) == 2000


# What a model's process may not send


@pytest.fixture
def info(toy: Path) -> ModelInfo:
    return models.find(str(toy))


@pytest.fixture
def entity(toy: Path, info: ModelInfo) -> Plain:
    ((_, (first, *_)),) = suggest_all(
        models.load(info), [("one", Text(SENTENCE))], layer=info.layer
    )
    return first.plain()


FORGED: list[dict[str, Any]] = [
    {"start": 1},
    {"start": -1},
    {"start": "0"},
    {"start": True},
    {"end": 10**9},
    {"end": 5.0},
    {"text": "Boris"},
    {"kind": "document"},
    {"kind": "claim"},
    {"kind": ["entity"]},
    {"label": ""},
    {"label": 5},
    {"id": "s00000000000"},
    {"id": "../../x"},
    {"status": "accepted"},
    {"status": "nonsense"},
    {"by": "anna"},
    {"at": "2026-01-01T00:00:00.000000Z"},
    {"rev": 3},
    {"note": "\x1b[2J"},
    {"score": 2.0},
    {"score": "x"},
    {"score": [1]},
    {"origin": None},
    {"origin": {"layer": "anna", "start": 0, "end": 5}},
    {"origin": 5},
]


def test_a_suggestion_comes_through_as_it_was(entity: Plain, info: ModelInfo) -> None:
    (found,) = suggestions([entity], Text(SENTENCE), info)
    assert found.plain() == entity


@pytest.mark.parametrize("forged", FORGED, ids=str)
def test_a_forged_suggestion_is_refused(
    entity: Plain, info: ModelInfo, forged: dict[str, Any]
) -> None:
    with pytest.raises(ModelError, match="sent a suggestion that"):
        suggestions([entity | forged], Text(SENTENCE), info)


@pytest.mark.parametrize("row", [None, 5, "x", [], {}, {"kind": "entity"}, [[[]]]])
def test_what_is_not_a_record_is_refused(info: ModelInfo, row: object) -> None:
    with pytest.raises(ModelError, match="sent a suggestion that"):
        suggestions([row], Text(SENTENCE), info)


@pytest.mark.parametrize(
    "data",
    [
        (LARGEST + 1).to_bytes(4, "big"),
        b"\0\0\0\1x",
        b"\0\0\0\2[]",
        b"\0\0\0\2{}",
        b'\0\0\0\x09{"say":5}',
        b"\x80\x04\x95\x01" + b"\0" * 50,
    ],
)
def test_what_is_not_a_message_is_refused(data: bytes) -> None:
    with pytest.raises(ModelError, match="process sent"):
        list(Frames().feed(data))


class Forging(WorkerProcess):
    """A process of which every message is changed on its way."""

    change: Callable[[Plain], Plain] = staticmethod(lambda message: message)

    def _read(self) -> None:
        super()._read()
        for number, message in enumerate(self.messages):
            self.messages[number] = self.change(message)


@pytest.mark.parametrize(
    "change",
    [
        lambda message: message | {"key": "another"},
        lambda message: message | {"key": 5},
        lambda message: {**message, "rows": "x"} if "rows" in message else message,
        lambda message: {**message, "rows": [{}] * 9} if "rows" in message else message,
        lambda message: {**message, "rows": [{}] * 9999} if "rows" in message else message,
    ],
)
def test_a_process_that_answers_something_else_ends_the_run_with_one_line(
    project: Project, toy: Path, change: Callable[[Plain], Plain], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = models.find(str(toy))
    monkeypatch.setattr(Forging, "change", staticmethod(change))
    monkeypatch.setattr(worker_pool, "WorkerProcess", Forging)
    with pytest.raises(ModelError, match="The model's process s"):
        run.fill(project, model)
    assert run.unfilled(project, model) == ids(project)
    with (
        closing(Forging(run.job(project, model))) as worker,
        pytest.raises(ModelError, match="The model's process s"),
    ):
        list(run.iter_document(project, ids(project)[0], model, worker=worker))


def test_the_process_has_neither_the_current_folder_nor_the_projects_on_its_path(
    project: Project, toy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project.root / "orjson.py").write_text("raise SystemExit('imported')")
    monkeypatch.chdir(project.root)
    monkeypatch.syspath_prepend("")
    monkeypatch.syspath_prepend(str(project.root))
    assert run.fill(project, models.find(str(toy))).done == 4


def test_torch_is_not_made_to_unpickle(
    project: Project, toy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD", "1")
    with closing(WorkerProcess(run.job(project, models.find(str(toy))))) as worker:
        environment = Path(f"/proc/{worker._process.pid}/environ")
        until(lambda: environment.read_bytes())
        assert b"TORCH_FORCE_NO" not in environment.read_bytes()


def test_the_job_comes_through_as_it_was(info: ModelInfo, tmp_path: Path) -> None:
    job = Job(replace(info, folder=info.folder.absolute()), tmp_path, claims=True, threshold=0.2)
    assert Job.parse(job.plain()) == job


def test_a_process_that_cannot_start_is_one_line(
    project: Project, toy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_process.sys, "executable", "/nowhere/python")
    with pytest.raises(ModelError, match="cannot start"):
        run.fill(project, models.find(str(toy)))
