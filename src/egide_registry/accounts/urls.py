"""The addresses of accounts: opaque identifiers only."""

from django.urls import URLPattern, path

from egide_registry.accounts import administration, views

app_name = "accounts"
urlpatterns: list[URLPattern] = [
    path("connexion/", views.password, name="sign_in"),
    path("connexion/second-facteur/", views.second_factor, name="second_factor"),
    path("connexion/etat/", views.to_state, name="to_state"),
    path("connexion/etat/retour/", views.from_state, name="from_state"),
    path("deconnexion/", views.leave, name="sign_out"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
    path("premier-acces/", views.first_access, name="first_access"),
    path("mandat/", views.choose, name="choose"),
    path("compte/", views.account, name="account"),
    path("compte/mot-de-passe/", views.change_password, name="change_password"),
    path("compte/cles/", views.add_key, name="add_key"),
    path("compte/cles/<uuid:key>/retirer/", views.remove_key, name="remove_key"),
    path("administration/comptes/", administration.people, name="people"),
    path("administration/comptes/nouveau/", administration.invite, name="invite"),
    path("administration/comptes/<uuid:person>/", administration.person, name="person"),
    path("administration/comptes/<uuid:person>/lien/", administration.send_again, name="send_again"),
    path("administration/comptes/<uuid:person>/fermer/", administration.close, name="close"),
    path("administration/mandats/<uuid:mandate>/fin/", administration.end, name="end"),
]
