"""What the terminal says of the demo."""

from egide_registry.demo.accounts import ACCOUNTS, PASSWORD


def accounts_text() -> str:
    """Each account with its address, and the one password."""
    width = max(len(account.email) for account in ACCOUNTS)
    lines = [f"  {account.email:<{width}}  {account.label}" for account in ACCOUNTS]
    return "\n".join([f"Comptes (mot de passe de tous\u00a0: {PASSWORD})", *lines])


def served_text(address: str, *, folder: str) -> str:
    """How to come in, how to stop, how to begin again."""
    return f"""
Égide, démonstration\u00a0: aucune donnée réelle.

  {address}

{accounts_text()}

Code à six chiffres d’un compte, dans un autre terminal\u00a0:
  python manage.py demo code {ACCOUNTS[0].slug}
(un code ne sert qu’une fois\u202f; le suivant vient dans les trente secondes)

Arrêter\u00a0: Ctrl-C. Tout effacer et recommencer\u00a0: python manage.py serve --reset
Données et clés\u00a0: {folder}
"""
