"""[I/O] Keys in one file, for the demo and the tests. Whoever reads the file reads everything: not for production.

The file is JSON, readable by its user only. A master secret, if given, encrypts the keys in it (scrypt, AES-256-GCM).
Writers take a lock beside the file and replace it whole, so a crash or a second process never loses a key.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from attrs import evolve, field, frozen
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from egide_registry.security.keys.service import (
    KeyRefused,
    KeyServiceUnavailable,
    UnknownOwner,
    VersionRefused,
    checked_context,
    checked_owner,
    mac_input,
    wrapped_version,
)

_T = TypeVar("_T")

_NONCE = 12
_SCRYPT = {"n": 2**15, "r": 8, "p": 1}  # about 32 MB and a tenth of a second, once per process


@frozen(kw_only=True)
class _Keys:
    """The keys of one owner. None of them shows in a repr."""

    latest: int
    wrap: Mapping[int, bytes] = field(repr=False)
    mac: bytes = field(repr=False)
    sign: bytes = field(repr=False)


_Ring: TypeAlias = dict[str, _Keys]


class LocalKeys:
    """A `KeyService` in a file. The file is made by the first `create`; its folder must exist."""

    def __init__(self, path: Path, *, master: str | None = None) -> None:
        self._path = path
        self._master = master
        self._derived: tuple[bytes, bytes] | None = None  # salt, key: scrypt is slow on purpose
        self._read: tuple[tuple[int, int, int], _Ring] | None = None

    def __repr__(self) -> str:
        return f"LocalKeys({str(self._path)!r})"

    def create(self, owner: str) -> None:
        checked_owner(owner)
        if owner in self._ring():
            return
        made = _Keys(latest=1, wrap={1: os.urandom(32)}, mac=os.urandom(32), sign=os.urandom(32))
        with self._changing() as ring:
            ring.setdefault(owner, made)

    def owners(self) -> tuple[str, ...]:
        return tuple(sorted(self._ring()))

    def wrap(self, owner: str, key: bytes, *, context: bytes) -> bytes:
        keys = self._keys(owner)
        nonce = os.urandom(_NONCE)
        bound = _bound(owner, keys.latest, context)
        sealed = nonce + AESGCM(keys.wrap[keys.latest]).encrypt(nonce, key, bound)
        return f"local:v{keys.latest}:".encode() + base64.b64encode(sealed)

    def unwrap(self, owner: str, wrapped: bytes, *, context: bytes) -> bytes:
        keys = self._keys(owner)
        checked_context(context)
        try:
            version = wrapped_version(wrapped)
            sealed = base64.b64decode(wrapped.split(b":")[2], validate=True)
            # One text for one wrapped key: base64 has bits that a decoder leaves aside.
            whole = wrapped == f"local:v{version}:".encode() + base64.b64encode(sealed)
        except ValueError:
            whole = False
        key = None
        if whole and version in keys.wrap:
            key = _opened(keys.wrap[version], sealed, _bound(owner, version, context))
        if key is None:
            raise KeyRefused(owner)
        return key

    def rewrap(self, owner: str, wrapped: bytes, *, context: bytes) -> bytes:
        return self.wrap(owner, self.unwrap(owner, wrapped, context=context), context=context)

    def rotate(self, owner: str) -> int:
        with self._changing() as ring:
            keys = _found(ring, owner)
            latest = keys.latest + 1
            ring[owner] = evolve(keys, latest=latest, wrap={**keys.wrap, latest: os.urandom(32)})
        return latest

    def forget(self, owner: str, before: int) -> None:
        with self._changing() as ring:
            keys = _found(ring, owner)
            if not 1 <= before <= keys.latest:
                raise VersionRefused(owner, before, keys.latest)
            ring[owner] = evolve(keys, wrap={number: key for number, key in keys.wrap.items() if number >= before})

    def mac(self, owner: str, purpose: str, data: bytes) -> bytes:
        code = hmac.HMAC(self._keys(owner).mac, hashes.SHA256())
        code.update(mac_input(purpose, data))
        return code.finalize()

    def sign(self, owner: str, data: bytes) -> bytes:
        return Ed25519PrivateKey.from_private_bytes(self._keys(owner).sign).sign(data)

    def verify(self, owner: str, data: bytes, signature: bytes) -> bool:
        public = Ed25519PrivateKey.from_private_bytes(self._keys(owner).sign).public_key()
        try:
            public.verify(signature, data)
        except InvalidSignature:
            return False
        return True

    def _keys(self, owner: str) -> _Keys:
        return _found(self._ring(), owner)

    def _ring(self) -> _Ring:
        """All keys, parsed again only when the file is another one."""
        try:
            handle = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return {}
        except OSError as problem:
            raise self._unavailable("un fichier lisible", problem.strerror or "une erreur") from None
        with open(handle, "rb") as file:
            status = os.fstat(handle)
            if stat.S_IMODE(status.st_mode) & 0o077:
                raise self._unavailable("un fichier lu par son seul utilisateur", "d’autres droits", "chmod 600.")
            seen = (status.st_ino, status.st_mtime_ns, status.st_size)
            if self._read is not None and self._read[0] == seen:
                return self._read[1]
            ring = self._parsed(file.read())
        self._read = (seen, ring)
        return ring

    @contextmanager
    def _changing(self) -> Iterator[_Ring]:
        """A copy of the keys to change, under the lock; written if the block ends well, else nothing happened."""
        try:
            lock = os.open(
                self._path.with_name(self._path.name + ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600
            )
        except OSError as problem:
            raise self._unavailable("un dossier où écrire", problem.strerror or "une erreur") from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            ring = dict(self._ring())
            before = dict(ring)
            yield ring
            if ring != before:
                self._write(ring)
        finally:
            os.close(lock)

    def _write(self, ring: _Ring) -> None:
        """Replace the file whole: written beside, flushed to the disk, then renamed."""
        beside = self._path.with_name(f"{self._path.name}.{os.getpid()}.new")
        beside.unlink(missing_ok=True)  # left by a crash; the lock is ours
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with open(handle, "wb") as file:
            file.write(self._serialised(ring))
            file.flush()
            os.fsync(handle)
        os.replace(beside, self._path)
        folder = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _serialised(self, ring: _Ring) -> bytes:
        owners = {
            owner: {
                "latest": keys.latest,
                "wrap": {str(number): _text(key) for number, key in sorted(keys.wrap.items())},
                "mac": _text(keys.mac),
                "sign": _text(keys.sign),
            }
            for owner, keys in sorted(ring.items())
        }
        if self._master is None:
            return json.dumps({"format": 1, "owners": owners}, indent=1).encode()
        salt = self._derived[0] if self._derived else os.urandom(16)
        nonce = os.urandom(_NONCE)
        sealed = nonce + AESGCM(self._under(self._master, salt)).encrypt(
            nonce, json.dumps(owners).encode(), b"format 1"
        )
        return json.dumps({"format": 1, "salt": _text(salt), "sealed": _text(sealed)}, indent=1).encode()

    def _parsed(self, content: bytes) -> _Ring:
        whole = self._decoded(lambda: json.loads(content))
        if not isinstance(whole, dict) or whole.get("format") != 1:
            raise self._unavailable("un fichier de clés au format 1", "autre chose")
        if ("sealed" in whole) != (self._master is not None):
            expected = "un fichier chiffré" if self._master is not None else "un fichier sans secret maître"
            raise self._unavailable(expected, "le contraire", "Donner le secret maître, ou le retirer.")
        owners: Any = whole.get("owners")
        if self._master is not None:
            salt, sealed = self._decoded(lambda: (_bytes(whole["salt"]), _bytes(whole["sealed"])))
            opened = _opened(self._under(self._master, salt), sealed, b"format 1")
            if opened is None:
                raise self._unavailable("le secret maître de ce fichier", "un autre, ou un fichier altéré")
            owners = self._decoded(lambda: json.loads(opened))
        return self._decoded(lambda: {owner: _keys_of(parts) for owner, parts in owners.items()})

    def _decoded(self, decode: Callable[[], _T]) -> _T:
        """What `decode` gives. Its own errors quote the content, so they are dropped, chain and all."""
        try:
            return decode()
        except (ValueError, KeyError, TypeError, AttributeError):
            pass
        raise self._unavailable("un fichier de clés entier", "un contenu abîmé", "Rendre la dernière sauvegarde.")

    def _under(self, master: str, salt: bytes) -> bytes:
        if self._derived is None or self._derived[0] != salt:
            self._derived = (salt, Scrypt(salt=salt, length=32, **_SCRYPT).derive(master.encode()))
        return self._derived[1]

    def _unavailable(self, expected: str, got: str, way_out: str = "Vérifier le fichier.") -> KeyServiceUnavailable:
        return KeyServiceUnavailable(f"Fichier de clés {self._path} : attendu {expected}, reçu {got}. {way_out}")


def _found(ring: _Ring, owner: str) -> _Keys:
    if owner not in ring:
        raise UnknownOwner(checked_owner(owner))
    return ring[owner]


def _keys_of(parts: Any) -> _Keys:
    wrap = {int(number): _bytes(key) for number, key in parts["wrap"].items()}
    keys = _Keys(latest=int(parts["latest"]), wrap=wrap, mac=_bytes(parts["mac"]), sign=_bytes(parts["sign"]))
    if keys.latest not in wrap or any(len(key) != 32 for key in (*wrap.values(), keys.mac, keys.sign)):
        raise ValueError
    return keys


def _bound(owner: str, version: int, context: bytes) -> bytes:
    # No owner holds a colon, so no two triples give the same bytes.
    return f"egide wrap:{owner}:{version}:".encode() + checked_context(context)


def _opened(key: bytes, sealed: bytes, bound: bytes) -> bytes | None:
    if len(sealed) < _NONCE + 16:
        return None
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], bound)
    except InvalidTag:
        return None


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _bytes(value: str) -> bytes:
    return base64.b64decode(value, validate=True)
