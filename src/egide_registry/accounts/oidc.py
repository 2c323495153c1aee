"""Sign-in through the State's identity provider (OpenID Connect, ProConnect): what is asked, and what is believed.

Authorisation code with PKCE, state and nonce. Nothing is believed before its signature, its issuer, its audience, its
dates and its level were checked here, on the server. Only issuer and subject are used: no address and no name is read.
Source: docs/decisions/oidc.md.
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import jwt
import requests
from attrs import field, frozen
from django.conf import settings

LEEWAY: Final = 30  # seconds between the two clocks
TIMEOUT: Final = 5  # seconds for one answer of the provider
LARGEST: Final = 256 * 1024  # bytes of one answer
ALGORITHMS: Final = ("RS256", "ES256")  # never a shared secret, never none
# Two factors at least. https://partenaires.proconnect.gouv.fr, « niveaux d’authentification », values after June 2026.
LEVELS: Final = ("eidas0-mfa", "eidas1-mfa", "eidas2", "eidas3")
REQUIRED: Final = ["iss", "sub", "aud", "exp", "iat"]


class Untrusted(Exception):
    """The provider's answer is not believed. The words go to the log of the site: they hold no value of it."""


class TooWeak(Untrusted):
    """The person was recognised, with less than two factors."""


@frozen(kw_only=True)
class Provider:
    """The setting EGIDE_OIDC. The issuer is https, save on this machine (demo and tests)."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    scopes: str = "openid"
    acr: tuple[str, ...] = field(default=LEVELS, converter=tuple)

    @classmethod
    def named(cls) -> "Provider | None":
        """The one the settings name, None if the site has none."""
        named = getattr(settings, "EGIDE_OIDC", None)
        return cls(**named) if named else None


@frozen(kw_only=True)
class Started:
    """What must come back with the person, kept on the server meanwhile."""

    state: str
    nonce: str
    verifier: str


@frozen(kw_only=True)
class Endpoints:
    """Where the provider answers, as its discovery says."""

    authorize: str
    token: str
    keys: str
    userinfo: str


def start() -> Started:
    """[chance] Three values that nobody can guess."""
    return Started(state=secrets.token_urlsafe(32), nonce=secrets.token_urlsafe(32), verifier=secrets.token_urlsafe(48))


def address(provider: Provider, endpoints: Endpoints, started: Started, *, back: str) -> str:
    """Where to send the browser. The level is an essential claim: the provider must reach it or say no."""
    digest = hashlib.sha256(started.verifier.encode()).digest()
    claims = {"id_token": {"acr": {"essential": True, "values": list(provider.acr)}, "amr": {"essential": True}}}
    query = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": back,
        "scope": provider.scopes,
        "state": started.state,
        "nonce": started.nonce,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
        "acr_values": " ".join(provider.acr),
        "claims": json.dumps(claims, separators=(",", ":")),
    }
    return f"{endpoints.authorize}{'&' if '?' in endpoints.authorize else '?'}{urlencode(query)}"


# ---------------------------------------------------------------- what is believed (pure)


def believed(
    token: str,
    keys: Mapping[str, Any],
    *,
    provider: Provider,
    required: list[str] = REQUIRED,
) -> dict[str, Any]:
    """The claims of a token signed by this provider for this site.

    In:     the token and the provider's published keys (a JWK set).
    Raises: Untrusted, for any other algorithm, key, issuer, audience or date.
    """
    try:
        header = jwt.get_unverified_header(token)
        algorithm = header.get("alg")
        if algorithm not in ALGORITHMS:
            raise Untrusted(f"algorithm not among {', '.join(ALGORITHMS)}")
        claims: dict[str, Any] = jwt.decode(
            token,
            _key(keys, header.get("kid"), algorithm),
            algorithms=[algorithm],
            audience=provider.client_id,
            issuer=provider.issuer,
            leeway=LEEWAY,
            options={"require": required},
        )
    except jwt.PyJWTError as refused:
        raise Untrusted(type(refused).__name__) from None
    if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != provider.client_id:
        raise Untrusted("made for several sites, and not first for this one")
    return claims


def _key(keys: Mapping[str, Any], identifier: object, algorithm: str) -> jwt.PyJWK:
    """The published key that the token names; its own algorithm, if it says one, must be the token's."""
    kind = {"RS256": "RSA", "ES256": "EC"}[algorithm]
    for key in keys.get("keys", ()):
        named = identifier is None or key.get("kid") == identifier
        if (
            named
            and key.get("kty") == kind
            and key.get("use", "sig") == "sig"
            and key.get("alg", algorithm) == algorithm
        ):
            return jwt.PyJWK(key, algorithm)
    raise Untrusted("signed with a key that is not published")


