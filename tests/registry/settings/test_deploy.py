"""A production site, as its host starts it: `check --deploy` in a process of its own, with this environment only."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

GOOD = {
    "EGIDE_SECRET_KEY": "K7fQz2Lw9xBn4Vt6Rm1Yc8Hj3Pd5Gs0Ua-Ee_Ii+Oo=Xx.Ww,Zz",
    "EGIDE_HOSTS": "registre.exemple.invalid",
    "EGIDE_DATABASE_HOST": "base.exemple.invalid",
    "EGIDE_DATABASE_CA": "/etc/egide/base.pem",
    "EGIDE_APP_PASSWORD": "motdepasse-du-site-1",
    "EGIDE_KEYS_URL": "https://cles.exemple.invalid",
    "EGIDE_KEYS_TOKEN": "un-jeton-secret",
    "EGIDE_ANCHORS": "/srv/egide/ancres",
    "EGIDE_RELEASES": "/srv/egide/diffusions",
}
WEAK = {"EGIDE_SECRET_KEY": "tropcourte", "EGIDE_KEYS_URL": "http://cles.exemple.invalid", "EGIDE_HOSTS": "*"}


def checked(env: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=Path(__file__).parents[3],
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "egide_registry.settings.production", **env},
        capture_output=True,
        text=True,
        check=False,
    )


def test_django_finds_nothing_to_say_of_a_sound_production_site():
    found = checked(GOOD)
    assert found.returncode == 0, found.stderr


def test_a_weak_production_site_does_not_start_and_says_why_without_a_value():
    found = checked(GOOD | WEAK)
    assert found.returncode != 0
    assert all(name in found.stderr for name in WEAK)
    assert "tropcourte" not in found.stderr
    assert "http://cles" not in found.stderr
