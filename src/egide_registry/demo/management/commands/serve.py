"""`manage.py serve`: the demo from nothing. A PostgreSQL of its own, the tables, an invented department, the site."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.utils import timezone

from egide_registry.demo import folder as places
from egide_registry.demo import seed, words
from egide_registry.security import checks, server

HOST = "127.0.0.1"
THREADS = 8
PATIENCE = 60  # seconds for the site to answer


class Command(BaseCommand):
    help = "Sert la démonstration sur cette machine : base, données inventées, site."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--reset", action="store_true", help="effacer la démonstration et la refaire")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = getattr(settings, "EGIDE_DEMO_FOLDER", None)
        if folder is None:
            raise CommandError(
                "Réglages\u00a0: attendu egide_registry.settings.demo, reçu d’autres. Cette commande ne sert que la "
                "démonstration\u00a0: retirez DJANGO_SETTINGS_MODULE."
            )
        address = f"http://localhost:{options['port']}/"
        # Asked to stop, stop as after Ctrl-C: the site first, then the database.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            places.check_place(folder, Path(sys.prefix), root=places.is_root())
            with places.held(folder, address=address):
                _check_port(options["port"])
                self.open(folder, reset=options["reset"])
                self.serve(folder, options["port"], address)
        except places.DemoRefused as refused:
            raise CommandError(str(refused)) from None
        except KeyboardInterrupt:
            self.stdout.write("\nArrêt de la démonstration.")

    def open(self, folder: Path, *, reset: bool) -> None:
        """Start the database, make or update its tables, seed it when it is empty."""
        began = time.monotonic()
        places.forget_handles(folder)
        if reset:
            if (folder / places.DATA / "postmaster.pid").exists():
                raise places.DemoRefused(
                    "Base de la démonstration\u00a0: attendue arrêtée, reçue en marche (un arrêt brutal, sans doute). "
                    "Lancez « python manage.py serve », arrêtez par Ctrl-C, puis recommencez avec --reset."
                )
            places.empty(folder)
        self.say("Base de données…")
        where = server.start(folder / places.DATA)
        places.name_socket(folder, where)
        for alias in connections.settings:
            connections.settings[alias]["HOST"] = where
        call_command("migrate", database="owner", verbosity=0)
        if seed.empty():
            self.say("Département inventé (une minute au plus)…")
            seed.seed(on=timezone.localdate())
            Path(settings.EGIDE_ANCHORS).mkdir(exist_ok=True)
            call_command("seal_journal", verbosity=0)
            (folder / places.SEEDED).touch()
        elif not (folder / places.SEEDED).exists():
            raise places.DemoRefused(
                "Données de la démonstration\u00a0: attendues entières, reçues inachevées (préparation interrompue). "
                "Recommencez avec --reset."
            )
        found = checks.holes()
        if found:
            raise CommandError("La base a des trous\u202f; le site ne s’ouvre pas\u00a0:\n" + "\n".join(found))
        connections.close_all()
        self.say(f"Prêt en {time.monotonic() - began:.0f} s.")

    def serve(self, folder: Path, port: int, address: str) -> None:
        """The site in a process of its own, until it ends or is asked to."""
        command = [sys.executable, "-m", "gunicorn", "egide_registry.wsgi", "--bind", f"{HOST}:{port}"]
        command += ["--workers", "1", "--threads", str(THREADS), "--worker-class", "gthread", "--log-level", "warning"]
        here = {**os.environ, "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE}
        site = subprocess.Popen(command, env={**here, "EGIDE_DEMO_SOCKET": connections.settings["default"]["HOST"]})
        try:
            _wait(site, port)
            self.stdout.write(words.served_text(address, folder=str(folder)))
            site.wait()
        finally:
            if site.poll() is None:
                site.send_signal(signal.SIGTERM)
                site.wait()
        raise CommandError("Le site s’est arrêté de lui-même\u202f; ce qu’il en a dit est au-dessus.")

    def say(self, text: str) -> None:
        """A sign of progress, seen at once."""
        self.stdout.write(text)
        self.stdout.flush()


def _check_port(port: int) -> None:
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            raise places.DemoRefused(
                f"Port {port}\u00a0: attendu libre, reçu pris. Choisissez-en un autre, par exemple --port {port + 1}."
            ) from None


def _wait(site: "subprocess.Popen[bytes]", port: int) -> None:
    """Until the site answers on its port."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and site.poll() is None:
        with closing(socket.socket()) as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.2)
    raise CommandError(f"Le site ne répond pas sur le port {port}\u202f; ce qu’il en a dit est au-dessus.")