def check_level(claims: Mapping[str, Any], provider: Provider) -> None:
    """Raise TooWeak unless the level returned is one that was asked and the ways agree with it. Before any session."""
    acr, amr = claims.get("acr"), claims.get("amr")
    if acr not in provider.acr:
        raise TooWeak("level not among those asked")
    if str(acr).endswith("-mfa") and amr is not None and "mfa" not in amr:
        raise TooWeak("the ways used are not two factors")


# ---------------------------------------------------------------- asking the provider [I/O]


def _safe(url: object, provider: Provider) -> str:
    """The address, if it is https; http only where the issuer itself is on this machine."""
    here = urlsplit(provider.issuer)
    if not isinstance(url, str):
        raise Untrusted("an address is missing from the discovery")
    parts = urlsplit(url)
    local = here.scheme == "http" and here.hostname in ("localhost", "127.0.0.1") and parts.hostname == here.hostname
    if parts.scheme != "https" and not (parts.scheme == "http" and local):
        raise Untrusted("an address of the provider is not https")
    return url


def _asked(ask: Callable[..., requests.Response], url: str, **more: Any) -> requests.Response:
    try:
        answer = ask(url, timeout=TIMEOUT, allow_redirects=False, **more)
    except requests.RequestException as failure:
        raise Untrusted(f"no answer: {type(failure).__name__}") from None
    if answer.status_code != 200 or len(answer.content) > LARGEST:
        raise Untrusted(f"answer {answer.status_code}")
    return answer


def _json(answer: requests.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        raise Untrusted("answer is not JSON") from None
    if not isinstance(found, dict):
        raise Untrusted("answer is not a JSON object")
    return found


def discover(provider: Provider) -> Endpoints:
    """Read where the provider answers, anew at each sign-in: what it changes is followed."""
    found = _json(_asked(requests.get, _safe(f"{provider.issuer}/.well-known/openid-configuration", provider)))
    if found.get("issuer") != provider.issuer:
        raise Untrusted("the discovery speaks of another issuer")
    names = ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint")
    authorize, token, keys, userinfo = (_safe(found.get(name), provider) for name in names)
    return Endpoints(authorize=authorize, token=token, keys=keys, userinfo=userinfo)


def subject(provider: Provider, endpoints: Endpoints, started: Started, *, code: str, back: str) -> str:
    """Exchange the code; give the subject of the person. Raises Untrusted, or TooWeak.

    The keys are read after the token: a key that has just replaced another is there.
    """
    asked = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "client_id": provider.client_id,
        "client_secret": provider.client_secret,
        "code_verifier": started.verifier,
    }
    tokens = _json(_asked(requests.post, endpoints.token, data=asked))
    keys = _json(_asked(requests.get, endpoints.keys))
    claims = believed(str(tokens.get("id_token", "")), keys, provider=provider)
    if not secrets.compare_digest(str(claims.get("nonce", "")).encode(), started.nonce.encode()):
        raise Untrusted("made for another sign-in")
    check_level(claims, provider)
    if _userinfo(provider, endpoints, str(tokens.get("access_token", "")), keys).get("sub") != claims["sub"]:
        raise Untrusted("the user information is of somebody else")
    return str(claims["sub"])


def _userinfo(provider: Provider, endpoints: Endpoints, access: str, keys: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the provider says of the person: JSON, or a signed token as ProConnect sends. Only the subject is used."""
    answer = _asked(requests.get, endpoints.userinfo, headers={"Authorization": f"Bearer {access}"})
    if answer.headers.get("Content-Type", "").startswith("application/jwt"):
        return believed(answer.text.strip(), keys, provider=provider, required=["iss", "sub", "aud"])
    return _json(answer)
