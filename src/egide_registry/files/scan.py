"""Antivirus: what a scanner says of the bytes of a file. [I/O: socket of clamd]

A department chooses its scanner by a setting. Without one nothing is claimed: the verdict is "not scanned", and
screens say so. A scanner that does not answer is not a clean verdict either: the caller keeps the file apart.
Source: docs/methods/supporting-documents.md; clamd(8), command INSTREAM.
"""

from __future__ import annotations

import socket
import struct
from enum import StrEnum
from typing import Protocol

from attrs import field, frozen
from attrs.validators import gt

CHUNK = 64 * 1024
_LONGEST_ANSWER = 4096


class Verdict(StrEnum):
    CLEAN = "clean"
    INFECTED = "infected"
    NOT_SCANNED = "not_scanned"  # no scanner is set
    UNAVAILABLE = "unavailable"  # a scanner is set and gave no answer


MESSAGES = {
    Verdict.CLEAN: "L’antivirus n’a rien trouvé dans ce fichier.",
    Verdict.INFECTED: "L’antivirus a reconnu un programme malveillant\u00a0: ce fichier n’est pas conservé.",
    Verdict.NOT_SCANNED: "Fichier non analysé\u00a0: aucun antivirus n’est configuré sur ce service.",
    Verdict.UNAVAILABLE: "Fichier non analysé\u00a0: l’antivirus n’a pas répondu. Réessayez plus tard.",
}


@frozen(kw_only=True)
class Scan:
    verdict: Verdict
    signature: str = ""  # the scanner's name of what it found; never a part of the file

    @property
    def message(self) -> str:
        return MESSAGES[self.verdict]


class Scanner(Protocol):
    def scan(self, data: bytes) -> Scan: ...


class NoScanner:
    """The setting of a service without antivirus."""

    def scan(self, data: bytes) -> Scan:
        return Scan(verdict=Verdict.NOT_SCANNED)


@frozen(kw_only=True)
class Clamd:
    """ClamAV's daemon on a local socket (a path) or a host and port."""

    address: str | tuple[str, int]
    timeout: float = field(default=30.0, validator=gt(0))

    def scan(self, data: bytes) -> Scan:
        """Send the bytes in chunks, each after its length; an empty one ends them. Any trouble is UNAVAILABLE."""
        try:
            with self._connected() as connection:
                connection.sendall(b"zINSTREAM\0")
                for start in range(0, len(data), CHUNK):
                    chunk = data[start : start + CHUNK]
                    connection.sendall(struct.pack("!I", len(chunk)) + chunk)
                connection.sendall(struct.pack("!I", 0))
                return _read(_answer(connection))
        except OSError:
            return Scan(verdict=Verdict.UNAVAILABLE)

    def _connected(self) -> socket.socket:
        if isinstance(self.address, tuple):
            return socket.create_connection(self.address, timeout=self.timeout)
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(self.timeout)
        try:
            connection.connect(self.address)
        except OSError:
            connection.close()
            raise
        return connection


def _answer(connection: socket.socket) -> str:
    received = b""
    while not received.endswith(b"\0") and len(received) < _LONGEST_ANSWER:
        piece = connection.recv(_LONGEST_ANSWER)
        if not piece:
            break
        received += piece
    return received.rstrip(b"\0\n").decode("utf-8", "replace")


def _read(answer: str) -> Scan:
    """« stream: OK », « stream: Eicar-Signature FOUND », « INSTREAM size limit exceeded. ERROR »."""
    said = answer.removeprefix("stream: ")
    if said == "OK":
        return Scan(verdict=Verdict.CLEAN)
    if said.endswith(" FOUND"):
        return Scan(verdict=Verdict.INFECTED, signature=said.removesuffix(" FOUND"))
    return Scan(verdict=Verdict.UNAVAILABLE)
