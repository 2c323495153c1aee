"""Seal answers for browsers without JavaScript: a form comes in, the same sealed file goes back, nothing stays. [I/O]

It holds the team's public key only, so it cannot open what it made; it writes no file and no log, sets no cookie, and
listens on this machine alone: the association's own HTTPS proxy stands before it.
Source: docs/methods/sealed-answers.md.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from contextlib import suppress
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_RDWR
from threading import Timer
from urllib.parse import parse_qsl

from attrs import frozen

from egide.diagnostic.questionnaire.fields import MOST_FIELDS, read_fields
from egide.diagnostic.questionnaire.keys import PublicKey
from egide.diagnostic.questionnaire.model import Questionnaire
from egide.diagnostic.questionnaire.sealing import SUFFIX, Content, seal
from egide.errors import EgideError

LOOPBACK = "127.0.0.1"
PATH = "/reponse"  # where the form is sent; "/" gives the page
MOST_BYTES = 2**20  # of a form as it travels
PATIENCE = 20  # seconds for a request to come whole

_HTML = "text/html; charset=utf-8"
_TOP = '<!DOCTYPE html>\n<html lang="fr"><meta charset="utf-8">'
_FORM = "application/x-www-form-urlencoded"
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Connection": "close",
}
_SAID = {
    400: "Ce formulaire n’est pas lisible. Rechargez la page et recommencez\u202f; rien n’a été gardé.",
    404: "Il n’y a rien à cette adresse.",
    405: "Cette adresse ne reçoit que le formulaire.",
    411: "La taille de l’envoi n’est pas dite.",
    413: "La réponse est trop longue. Raccourcissez les textes, ou répondez en deux fois\u202f; rien n’a été gardé.",
    415: "Cette adresse ne reçoit que le formulaire.",
}


@frozen(kw_only=True, repr=False)
class Reply:
    """What goes back. The file's name comes from chance, never from the answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@frozen(kw_only=True, repr=False)
class Receiver:
    """The answers it makes, apart from any socket."""

    questionnaire: Questionnaire
    key: PublicKey
    page: bytes  # the form itself; b"" when it is served elsewhere

    def get(self, path: str) -> Reply:
        if path != "/" or not self.page:
            return _error(404)
        # The page carries its own, stricter policy; this one only forbids framing.
        headers = {**_HEADERS, "Content-Security-Policy": "frame-ancestors 'none'"}
        return Reply(status=200, headers={**headers, "Content-Type": _HTML}, body=self.page)

    def refusal(self, path: str, content_type: str, length: str | None) -> Reply | None:
        """Why a form is not even read, or None."""
        if path != PATH:
            return _error(404)
        if content_type.partition(";")[0].strip().lower() != _FORM:
            return _error(415)
        if length is None or not length.isascii() or not length.isdigit():
            return _error(411)
        return _error(413) if len(length) > len(str(MOST_BYTES)) or int(length) > MOST_BYTES else None

    def post(self, body: bytes) -> Reply:
        """The sealed file as an attachment, or a page that says what is wrong without a word of the answer."""
        try:
            pairs = parse_qsl(
                body.decode("ascii"),
                keep_blank_values=False,
                encoding="utf-8",
                errors="strict",
                max_num_fields=MOST_FIELDS,
            )
            read_fields(self.questionnaire, pairs, source="formulaire")
            content = Content(version=self.questionnaire.version, number=secrets.token_hex(16), pairs=tuple(pairs))
        except (EgideError, ValueError):
            return _error(400)
        try:
            sealed = seal(content, self.key)
        except ValueError:
            return _error(413)
        name = f"reponse-{secrets.token_hex(4)}{SUFFIX}"
        kind = {"Content-Type": "application/octet-stream", "Content-Disposition": f'attachment; filename="{name}"'}
        return Reply(status=200, headers={**_HEADERS, **kind}, body=sealed)


def _error(status: int) -> Reply:
    said = escape(_SAID[status])
    page = f"{_TOP}<title>Refus</title><h1>Refus</h1><p>{said}</p></html>"
    return Reply(status=status, headers={**_HEADERS, "Content-Type": _HTML}, body=page.encode())


class _Handler(BaseHTTPRequestHandler):
    """HTTP around `Receiver`. Silent: neither addresses nor requests are logged, errors included."""

    receiver: Receiver
    timeout = PATIENCE  # of each wait; the alarm below bounds them all together
    protocol_version = "HTTP/1.0"

    def setup(self) -> None:
        super().setup()
        self._alarm = Timer(PATIENCE, self._hang_up)
        self._alarm.daemon = True
        self._alarm.start()

    def finish(self) -> None:
        self._alarm.cancel()
        super().finish()

    def _hang_up(self) -> None:
        """Whoever sends a byte now and then must not hold a place for an hour."""
        with suppress(OSError):
            self.connection.shutdown(SHUT_RDWR)

    def do_GET(self) -> None:
        self._send(self.receiver.get(self.path))

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length")
        refusal = self.receiver.refusal(self.path, self.headers.get("Content-Type", ""), length)
        if refusal is None and length is not None:
            body = self.rfile.read(int(length))
            refusal = self.receiver.post(body) if len(body) == int(length) else _error(400)
        assert refusal is not None
        self._send(refusal)

    def _send(self, reply: Reply) -> None:
        self.send_response_only(reply.status)  # without the Server and Date lines
        for name, value in {**reply.headers, "Content-Length": str(len(reply.body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Ours says less than the library's, which repeats the request."""
        self._send(_error(400))

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: a line would hold an address and an hour."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing either: a traceback of a broken request could show what it held."""


def server(receiver: Receiver, port: int) -> ThreadingHTTPServer:
    """A server bound to this machine, not yet serving. Port 0: any free one."""
    handler = type("Handler", (_Handler,), {"receiver": receiver})
    return _Server((LOOPBACK, port), handler)
