"""A key service keeps its promises, whoever keeps the keys: the same rules on the file and on a transit engine."""

import base64
import fcntl
import itertools
import json
import os
import stat
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egide_registry.security.keys.local import LocalKeys
from egide_registry.security.keys.openbao import OpenBaoKeys
from egide_registry.security.keys.service import (
    KeyRefused,
    KeyService,
    KeyServiceError,
    KeyServiceUnavailable,
    UnknownOwner,
    VersionRefused,
    wrapped_version,
)
from support.transit import TOKEN, serving

KEY = b"a data key of exactly 32 bytes.."
SECRET = "le secret maître des essais"
numbers = itertools.count(1)


@pytest.fixture(scope="module", params=["file", "file with a master secret", "transit"])
def keys(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeyService]:
    if request.param == "transit":
        with serving() as (url, _):
            yield OpenBaoKeys(url, TOKEN)
        return
    path = tmp_path_factory.mktemp("keys") / "keys.json"
    yield LocalKeys(path, master=SECRET if "master" in request.param else None)


def new_owner(keys: KeyService) -> str:
    owner = f"department/{next(numbers)}"
    keys.create(owner)
    return owner


class TestEveryService:
    def test_an_owner_is_listed_once_created_and_creating_again_changes_nothing(self, keys: KeyService):
        owner = new_owner(keys)
        wrapped, code = keys.wrap(owner, KEY, context=b"file 1"), keys.mac(owner, "blind/name", b"martin")
        keys.create(owner)
        assert keys.owners().count(owner) == 1
        assert keys.unwrap(owner, wrapped, context=b"file 1") == KEY
        assert keys.mac(owner, "blind/name", b"martin") == code

    @pytest.mark.parametrize("owner", ["accounts", "reporters/62", "matching", "department/2A"])
    def test_owners_are_not_only_departments(self, keys: KeyService, owner: str):
        keys.create(owner)
        assert owner in keys.owners()

    @settings(max_examples=25)
    @given(key=st.binary(min_size=1, max_size=64), context=st.binary(min_size=1, max_size=80))
    def test_what_is_wrapped_opens_again(self, keys: KeyService, key: bytes, context: bytes):
        keys.create("department/property")
        wrapped = keys.wrap("department/property", key, context=context)
        assert keys.unwrap("department/property", wrapped, context=context) == key
        assert key not in base64.b64decode(wrapped.split(b":")[2]) or len(key) < 4

    @settings(max_examples=60)
    @given(bit=st.integers(min_value=0))
    def test_a_wrapped_key_with_any_bit_flipped_is_refused(self, keys: KeyService, bit: int):
        keys.create("department/property")
        wrapped = bytearray(keys.wrap("department/property", KEY, context=b"file 1"))
        sealed = bytearray(base64.b64decode(bytes(wrapped).split(b":")[2]))
        sealed[bit // 8 % len(sealed)] ^= 1 << bit % 8
        head = b":".join(bytes(wrapped).split(b":")[:2])
        with pytest.raises(KeyRefused):
            keys.unwrap("department/property", head + b":" + base64.b64encode(sealed), context=b"file 1")

    def test_no_owner_opens_the_key_of_another(self, keys: KeyService):
        here, there = new_owner(keys), new_owner(keys)
        with pytest.raises(KeyRefused):
            keys.unwrap(there, keys.wrap(here, KEY, context=b"file 1"), context=b"file 1")

    def test_a_wrapped_key_opens_for_its_own_context_only(self, keys: KeyService):
        owner = new_owner(keys)
        wrapped = keys.wrap(owner, KEY, context=b"file 1")
        for call in (keys.unwrap, keys.rewrap):
            with pytest.raises(KeyRefused):
                call(owner, wrapped, context=b"file 2")

    def test_an_empty_context_binds_nothing_and_is_refused(self, keys: KeyService):
        owner = new_owner(keys)
        with pytest.raises(ValueError, match="contexte vide"):
            keys.wrap(owner, KEY, context=b"")

    def test_rotation_keeps_the_old_versions_open_and_wraps_under_the_new_one(self, keys: KeyService):
        owner = new_owner(keys)
        old = keys.wrap(owner, KEY, context=b"file 1")
        assert keys.rotate(owner) == 2
        new = keys.wrap(owner, KEY, context=b"file 1")
        assert (wrapped_version(old), wrapped_version(new)) == (1, 2)
        assert keys.unwrap(owner, old, context=b"file 1") == keys.unwrap(owner, new, context=b"file 1") == KEY

    def test_what_is_under_a_forgotten_version_never_opens_again(self, keys: KeyService):
        owner = new_owner(keys)
        old = keys.wrap(owner, KEY, context=b"file 1")
        keys.rotate(owner)
        keys.forget(owner, 2)
        for call in (keys.unwrap, keys.rewrap):
            with pytest.raises(KeyRefused):
                call(owner, old, context=b"file 1")

    def test_what_was_rewrapped_first_outlives_the_version_that_is_forgotten(self, keys: KeyService):
        owner = new_owner(keys)
        kept, lost = keys.wrap(owner, KEY, context=b"file 1"), keys.wrap(owner, KEY, context=b"file 2")
        keys.rotate(owner)
        kept = keys.rewrap(owner, kept, context=b"file 1")
        keys.forget(owner, 2)
        assert wrapped_version(kept) == 2
        assert keys.unwrap(owner, kept, context=b"file 1") == KEY
        with pytest.raises(KeyRefused):
            keys.unwrap(owner, lost, context=b"file 2")

    def test_the_newest_version_is_never_forgotten(self, keys: KeyService):
        owner = new_owner(keys)
        for before in (0, 2):
            with pytest.raises(VersionRefused):
                keys.forget(owner, before)
        keys.forget(owner, 1)
        assert keys.unwrap(owner, keys.wrap(owner, KEY, context=b"file 1"), context=b"file 1") == KEY

    def test_codes_and_signatures_survive_rotation_and_forgetting(self, keys: KeyService):
        owner = new_owner(keys)
        code, signature = keys.mac(owner, "blind/name", b"martin"), keys.sign(owner, b"head")
        keys.rotate(owner)
        keys.forget(owner, 2)
        assert keys.mac(owner, "blind/name", b"martin") == code
        assert keys.verify(owner, b"head", signature)

    def test_a_code_depends_on_the_owner_the_purpose_and_the_data(self, keys: KeyService):
        here, there = new_owner(keys), new_owner(keys)
        codes = {
            keys.mac(here, "blind/name", b"martin"),
            keys.mac(there, "blind/name", b"martin"),
            keys.mac(here, "blind/other", b"martin"),
            keys.mac(here, "blind/name", b"martine"),
        }
        assert len(codes) == 4
        assert {len(code) for code in codes} == {32}

    def test_a_signature_holds_for_its_owner_and_its_data_only(self, keys: KeyService):
        here, there = new_owner(keys), new_owner(keys)
        signature = keys.sign(here, b"head of the day")
        assert len(signature) == 64
        assert keys.verify(here, b"head of the day", signature)
        assert not keys.verify(there, b"head of the day", signature)
        assert not keys.verify(here, b"head of another day", signature)
        assert not keys.verify(here, b"head of the day", signature[:-1])
        assert not keys.verify(here, b"head of the day", bytes(64))

    def test_an_unknown_owner_is_refused_and_not_made_by_asking(self, keys: KeyService):
        calls = (
            partial(keys.wrap, "department/none", KEY, context=b"file 1"),
            partial(keys.unwrap, "department/none", b"vault:v1:AAAA", context=b"file 1"),
            partial(keys.rewrap, "department/none", b"vault:v1:AAAA", context=b"file 1"),
            partial(keys.rotate, "department/none"),
            partial(keys.forget, "department/none", 1),
            partial(keys.mac, "department/none", "blind/name", b"martin"),
            partial(keys.sign, "department/none", b"head"),
            partial(keys.verify, "department/none", b"head", bytes(64)),
        )
        for call in calls:
            with pytest.raises(UnknownOwner, match="department/none"):
                call()
        assert "department/none" not in keys.owners()

    @pytest.mark.parametrize("owner", ["", "../62", "department/62/x", "department.62", "Department/62", "department/"])
    def test_a_name_that_could_reach_other_keys_is_refused(self, keys: KeyService, owner: str):
        with pytest.raises(ValueError, match="Propriétaire"):
            keys.create(owner)

    @pytest.mark.parametrize(
        "wrapped", [b"", b"vault:v1:", b"vault:v9:AAAA", b"local:v9:AAAA", b"\xff\x00", b"local:v1:AA"]
    )
    def test_what_is_not_a_wrapped_key_is_refused_like_an_altered_one(self, keys: KeyService, wrapped: bytes):
        owner = new_owner(keys)
        with pytest.raises(KeyRefused):
            keys.unwrap(owner, wrapped, context=b"file 1")

    def test_no_error_and_no_repr_holds_a_key_or_a_text(self, keys: KeyService):
        owner = new_owner(keys)
        context, wrapped = b"a context of the tests", keys.wrap(owner, KEY, context=b"file 1")
        with pytest.raises(KeyServiceError) as refused:
            keys.unwrap(owner, wrapped, context=context)
        told = everything_said(refused.value) + repr(keys)
        for secret in (KEY, context, wrapped.split(b":")[2]):
            assert secret.decode() not in told
            assert base64.b64encode(secret).decode() not in told
        assert TOKEN not in told
        assert SECRET not in told


TWO_AT_ONCE = """
import sys
from pathlib import Path
from egide_registry.security.keys.local import LocalKeys
from egide_registry.security.keys.openbao import OpenBaoKeys
kind, place, token, name = sys.argv[1:]
keys = LocalKeys(Path(place)) if kind == "file" else OpenBaoKeys(place, token)
sys.stdin.readline()
for number in range(12):
    keys.create(f"{name}/{number}")
    keys.create(f"both/{number}")
    keys.rotate("both/shared")
    print(keys.wrap(f"both/{number}", b"key of " + name.encode(), context=b"file").decode())
"""


@pytest.mark.parametrize("kind", ["file", "transit"])
def test_two_processes_at_once_lose_no_key(kind: str, tmp_path: Path):
    with serving() as (url, _):
        place = str(tmp_path / "keys.json") if kind == "file" else url
        keys: KeyService = LocalKeys(tmp_path / "keys.json") if kind == "file" else OpenBaoKeys(url, TOKEN)
        keys.create("both/shared")
        names = ("left", "right")
        running = [
            subprocess.Popen(
                [sys.executable, "-c", TWO_AT_ONCE, kind, place, TOKEN, name],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for name in names
        ]
        for process in running:  # both have started: let them go together
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        wrapped = {
            name: process.communicate(timeout=60)[0].split() for name, process in zip(names, running, strict=True)
        }
        assert [process.returncode for process in running] == [0, 0]
        expected = {f"{name}/{number}" for name in (*names, "both") for number in range(12)}
        assert set(keys.owners()) == expected | {"both/shared"}
        assert keys.rotate("both/shared") == 1 + 2 * 12 + 1
        for name in names:
            for number in range(12):
                opened = keys.unwrap(f"both/{number}", wrapped[name][number].encode(), context=b"file")
                assert opened == b"key of " + name.encode()


class TestTheFile:
    def test_it_is_made_for_its_user_alone(self, tmp_path: Path):
        path = tmp_path / "keys.json"
        LocalKeys(path).create("department/62")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

    def test_it_is_refused_when_others_may_read_it(self, tmp_path: Path):
        path = tmp_path / "keys.json"
        LocalKeys(path).create("department/62")
        path.chmod(0o640)
        with pytest.raises(KeyServiceUnavailable, match="chmod 600"):
            LocalKeys(path).owners()

    def test_a_change_by_another_process_is_seen(self, tmp_path: Path):
        here, there = LocalKeys(tmp_path / "keys.json"), LocalKeys(tmp_path / "keys.json")
        here.create("department/62")
        assert there.owners() == ("department/62",)
        here.rotate("department/62")
        there.create("department/59")
        assert there.rotate("department/62") == 3
        assert here.owners() == ("department/59", "department/62")

    def test_two_that_find_no_owner_and_wait_for_the_lock_end_with_one_key(self, tmp_path: Path):
        path = tmp_path / "keys.json"

        def made() -> bytes:
            keys = LocalKeys(path)
            keys.create("department/62")
            return keys.mac("department/62", "blind/name", b"martin")

        with ThreadPoolExecutor() as pool, open(f"{path}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            running = [pool.submit(made) for _ in range(4)]
            time.sleep(0.2)  # all have seen that there is no owner
            fcntl.flock(lock, fcntl.LOCK_UN)
            assert {one.result() for one in running} == {made()}

    def test_it_is_parsed_once_while_it_does_not_change(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
        keys = LocalKeys(tmp_path / "keys.json")
        keys.create("department/62")
        keys.owners()
        monkeypatch.setattr(json, "loads", None)
        assert keys.owners() == ("department/62",)

    def test_a_master_secret_hides_its_keys_and_its_owners(self, tmp_path: Path):
        path = tmp_path / "keys.json"
        LocalKeys(path, master=SECRET).create("department/62")
        assert set(json.loads(path.read_text())) == {"format", "salt", "sealed"}
        assert "department" not in path.read_text()
        assert LocalKeys(path, master=SECRET).owners() == ("department/62",)

    @pytest.mark.parametrize(("made", "read"), [(SECRET, "another"), (SECRET, None), (None, SECRET)])
    def test_the_wrong_master_secret_or_none_is_refused(self, tmp_path: Path, made: str | None, read: str | None):
        path = tmp_path / "keys.json"
        LocalKeys(path, master=made).create("department/62")
        content = path.read_bytes()
        with pytest.raises(KeyServiceUnavailable, match="secret maître"):
            LocalKeys(path, master=read).create("department/59")
        assert path.read_bytes() == content

    @pytest.mark.parametrize(
        "content", [b"", b"[]", b'{"format": 1}', b'{"format": 1, "owners": {"a": {"latest": 1}}}']
    )
    def test_a_damaged_file_is_refused_without_being_quoted(self, tmp_path: Path, content: bytes):
        path = tmp_path / "keys.json"
        path.touch(0o600)
        path.write_bytes(content)
        with pytest.raises(KeyServiceUnavailable, match="fichier de clés"):
            LocalKeys(path).owners()

    def test_half_a_file_tells_none_of_its_keys(self, tmp_path: Path):
        path = tmp_path / "keys.json"
        LocalKeys(path).create("department/62")
        content = path.read_text()
        mac = json.loads(content)["owners"]["department/62"]["mac"]
        path.write_text(content.replace("sign", "sing"))
        with pytest.raises(KeyServiceUnavailable) as refused:
            LocalKeys(path).owners()
        assert mac not in everything_said(refused.value)

    def test_what_a_crash_left_beside_it_stops_nothing(self, tmp_path: Path):
        path = tmp_path / "keys.json"
        (tmp_path / f"keys.json.{os.getpid()}.new").write_text("half")
        LocalKeys(path).create("department/62")
        assert LocalKeys(path).owners() == ("department/62",)


class TestTheTransitEngine:
    def test_it_must_be_reached_over_https_unless_it_is_on_this_machine(self):
        with pytest.raises(KeyServiceUnavailable, match="https"):
            OpenBaoKeys("http://keys.example.org:8200", TOKEN)
        assert repr(OpenBaoKeys("https://keys.example.org:8200", TOKEN)) == "OpenBaoKeys('keys.example.org:8200')"

    def test_a_refused_token_a_sealed_engine_and_no_engine_are_not_altered_keys(self):
        with serving() as (url, transit):
            keys = OpenBaoKeys(url, TOKEN)
            keys.create("department/62")
            wrapped = keys.wrap("department/62", KEY, context=b"file 1")
            with pytest.raises(KeyServiceUnavailable, match="jeton"):
                OpenBaoKeys(url, "another token").unwrap("department/62", wrapped, context=b"file 1")
            transit.sealed = True
            with pytest.raises(KeyServiceUnavailable, match="descellé"):
                keys.unwrap("department/62", wrapped, context=b"file 1")
        with pytest.raises(KeyServiceUnavailable, match="répond") as gone:
            keys.wrap("department/62", KEY, context=b"file 1")
        assert base64.b64encode(KEY).decode() not in everything_said(gone.value)

    def test_keys_of_others_in_the_same_engine_are_not_owners(self):
        with serving() as (url, _):
            OpenBaoKeys(url, TOKEN, prefix="other.").create("department/59")
            keys = OpenBaoKeys(url, TOKEN)
            assert keys.owners() == ()
            keys.create("department/62")
            assert keys.owners() == ("department/62",)

    def test_creating_what_exists_only_reads(self):
        with serving() as (url, transit):
            OpenBaoKeys(url, TOKEN).create("department/62")
            transit.bodies.clear()
            OpenBaoKeys(url, TOKEN).create("department/62")
            assert transit.bodies == [b""]

    def test_a_version_that_is_forgotten_is_gone_from_the_engine(self):
        with serving() as (url, transit):
            keys = OpenBaoKeys(url, TOKEN)
            keys.create("department/62")
            keys.rotate("department/62")
            keys.forget("department/62", 2)
            assert set(transit.keys["egide.department.62.wrap"].versions) == {2}

    def test_keys_rotated_by_hand_change_no_code_and_no_signature(self):
        with serving() as (url, transit):
            keys = OpenBaoKeys(url, TOKEN)
            keys.create("department/62")
            code, signature = keys.mac("department/62", "blind/name", b"martin"), keys.sign("department/62", b"head")
            transit.keys["egide.department.62.mac"].rotate()
            transit.keys["egide.department.62.sign"].rotate()
            assert keys.mac("department/62", "blind/name", b"martin") == code
            assert keys.sign("department/62", b"head") == signature


def everything_said(problem: BaseException) -> str:
    """The error, its chain, what each holds, as a log could write it."""
    said = "".join(traceback.format_exception(problem))
    seen: BaseException | None = problem
    while seen is not None:
        said += repr(seen) + repr(seen.args) + repr(vars(seen))
        seen = seen.__cause__ or seen.__context__
    return said
