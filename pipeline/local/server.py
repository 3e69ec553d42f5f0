"""What Kafka and Elasticsearch have in common here: a folder, kept ports, a process of ours, and an identity.

A server counts as up only when what answers on its port is the cluster that lives in its folder.
"""

from __future__ import annotations

import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from string import Template
from typing import ClassVar

import psutil

from pipeline.errors import Code, UserError
from pipeline.interrupts import held_back
from pipeline.local import ports, processes
from pipeline.local import state as states
from pipeline.local.java import Java
from pipeline.local.layout import Account
from pipeline.local.report import Report
from pipeline.resources import resource

START_TIMEOUT = 300.0  # seconds; a start takes 10 to 30, on a busy machine or after a crash with much data longer
STOP_TIMEOUT = 30.0  # seconds until a server that does not end is killed
_POLL = 0.2  # seconds


@dataclass(frozen=True)
class Programs:
    """What is needed to start servers; to stop them or look at them, nothing is."""

    java: Java
    kafka_jars: tuple[Path, ...]
    elasticsearch_home: Path


@dataclass(frozen=True)
class Launch:
    """How a server is started."""

    command: Sequence[str | Path]
    environment: Mapping[str, str]


class Server(ABC):
    """One server of the local stack. Every method can be called whether it runs or not."""

    name: ClassVar[str]  # of its folder
    title: ClassVar[str]  # for people
    port_setting: ClassVar[str]
    version: ClassVar[str]

    def __init__(
        self, folder: Path, *, port: int, heap: str, account: Account, java_options: tuple[str, ...] = ()
    ) -> None:
        """Describe the server that lives in `folder`; nothing happens yet.

        Args:
            folder: its state file, configuration, data and logs.
            port: the port that the settings ask for, 0 for any.
            heap: of its Java, such as 512m.
            account: who it runs as.
            java_options: further options of its Java.
        """
        self.folder = folder
        self.wanted_port = port
        self.heap = heap
        self.account = account
        self.java_options = java_options
        self._begun: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        """Where its data is."""
        return self.folder / "data"

    @property
    def logs(self) -> Path:
        """Where its logs are."""
        return self.folder / "logs"

    @property
    def output(self) -> Path:
        """What it printed since its last start."""
        return self.logs / "output.log"

    @property
    def log_files(self) -> tuple[Path, ...]:
        """The files that tell why it did not start, most telling last."""
        return (self.output,)

    @property
    def state(self) -> states.State:
        """What is remembered of it."""
        return states.read(self.folder)

    def process(self) -> psutil.Process | None:
        """Its process; None where it does not run."""
        return processes.find(self.folder, self.state.pid)

    def is_up(self) -> bool:
        """Whether it runs, answers, and is the cluster of this folder."""
        remembered = self.state
        if remembered.port is None or self.process() is None:
            return False
        try:
            cluster = self._ask(remembered.port)
        except (OSError, ValueError):
            return False
        # at its first start nobody knows its cluster yet, nor does it
        return cluster is not None and cluster == remembered.cluster

    def start(self, programs: Programs, *, report: Report, timeout: float = START_TIMEOUT) -> bool:
        """Start it on its port with its data, and wait until it answers. True if it was started now, not before.

        Raises:
            UserError: `local.failed`: its port is taken, it ended, or it did not answer in `timeout` seconds.
        """
        starter = self.begin(programs, report=report)
        self.wait(starter, report=report, timeout=timeout)
        return starter is not None

    def begin(self, programs: Programs, *, report: Report) -> subprocess.Popen[bytes] | None:
        """Start it without waiting; `wait` must follow. None where it runs already.

        Raises:
            UserError: `local.failed`: its port is taken.
        """
        self._begun = None
        if self.process() is not None:
            return None
        self._make_folders()
        self._keep_ports(report)
        report.step(f"starting {self.title} {self.version} on port {self.state.port}")
        return self._spawn(programs)

    def wait(
        self, starter: subprocess.Popen[bytes] | None, *, report: Report, timeout: float = START_TIMEOUT
    ) -> None:
        """Wait until it answers. If that fails or is interrupted, what `begin` started is killed.

        Raises:
            UserError: `local.failed`: it ended, did not answer in `timeout` seconds, or something else answers.
        """
        try:
            port = self._wait(starter, timeout)
            if not self._settle(port):
                report.step(f"{self.title} is up, but not all of its data is; its logs are in {self.logs}")
        except BaseException:
            self.give_up()
            raise

    def give_up(self) -> None:
        """Kill what `begin` has started, if it has started anything, also where it was interrupted."""
        if self._begun is not None:
            processes.kill_session(self._begun)
            self._begun = None

    def stop(self, *, timeout: float = STOP_TIMEOUT) -> bool:
        """End it, its data kept; kill it if it has not ended in `timeout` seconds. True if it ran."""
        process = self.process()
        if process is not None:
            processes.end(process, timeout=timeout)
        return process is not None

    def kill(self) -> bool:
        """End it at once, as a crash would. True if it ran."""
        process = self.process()
        if process is not None:
            processes.kill(process)
        return process is not None

    @abstractmethod
    def _environment(self, programs: Programs) -> dict[str, str]:
        """The variables of the server's processes."""

    def _run_tool(
        self,
        command: Sequence[str | Path],
        programs: Programs,
        *,
        timeout: float,
        failure: str,
        given: str | None = None,
    ) -> None:
        """Run one of the server's own tools under its account; `failure` says what it could not do."""
        done = subprocess.run(
            command,
            input=given,
            env=self._environment(programs),
            user=self.account.uid,
            group=self.account.gid,
            extra_groups=None if self.account.uid is None else [],
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        if done.returncode != 0:
            raise UserError(
                Code.LOCAL_FAILED,
                f"{failure}:\n{(done.stdout + done.stderr)[-2000:]}",
                hint="newswire down --delete-data, then: newswire up",
            )

    @property
    @abstractmethod
    def address(self) -> str:
        """Where clients find it, once it has been started."""

    @abstractmethod
    def _prepare(self, programs: Programs, remembered: states.State) -> states.State:
        """Write its configuration; make a new cluster where there is none yet. What to remember from now on."""

    @abstractmethod
    def _launch(self, programs: Programs) -> Launch:
        """How to start it; the command or its environment must bring `processes.mark(self.folder)` to the server."""

    @abstractmethod
    def _ask(self, port: int) -> str | None:
        """Which cluster answers on this port; None while it is not ready. Raises OSError or ValueError as `ports`."""

    def _settle(self, port: int) -> bool:
        """Wait, for a minute at most, until what it held before can be read again. False where it can not."""
        return True

    def _make_folders(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o755)
        self.account.check_can_reach(self.folder, "NEWSWIRE__LOCAL__DATA_DIR")
        for folder in (self.data, self.logs):
            folder.mkdir(exist_ok=True)
            folder.chmod(0o755)
            self.account.give(folder)

    def _keep_ports(self, report: Report) -> None:
        remembered = self.state
        port = self.wanted_port or remembered.port
        if port is not None and not ports.is_free(port):
            taken = f"port {port} is taken by {ports.holder(port)}"
            if self.wanted_port:
                raise UserError(
                    Code.LOCAL_FAILED,
                    f"{taken}; {self.title} cannot start there ({self.port_setting})",
                    hint=f"end that one, or take a free port: {self._variable}=0 newswire up",
                )
            report.step(f"{taken}; {self.title} takes another")
            port = None
        port = port or ports.choose(avoid={remembered.inner_port or 0})
        inner = remembered.inner_port
        if inner is None or not ports.is_free(inner):
            inner = ports.choose(avoid={port})
        states.write(self.folder, replace(remembered, port=port, inner_port=inner, pid=None))

    @property
    def _variable(self) -> str:
        return "NEWSWIRE__" + self.port_setting.upper().replace(".", "__")

    def _spawn(self, programs: Programs) -> subprocess.Popen[bytes]:
        states.write(self.folder, self._prepare(programs, self.state))
        launch = self._launch(programs)
        with held_back():  # else it could run, and nobody would know
            self._begun = processes.start(
                launch.command,
                environment=launch.environment,
                folder=self.folder,
                log=self.output,
                account=self.account,
            )
        return self._begun

    def _wait(self, starter: subprocess.Popen[bytes] | None, timeout: float) -> int:
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            remembered = self.state
            assert remembered.port is not None
            cluster = None
            try:
                cluster = self._ask(remembered.port)
            except (OSError, ValueError):
                if starter is not None and self._has_ended(starter):
                    raise self._failed(f"{self.title} ended while it started") from None
            if cluster is not None:
                self._recognise(cluster, remembered)
                return remembered.port
            time.sleep(_POLL)
        raise self._failed(f"{self.title} did not answer on port {self.state.port} in {timeout:.0f} s")

    def _has_ended(self, starter: subprocess.Popen[bytes]) -> bool:
        return starter.poll() is not None and self.process() is None

    def _recognise(self, cluster: str, remembered: states.State) -> None:
        process = self.process()
        if process is None or (remembered.cluster is not None and cluster != remembered.cluster):
            raise UserError(
                Code.LOCAL_FAILED,
                f"what answers on port {remembered.port} is {ports.holder(remembered.port or 0)},"
                f" not the {self.title} of {self.folder}",
                hint=f"newswire down, then take another port: {self._variable}=0 newswire up",
            )
        states.write(self.folder, replace(remembered, cluster=cluster, pid=process.pid))

    def _failed(self, what: str) -> UserError:
        begun = (self.folder / "state.json").stat().st_mtime
        fresh = [file for file in self.log_files if file.exists() and file.stat().st_mtime >= begun]
        told = [f"the end of {file}:\n{processes.tail(file)}" for file in fresh]
        return UserError(
            Code.LOCAL_FAILED,
            "\n".join([what, *(told or [f"its logs are in {self.logs}"])]),
            hint="mend what the log names, then: newswire up; or begin anew: newswire down --delete-data",
        )

    def _fill_in(self, source: str, target: Path, **values: object) -> None:
        """Write a file of `config/local/` with its ${...} filled in."""
        text = Template(resource(f"config/local/{source}").read_text(encoding="utf-8"))
        target.unlink(missing_ok=True)  # a link in a folder that is not ours would lead our writing elsewhere
        with target.open("x", encoding="utf-8") as file:
            file.write(text.substitute({name: str(value) for name, value in values.items()}))
        target.chmod(0o644)
