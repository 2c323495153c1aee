"""The antivirus is asked as its daemon's protocol says, and silence is never taken for a clean file."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from egide_registry.files.scan import CHUNK, Clamd, NoScanner, Scanner, Verdict

EICAR = b"ESSAI-D-ANTIVIRUS"  # what our daemon takes for a virus


class Daemon:
    """clamd as its manual describes it: one command, chunks after their length, an empty one, one answer."""

    def __init__(self, listening: socket.socket, answer: Callable[[bytes], bytes]) -> None:
        self.listening, self.answer = listening, answer
        self.received: list[bytes] = []
        self.chunks: list[int] = []
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.listening.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as stream:
                if stream.read(10) != b"zINSTREAM\0":
                    connection.sendall(b"UNKNOWN COMMAND\0")
                    continue
                whole = b""
                while size := struct.unpack("!I", stream.read(4))[0]:
                    self.chunks.append(size)
                    whole += stream.read(size)
                self.received.append(whole)
                connection.sendall(self.answer(whole))


def judged(data: bytes) -> bytes:
    return b"stream: Essai.Signature FOUND\0" if EICAR in data else b"stream: OK\0"


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as one:
        yield one


def asked(listening: socket.socket, answer: Callable[[bytes], bytes]) -> tuple[Daemon, Clamd]:
    return Daemon(listening, answer), Clamd(address=("127.0.0.1", listening.getsockname()[1]), timeout=5)


def test_a_clean_file_is_sent_whole_in_chunks(listening: socket.socket):
    daemon, scanner = asked(listening, judged)
    data = bytes(range(256)) * 1024
    assert scanner.scan(data).verdict is Verdict.CLEAN
    assert daemon.received == [data]
    assert max(daemon.chunks) <= CHUNK < len(data)


def test_a_virus_is_named(listening: socket.socket):
    _, scanner = asked(listening, judged)
    scan = scanner.scan(b"abc" + EICAR)
    assert (scan.verdict, scan.signature) == (Verdict.INFECTED, "Essai.Signature")
    assert "n’est pas conservé" in scan.message


def test_an_empty_file_is_asked_too(listening: socket.socket):
    daemon, scanner = asked(listening, judged)
    assert scanner.scan(b"").verdict is Verdict.CLEAN
    assert daemon.received == [b""]


def test_the_daemon_is_reached_by_a_local_socket_too(tmp_path: Path):
    path = str(tmp_path / "clamd")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening:
        listening.bind(path)
        listening.listen()
        Daemon(listening, judged)
        assert Clamd(address=path).scan(EICAR).verdict is Verdict.INFECTED


@pytest.mark.parametrize(
    "answer", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"stream: OKAY\0", b"\xff\xfe\0", b"x" * 9000]
)
def test_any_other_answer_is_no_verdict(listening: socket.socket, answer: bytes):
    _, scanner = asked(listening, lambda _: answer)
    assert scanner.scan(b"abc").verdict is Verdict.UNAVAILABLE


def test_a_daemon_that_is_not_there_is_no_verdict(tmp_path: Path):
    assert Clamd(address=str(tmp_path / "absent")).scan(b"abc").verdict is Verdict.UNAVAILABLE
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert Clamd(address=("127.0.0.1", port), timeout=2).scan(b"abc").verdict is Verdict.UNAVAILABLE


def test_a_daemon_that_never_answers_is_no_verdict(listening: socket.socket):
    scanner = Clamd(address=("127.0.0.1", listening.getsockname()[1]), timeout=0.2)
    assert scanner.scan(b"abc").verdict is Verdict.UNAVAILABLE


def test_without_a_scanner_the_file_is_said_not_scanned():
    scanner: Scanner = NoScanner()
    scan = scanner.scan(EICAR)
    assert scan.verdict is Verdict.NOT_SCANNED
    assert "aucun antivirus n’est configuré" in scan.message
