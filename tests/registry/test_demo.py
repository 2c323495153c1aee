"""The demo: an invented department in which every list is alive, and every account finds its pages."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from egide_registry.accounts.models import Mandate
from egide_registry.demo import accounts, folder, stories
from egide_registry.demo.management.commands.demo import Command as Codes
from egide_registry.demo.seed import Seeded, empty, seed
from egide_registry.navigation import MENU
from egide_registry.psp.models import File, Request
from egide_registry.psp.rules.states import FileState, RequestState
from support.live import sign_in
from support.registry import acting


@pytest.fixture(scope="module")
def demo(database: None) -> Iterator[Seeded]:
    assert empty()
    before = len(mail.outbox) if hasattr(mail, "outbox") else 0
    made = seed(on=timezone.localdate())
    assert len(getattr(mail, "outbox", [])) == before  # nobody is told of acts that happened years ago
    assert not empty()
    yield made


def mandate(demo: Seeded, account: accounts.Account) -> Mandate:
    return (demo.neighbour if account.place else demo.here).mandates[account.slug]


def test_each_file_ends_where_its_story_says(demo: Seeded):
    keepers = {life.asso: demo.here.mandates[life.asso] for _, life in demo.lives}
    found = Counter()
    for story, life in demo.lives:
        by = demo.neighbour.mandates["voisin-association"] if story is stories.MOVED else keepers[life.asso]
        with acting(by):
            file, request = File.objects.get(pk=life.file), Request.objects.get(pk=life.request)
        assert (file.state, request.state) == (story.file, story.request), story
        found[request.state] += 1
    assert len(demo.lives) >= 40
    assert set(found) == set(RequestState)  # no list is empty


def test_every_state_of_a_file_is_there(demo: Seeded):
    assert {story.file for story, _ in demo.lives} == set(FileState)


def test_no_name_of_the_demo_could_be_anybodys(demo: Seeded):
    assert all(life.said["identity"]["family_name"].startswith("Exemple-") for _, life in demo.lives)


@pytest.mark.parametrize("account", accounts.ACCOUNTS, ids=lambda account: account.slug)
def test_every_account_finds_every_page_of_its_menu(demo: Seeded, account: accounts.Account):
    client = Client()
    sign_in(client, mandate(demo, account))
    for name, _ in MENU[account.role]:
        assert client.get(reverse(name)).status_code == 200, name


@pytest.mark.parametrize("slug", ["association", "association2", "delegation", "prefet", "prefet2"])
def test_whoever_serves_files_reads_them(demo: Seeded, slug: str):
    by = demo.here.mandates[slug]
    client = Client()
    sign_in(client, by)
    with acting(by):
        files = list(File.objects.exclude(state=FileState.PURGED).values_list("pk", flat=True))
        requests = list(Request.objects.exclude(form=None).values_list("pk", flat=True))
    assert len(files) >= 15
    for key in files[::5]:
        assert client.get(reverse("psp:file", args=[key])).status_code == 200
    for key in requests[::10]:
        assert client.get(reverse("psp:request", args=[key])).status_code == 200


def test_an_account_signs_in_with_the_password_and_the_code_that_the_terminal_prints(
    demo: Seeded, capsys: pytest.CaptureFixture[str]
):
    client = Client()
    account = accounts.ACCOUNTS[0]
    page = client.post(reverse("accounts:sign_in"), {"email": account.email, "password": accounts.PASSWORD})
    assert page.status_code == 302
    call_command(Codes(), "code", account.email)
    code = capsys.readouterr().out.strip()
    client.post(reverse("accounts:second_factor"), {"code": code})
    assert client.get(reverse("psp:home")).status_code == 200


def test_an_unknown_account_has_no_code():
    with pytest.raises(CommandError, match="attendu l’un de association"):
        call_command(Codes(), "code", "personne")


@pytest.fixture
def outside() -> Iterator[Path]:
    """A folder that everyone may enter, with all that is above it."""
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        yield Path(place)


def test_a_private_home_is_never_opened_to_others(outside: Path):
    home = outside / "private"
    home.mkdir(mode=0o700)
    with pytest.raises(folder.DemoRefused, match="EGIDE_DEMO_FOLDER"):
        folder.check_place(home / "demo", outside, root=True)
    with pytest.raises(folder.DemoRefused, match="sans être root"):
        folder.check_place(outside / "demo", home / ".venv", root=True)
    folder.check_place(outside / "demo", outside / ".venv", root=True)
    folder.check_place(home / "demo", home / ".venv", root=False)  # nothing is opened without root
    assert home.stat().st_mode & 0o777 == 0o700


def test_a_second_start_on_the_same_folder_says_where_the_first_is(tmp_path: Path):
    with folder.held(tmp_path, address="http://localhost:8000/"):
        second = folder.held(tmp_path, address="http://localhost:8001/")
        with pytest.raises(folder.DemoRefused, match="http://localhost:8000/"):
            second.__enter__()
    with folder.held(tmp_path, address="http://localhost:8001/"):
        pass


def test_a_reset_removes_what_the_demo_made_and_nothing_else(tmp_path: Path):
    (tmp_path / folder.DATA).mkdir()
    (tmp_path / folder.KEYS).write_text("{}")
    (tmp_path / "mine.txt").write_text("kept")
    folder.name_socket(tmp_path, str(tmp_path / folder.DATA))
    folder.empty(tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.slow
def test_the_demo_opens_from_nothing_says_it_is_one_and_stops_whole(outside: Path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    root = Path(__file__).parents[2]
    served = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--port", str(port)],
        cwd=root,
        env=os.environ | {"EGIDE_DEMO_FOLDER": str(outside), "DJANGO_SETTINGS_MODULE": "egide_registry.settings.demo"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert served.stdout is not None
        said = []
        for line in served.stdout:
            said.append(line)
            if line.startswith("Arrêter"):
                break
        assert any(accounts.PASSWORD in line for line in said), said
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/connexion/") as page:
            assert "aucune donnée réelle" in page.read().decode()
    finally:
        served.send_signal(signal.SIGTERM)
        rest = served.communicate(timeout=60)[0]
    assert "Arrêt de la démonstration." in rest
    assert served.returncode == 0
    assert not (outside / folder.DATA / "postmaster.pid").exists()  # the server went too
