"""The receiver seals and forgets: what comes in is neither written, nor logged, nor said again."""

import http.client
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from urllib.parse import quote, urlencode

import pytest
from click.testing import CliRunner

from egide.cli import questionnaire_receiver
from egide.cli.diagnostic_form import form
from egide.cli.questionnaire_receiver import MOST_BYTES, PATH, Receiver, server
from egide.diagnostic.questionnaire.keys import public_pem
from egide.diagnostic.questionnaire.sealing import unseal
from support.questionnaire import CANARY, QUESTIONNAIRE, team_key

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
RECEIVER = Receiver(questionnaire=QUESTIONNAIRE, key=team_key().public_key(), page=b"<!DOCTYPE html>")


@contextmanager
def serving():
    with server(RECEIVER, 0) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield running.server_address[1]
        finally:
            running.shutdown()
            thread.join()


def ask(port, method="POST", path=PATH, body=b"", headers=FORM):
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        link.request(method, path, body=body, headers=headers)
        reply = link.getresponse()
        return reply.status, dict(reply.getheaders()), reply.read()
    finally:
        link.close()


def test_a_form_comes_back_sealed_as_a_file_and_says_the_same_once_opened():
    pairs = [("Q1.1", "temoin"), ("Q1.1", "risque"), ("S.B2@1", f"{CANARY} é\r\nà côté"), ("Q4.1", "")]
    with serving() as port:
        status, headers, sealed = ask(port, body=urlencode(pairs).encode())
    assert status == 200
    assert headers["Content-Disposition"].startswith('attachment; filename="reponse-')
    assert CANARY.encode() not in sealed and CANARY not in str(headers)
    content = unseal(sealed, team_key())
    assert content.version == "1"
    assert content.pairs == tuple(pairs[:3])


def test_the_receiver_sets_no_cookie_names_no_program_and_keeps_browsers_strict():
    with serving() as port:
        replies = [ask(port, "GET", "/"), ask(port, "GET", "/x"), ask(port, body=b"Q4.1=oui"), ask(port, "PUT")]
    for _, headers, _ in replies:
        assert not {"Set-Cookie", "Server", "Date"} & headers.keys()
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert [status for status, _, _ in replies] == [200, 404, 200, 400]


@pytest.mark.parametrize(
    ("status", "request_"),
    [
        (404, {"path": "/autre", "body": b"Q4.1=oui"}),
        (404, {"path": f"{PATH}?{CANARY}", "body": b"Q4.1=oui"}),
        (415, {"body": b"{}", "headers": {"Content-Type": "application/json"}}),
        (413, {"body": b"", "headers": {**FORM, "Content-Length": str(MOST_BYTES + 1)}}),
        (413, {"body": b"", "headers": {**FORM, "Content-Length": "9" * 400}}),
        (411, {"body": b"", "headers": {**FORM, "Content-Length": "-1"}}),
        (400, {"body": f"Q4.1={CANARY}".encode()}),
        (400, {"body": f"{CANARY}=oui".encode()}),
        (400, {"body": b"Q0.4=x%40example.org"}),  # a contact is no field of the form
        (400, {"body": b"Q4.1=oui&Q4.1=non"}),
        (400, {"body": b"Q4.5=%FF"}),
        (400, {"body": "Q4.5=é".encode()}),
        (400, {"body": b"Q4.5=" + b"x" * 4001}),
        (400, {"body": b"&".join([b"Q4.1=oui"] * 3001)}),
    ],
)
def test_what_is_no_form_of_ours_is_refused_without_a_word_of_it(status, request_):
    with serving() as port:
        got, _, body = ask(port, **request_)
    assert got == status
    assert CANARY.encode() not in body


@pytest.mark.parametrize("length", ["0" * 12 + "9" * 10, "9" * 5000, str(MOST_BYTES + 1), "0" * 8])
def test_no_length_however_written_lets_more_than_a_form_be_read(length):
    assert RECEIVER.refusal(PATH, FORM["Content-Type"], length).status == 413


def test_whoever_sends_a_byte_now_and_then_is_hung_up_on(monkeypatch):
    monkeypatch.setattr(questionnaire_receiver, "PATIENCE", 0.3)
    with serving() as port, socket.create_connection(("127.0.0.1", port), timeout=5) as slow:
        slow.sendall(
            f"POST {PATH} HTTP/1.0\r\nContent-Type: {FORM['Content-Type']}\r\nContent-Length: 99\r\n\r\n".encode()
        )
        begun = time.monotonic()
        with suppress(OSError):  # gone, by a reset or by an end
            while time.monotonic() - begun < 4:
                slow.sendall(b"a")
                slow.settimeout(0.1)
                with suppress(TimeoutError):
                    if not slow.recv(10):
                        break
        assert time.monotonic() - begun < 2


def test_a_text_of_the_longest_kind_in_every_situation_still_fits():
    """So that a limit of bytes never meets who kept within the limits of characters."""
    pairs = [(f"S.{item}@{rank}", "é" * 4000) for item in ("A11", "B2", "B5", "B6") for rank in range(1, 7)]
    body = urlencode(pairs).encode()
    assert len(body) <= MOST_BYTES
    reply = RECEIVER.post(body)
    assert (reply.status, len(unseal(reply.body, team_key()).pairs)) == (200, 24)


def test_the_running_receiver_leaves_no_trace_of_an_answer_anywhere(tmp_path):
    """The real command, its folder, its temporary folder, its two outputs: nowhere a word of what it was sent."""
    (tmp_path / "key.pem").write_bytes(public_pem(team_key().public_key()))
    program = "from egide.cli.diagnostic_form import form; form()"
    with (tmp_path / "out").open("wb") as out, (tmp_path / "err").open("wb") as err:
        running = subprocess.Popen(
            [sys.executable, "-c", program, "receive", "--key", "key.pem", "--port", "0"],
            cwd=tmp_path,
            env={"TMPDIR": str(tmp_path), "PYTHONUNBUFFERED": "1", "HOME": str(tmp_path), "LANG": "C.UTF-8"},
            stdout=out,
            stderr=err,
        )
        try:
            port = _port(tmp_path / "out", running)
            sealed = ask(port, body=urlencode([("Q4.5", CANARY)]).encode())[2]
            refused = ask(port, body=f"{CANARY}={CANARY}".encode())[2]
            ask(port, "GET", f"/{quote(CANARY)}")
            ask(port, CANARY.upper(), "/")
        finally:
            running.terminate()
            running.wait(10)
    written = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert len(written) == 3
    for bytes_ in [*written, sealed, refused]:
        assert CANARY.encode() not in bytes_ and CANARY.upper().encode() not in bytes_
    assert (tmp_path / "err").read_bytes() == b""
    assert dict(unseal(sealed, team_key()).pairs) == {"Q4.5": CANARY}


def test_a_port_that_is_taken_is_said_and_another_is_asked_for(tmp_path):
    (tmp_path / "key.pem").write_bytes(public_pem(team_key().public_key()))
    with serving() as port:
        done = CliRunner().invoke(form, ["receive", "--key", str(tmp_path / "key.pem"), "--port", str(port)])
    assert done.exit_code == 4 and "--port" in done.output


def _port(path, running):
    """The port that the receiver says it listens on, once it says so."""
    for _ in range(600):
        said = path.read_text(encoding="utf-8")
        if "Ctrl-C" in said:
            return int(said.split("127.0.0.1:")[1].split("/")[0])
        with pytest.raises(subprocess.TimeoutExpired):
            running.wait(0.05)
    raise AssertionError("the receiver did not start")
