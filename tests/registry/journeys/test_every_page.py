"""Every page that somebody can reach by links, in every role: accessible, whole on a small screen, and discreet.

Axe is asked once for each kind of page on a desk and once on a telephone; the rest is asked of every page met.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from django.urls.exceptions import Resolver404
from playwright.sync_api import Browser

from egide_registry.accounts.rules import Role
from support.accounts import known
from support.browser import axe_violations
from support.inhabited import inhabit
from support.journeys import DESK, NAMES, ROLES, Reader, reading, window
from support.registry import World

pytestmark = pytest.mark.browser

# Axe judges the telephone, where the most is folded away; every size must hold the page.
SIZES = {"on a desk": DESK, "at 200 %": {"width": 640, "height": 450}, "on a telephone": {"width": 320, "height": 640}}
EACH = 2  # pages of a kind that a role visits, but for those where what may be done hangs on a state
ALL = {"psp:file", "psp:request", "psp:decision", "commissions:session"}
DOWNLOADS = {"psp:document", "psp:decision_pdf", "psp:receipt", "commissions:minutes_pdf", "statistics:delivery"}
TELLING = re.compile(r"prostitu|\bpsp\b|\bcdlp\b|victime|traite|proxén|[2-9A-Z]{2,4}-[2-9A-Z]{4}-[2-9A-Z]{4}", re.I)
# Reached by a form, a mail or another site, never by a link; each has tests of its own.
NOT_LINKED = {
    *("theme:quick-exit", "theme:still-here", "accounts:sign_out"),
    *("accounts:to_state", "accounts:from_state", "accounts:invitation", "accounts:first_access"),
    *("accounts:second_factor", "accounts:change_password", "accounts:add_key", "accounts:remove_key"),
    *("accounts:send_again", "accounts:close", "accounts:end"),
    *("psp:new", "psp:add_document", "psp:remove_document"),
    *("access:break", "access:review", "access:decide", "access:extract"),
    *("access:export_confirmed", "access:export_download"),
    "statistics:delivery",  # once something was released
    "psp:end_at_term",  # the day after the term
}
READ = """() => ({
  title: document.title,
  exit: !!document.querySelector(".eg-exit[href]"),
  headings: document.querySelectorAll("h1").length,
  inline: [...document.querySelectorAll("*")].filter(one =>
    one.tagName === "STYLE" || (one.tagName === "SCRIPT" && !one.src) ||
    one.getAttributeNames().some(name => name === "style" || name.startsWith("on")))
    .map(one => one.outerHTML.slice(0, 80)),
  links: [...document.querySelectorAll("a[href]")].map(one => one.getAttribute("href")),
})"""
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def names_of(resolver: URLResolver, space: str = "") -> Iterator[str]:
    """The name of every address of the site."""
    for one in resolver.url_patterns:
        if isinstance(one, URLPattern):
            yield f"{space}{one.name}"
        else:
            yield from names_of(one, f"{one.namespace}:" if one.namespace else space)


class Crawl:
    """What was met, and everything wrong with it."""

    def __init__(self) -> None:
        self.met: set[str] = set()
        self.wrong: dict[str, list[str]] = defaultdict(list)
        self.judged: set[str] = set()

    def walk(self, reader: Reader, who: str) -> None:
        """Follow every link from « / », a few pages of each kind."""
        waiting, seen, count = ["/"], {"/"}, defaultdict(int)
        while waiting:
            path = waiting.pop(0)
            name = resolve(urlsplit(path).path).view_name
            count[name] += 1
            if count[name] > EACH and name not in ALL:
                continue
            self.met.add(name)
            if name in DOWNLOADS:
                answer = reader.page.request.get(reader.live + path)
                self.blame(name, who, [] if answer.ok else [f"status {answer.status}"])
                continue
            for link in self.read(reader, path, name, who):
                if link not in seen:
                    seen.add(link)
                    waiting.append(link)

    def read(self, reader: Reader, path: str, name: str, who: str) -> list[str]:
        """Judge one page; gives the links of the site it holds."""
        reader.page.set_viewport_size(DESK)
        status = reader.visit(path)
        if status != 200:
            self.blame(name, who, [f"status {status}"])
            return []
        name = resolve(urlsplit(reader.page.url).path).view_name  # « / » leads elsewhere
        self.met.add(name)
        found = reader.page.evaluate(READ)
        said = [*found["inline"], *reader.complaints]
        reader.complaints.clear()
        if any(name in found["title"] for name in NAMES) or TELLING.search(found["title"]):
            said.append(f"a telling title: {found['title']}")
        if not found["exit"]:
            said.append("no quick exit")
        if found["headings"] != 1:
            said.append(f"{found['headings']} main headings")
        said += self.sized(reader, name)
        self.blame(name, who, said)
        return [link for link in map(self.ours, found["links"]) if link]

    def sized(self, reader: Reader, name: str) -> list[str]:
        """What does not fit, and what axe says, at each size of the window."""
        said = []
        for size, window_size in SIZES.items():
            reader.page.set_viewport_size(window_size)
            wider = reader.page.evaluate(WIDER)
            if wider > 0:
                said.append(f"{wider} pixels too wide {size}")
            if size == "on a telephone" and name not in self.judged:
                said += [f"{size}: {rule}" for rule in axe_violations(reader.page)]
        self.judged.add(name)
        return said

    @staticmethod
    def ours(link: str) -> str | None:
        """The path and query of a page of the site; None for an anchor or another site."""
        parts = urlsplit(link)
        if parts.scheme or not parts.path.startswith("/"):
            return None
        try:
            resolve(parts.path)
        except Resolver404:
            return None
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def blame(self, name: str, who: str, said: list[str]) -> None:
        self.wrong[f"{name} ({who})"] += said


@pytest.mark.slow
def test_every_page_of_every_role_is_accessible_whole_and_discreet(world: World, live: str, chromium: Browser):
    desk, crawl = inhabit(world), Crawl()
    for role in ROLES:
        mandate = desk.court if role is Role.MEMBER else world[role]
        with reading(chromium, live, mandate) as reader:
            crawl.walk(reader, role)
    with window(chromium, live) as nobody:  # before sign-in
        crawl.walk(nobody, "nobody")
        who = known(world)
        nobody.open("accounts:sign_in")
        nobody.fill({"email": who.email, "password": who.password})
        nobody.press("Continuer")
        crawl.read(nobody, "/connexion/second-facteur/", "accounts:second_factor", "nobody")
    assert {place: said for place, said in crawl.wrong.items() if said} == {}
    out_of_reach = set(names_of(get_resolver())) - crawl.met - NOT_LINKED
    assert out_of_reach == set(), sorted(out_of_reach)
