"""The pages of sign-in: password and second factor, the State's provider, first access, mandate, my account."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from egide_registry.accounts import invitations, oidc, returning, sessions, sign_in, totp
from egide_registry.accounts.forms import ChangePasswordForm, CodeForm, KeyForm, NewKeyForm, NewPasswordForm, SignInForm
from egide_registry.accounts.permissions import ActingRequest, signed
from egide_registry.accounts.sign_in import Refusal

page = require_http_methods(["GET", "HEAD", "POST"])


def _home(request: HttpRequest) -> HttpResponse:
    """After the last factor: to work, or to the choice of a mandate."""
    return redirect(settings.LOGIN_REDIRECT_URL if sessions.MANDATE in request.session else "accounts:choose")


# ---------------------------------------------------------------- sign-in


@page
def password(request: HttpRequest) -> HttpResponse:
    """E-mail and password. The same answer whether the address is known or not."""
    if getattr(request, "person", None) is not None:
        return redirect("accounts:choose")
    form = SignInForm(request.POST or None)
    if form.is_valid():
        refused = sign_in.give_password(request, **form.cleaned_data, now=timezone.now())
        if refused is None:
            return redirect("accounts:second_factor")
        form.add_error(None, refused.words)
    return render(request, "accounts/sign_in.html", {"form": form, "state": oidc.Provider.named() is not None})


@page
def second_factor(request: HttpRequest) -> HttpResponse:
    """A code, or a passkey."""
    half = sign_in.half_way(request)
    if half is None:
        return redirect("accounts:sign_in")
    by_key = "credential" in request.POST
    form: CodeForm | KeyForm = KeyForm(request.POST) if by_key else CodeForm(request.POST or None)
    if form.is_valid():
        now = timezone.now()
        if by_key:
            refused = sign_in.give_key(request, *half, answer=form.cleaned_data["credential"], now=now)
        else:
            refused = sign_in.give_code(request, *half, code=form.cleaned_data["code"], now=now)
        if refused is None:
            return _home(request)
        if refused.final:
            return _told(request, refused)
        form.add_error(None, refused.words)
    shown = {"form": form, "code": CodeForm() if by_key else form, "options": sign_in.ask_for_key(request, half[1])}
    return render(request, "accounts/second_factor.html", shown)


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Sign out."""
    sign_in.sign_out(request)
    return redirect("accounts:sign_in")


def _told(request: HttpRequest, refused: Refusal) -> HttpResponse:
    """A door that stays closed, and who can open it."""
    return render(request, "accounts/refused.html", {"refused": refused}, status=403)


# ---------------------------------------------------------------- the State's provider


@require_GET
def to_state(request: HttpRequest) -> HttpResponse:
    """Leave for the State's identity provider."""
    provider = oidc.Provider.named()
    if provider is None:
        raise Http404
    started = oidc.start()
    try:
        away = oidc.address(provider, oidc.discover(provider), started, back=_back(request))
    except oidc.Untrusted as failure:
        return _unavailable(request, failure)
    response = redirect(away)
    returning.keep(response, started)
    return response


@require_GET
def from_state(request: HttpRequest) -> HttpResponse:
    """Come back from it. Everything is checked before a session is opened."""
    provider = oidc.Provider.named()
    if provider is None:
        raise Http404
    started = returning.take(request)
    try:
        response = _returned(request, provider, started)
    except oidc.TooWeak:
        response = _told(
            request,
            Refusal(
                "Le fournisseur d’identité vous a reconnu sans second facteur. Égide en demande un\u00a0: recommencez "
                "en choisissant une connexion renforcée (clé, code ou carte)."
            ),
        )
    except oidc.Untrusted as failure:
        response = _unavailable(request, failure)
    returning.drop(response)
    return response


def _returned(request: HttpRequest, provider: oidc.Provider, started: oidc.Started | None) -> HttpResponse:
    if started is None or not returning.same(started.state, request.GET.get("state", "")):
        raise oidc.Untrusted("no sign-in was begun here, or it was used already")
    if request.GET.get("iss", provider.issuer) != provider.issuer or "code" not in request.GET:
        raise oidc.Untrusted("the provider said no, or another one answered")
    subject = oidc.subject(provider, oidc.discover(provider), started, code=request.GET["code"], back=_back(request))
    refused = sign_in.come_from_state(request, issuer=provider.issuer, subject=subject, now=timezone.now())
    if refused is None:
        # A page and not a redirection: our cookies, SameSite=Strict, do not follow one that began elsewhere.
        return render(request, "accounts/arrived.html", {"onward": _home(request).headers["Location"]})
    return _told(request, refused)


