"""Reading the environment of a production site, and refusing a weak one with everything that is wrong. Pure."""

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from attrs import field, frozen

LEAST_SECRET = 50  # characters
LEAST_PASSWORD = 20


class WeakEnvironment(Exception):
    """The site does not start. The message names variables and what they should be, never their values."""

    def __init__(self, defects: list[str]) -> None:
        super().__init__("The registry does not start:\n" + "\n".join(f"- {defect}" for defect in defects))
        self.defects = defects


@frozen(kw_only=True)
class Production:
    """What a production site is told. Secrets do not show in a repr."""

    secret_key: str = field(repr=False)
    hosts: tuple[str, ...]
    database_host: str
    database_port: str
    database_name: str
    passwords: Mapping[str, str] = field(repr=False)  # by role of the database
    database_ca: str
    keys_url: str
    keys_token: str = field(repr=False)
    keys_ca: str
    anchors: str
    releases: str
    counted: tuple[str, ...]  # departments; none: all
    mail_host: str
    mail_from: str
    clamd: str | tuple[str, int] | None  # a socket, or a host and port
    oidc: Mapping[str, str] | None = field(repr=False)


ROLES = {
    "EGIDE_APP_PASSWORD": "egide_app",
    "EGIDE_OWNER_PASSWORD": "egide_owner",
    "EGIDE_STAT_PASSWORD": "egide_stat",
    "EGIDE_AUDIT_PASSWORD": "egide_audit",
}
OIDC = ("issuer", "client_id", "client_secret")


def read(env: Mapping[str, str]) -> Production:
    """The settings of a production site. Raises WeakEnvironment with every defect, missing or weak."""
    defects = list(_defects(env))
    if defects:
        raise WeakEnvironment(defects)
    oidc = {name: env.get(f"EGIDE_OIDC_{name.upper()}", "") for name in OIDC}
    return Production(
        secret_key=env["EGIDE_SECRET_KEY"],
        hosts=tuple(host.strip() for host in env["EGIDE_HOSTS"].split(",")),
        database_host=env["EGIDE_DATABASE_HOST"],
        database_port=env.get("EGIDE_DATABASE_PORT", "5432"),
        database_name=env.get("EGIDE_DATABASE_NAME", "egide"),
        passwords={role: env[name] for name, role in ROLES.items() if env.get(name)},
        database_ca=env.get("EGIDE_DATABASE_CA", ""),
        keys_url=env["EGIDE_KEYS_URL"],
        keys_token=env["EGIDE_KEYS_TOKEN"],
        keys_ca=env.get("EGIDE_KEYS_CA", ""),
        anchors=env["EGIDE_ANCHORS"],
        releases=env["EGIDE_RELEASES"],
        counted=tuple(env.get("EGIDE_STATISTICS_DEPARTMENTS", "").replace(",", " ").split()),
        mail_host=env.get("EGIDE_MAIL_HOST", ""),
        mail_from=env.get("EGIDE_MAIL_FROM", ""),
        clamd=_clamd(env.get("EGIDE_CLAMD", "")),
        oidc=oidc if any(oidc.values()) else None,
    )


def _defects(env: Mapping[str, str]) -> Iterator[str]:
    needed = ("EGIDE_SECRET_KEY", "EGIDE_HOSTS", "EGIDE_DATABASE_HOST", "EGIDE_KEYS_URL", "EGIDE_KEYS_TOKEN")
    for name in (*needed, "EGIDE_ANCHORS", "EGIDE_RELEASES", "EGIDE_APP_PASSWORD"):
        if not env.get(name):
            yield f"{name}: expected a value, got nothing."
    yield from _secret(env.get("EGIDE_SECRET_KEY", ""))
    for host in env.get("EGIDE_HOSTS", "").split(","):
        if host.strip().startswith(("*", ".")):
            yield "EGIDE_HOSTS: expected full names of hosts, got a wildcard."
    for name in ROLES:
        if env.get(name) and len(env[name]) < LEAST_PASSWORD:
            yield f"{name}: expected {LEAST_PASSWORD} characters or more, got {len(env[name])}."
    given = [env[name] for name in ROLES if env.get(name)]
    if len(set(given)) < len(given):
        yield "Passwords of the database: expected one for each role, got the same twice."
    remote = env.get("EGIDE_DATABASE_HOST", "/")[:1] != "/"
    if remote and not env.get("EGIDE_DATABASE_CA"):
        yield "EGIDE_DATABASE_CA: expected the certificate that vouches for a database across a network, got nothing."
    if env.get("EGIDE_KEYS_URL") and urlsplit(env["EGIDE_KEYS_URL"]).scheme != "https":
        yield "EGIDE_KEYS_URL: expected an address in https, got another."
    if env.get("EGIDE_DEBUG"):
        yield "EGIDE_DEBUG: expected nothing in production, got a value."
    oidc = [name for name in OIDC if env.get(f"EGIDE_OIDC_{name.upper()}")]
    if oidc and len(oidc) < len(OIDC):
        yield f"EGIDE_OIDC_*: expected {', '.join(OIDC)} together, got {', '.join(oidc)} only."


def _secret(secret: str) -> Iterator[str]:
    if secret and (len(secret) < LEAST_SECRET or len(set(secret)) < 12):
        yield f"EGIDE_SECRET_KEY: expected {LEAST_SECRET} characters or more drawn at random, got a weak one."


def _clamd(said: str) -> str | tuple[str, int] | None:
    """`/run/clamd.sock`, or `antivirus.interne:3310`."""
    host, _, port = said.rpartition(":")
    return (host, int(port)) if host and port.isdigit() else said or None