def _back(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("accounts:from_state"))


def _unavailable(request: HttpRequest, failure: oidc.Untrusted) -> HttpResponse:
    returning.LOG.warning("state provider: %s", str(failure))
    words = (
        "La connexion par le fournisseur d’identité n’a pas abouti. Recommencez\u202f; si cela dure, connectez-vous "
        "avec votre mot de passe ou prévenez l’administration des comptes."
    )
    return _told(request, Refusal(words))


# ---------------------------------------------------------------- first access


@page
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the mail: choose a password."""
    person = invitations.invited(token)
    if person is None:
        dead = "Ce lien a déjà servi, a plus de 72 heures ou n’est pas complet. Demandez-en un nouveau."
        return _told(request, Refusal(dead))
    form = NewPasswordForm(request.POST or None)
    if form.is_valid():
        chosen = form.cleaned_data["new"]
        sign_in.accept_invitation(request, person, token=token, password=chosen, now=timezone.now())
        return redirect("accounts:first_access")
    return render(request, "accounts/invitation.html", {"form": form, "steps": FIRST_ACCESS})


FIRST_ACCESS = ("Choisir un mot de passe", "Ajouter un second facteur")


@page
def first_access(request: HttpRequest) -> HttpResponse:
    """Photograph the code, then type the six digits that it gives."""
    half = sign_in.first_access(request)
    if half is None:
        return redirect("accounts:sign_in")
    pending, person, secret = half
    form = CodeForm(request.POST or None)
    if form.is_valid():
        code = form.cleaned_data["code"]
        refused = sign_in.confirm_first_access(request, pending, person, code=code, now=timezone.now())
        if refused is None:
            return _home(request)
        if refused.final:
            return _told(request, refused)
        form.add_error(None, refused.words)
    shown = {"form": form, "steps": FIRST_ACCESS, "picture": totp.picture(secret), "secret": totp.as_text(secret)}
    return render(request, "accounts/first_access.html", shown)


# ---------------------------------------------------------------- once signed in


@page
@signed
def choose(request: ActingRequest) -> HttpResponse:
    """The mandates of this person, and no other."""
    mandates = sign_in.live_mandates(request.person.pk, on=timezone.localdate())
    if request.method == "POST":
        chosen = next((mandate for mandate in mandates if str(mandate.pk) == request.POST.get("mandate")), None)
        if chosen is None:
            raise Http404
        sign_in.choose(request, chosen)
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "accounts/choose.html", {"mandates": mandates})


def _account(request: ActingRequest, **shown: Any) -> HttpResponse:
    person = request.person
    forms = {"password_form": ChangePasswordForm(prefix="mdp"), "key_form": NewKeyForm(prefix="cle"), **shown}
    keys = sign_in.keys_of(person)
    return render(
        request, "accounts/account.html", {**forms, "keys": keys, "options": sign_in.ask_for_new_key(request, person)}
    )


@require_GET
@signed
def account(request: ActingRequest) -> HttpResponse:
    """What I sign in with."""
    return _account(request)


@require_POST
@signed
def change_password(request: ActingRequest) -> HttpResponse:
    """Replace the password; other sessions close."""
    form = ChangePasswordForm(request.POST, prefix="mdp")
    if form.is_valid():
        given = form.cleaned_data
        refused = sign_in.change_password(
            request, request.person, current=given["current"], new=given["new"], now=timezone.now()
        )
        if refused is None:
            messages.success(request, "Mot de passe changé. Vos autres sessions sont fermées.")
            return redirect("accounts:account")
        form.add_error("current", refused.words)
    return _account(request, password_form=form, form=form)


@require_POST
@signed
def add_key(request: ActingRequest) -> HttpResponse:
    """Keep a passkey that the browser has just made."""
    form = NewKeyForm(request.POST, prefix="cle")
    if form.is_valid():
        given = form.cleaned_data
        refused = sign_in.add_key(
            request, request.person, answer=given["credential"], label=given["label"], on=timezone.localdate()
        )
        if refused is None:
            messages.success(request, "Clé d’accès ajoutée.")
            return redirect("accounts:account")
        form.add_error(None, refused.words)
    return _account(request, key_form=form, form=form)


@require_POST
@signed
def remove_key(request: ActingRequest, key: UUID) -> HttpResponse:
    """Forget a passkey."""
    if not sign_in.remove_key(request, request.person, key):
        raise Http404
    messages.success(request, "Clé d’accès retirée.")
    return redirect("accounts:account")
