"""Addresses of what looks further than usual. What is looked for never stands in them."""

from django.urls import URLPattern, path

from egide_registry.access.views import exports, glasses, journal, searching

app_name = "access"
urlpatterns: list[URLPattern] = [
    path("recherche/", searching.search, name="search"),
    path("recherche/ressemblances/", searching.pairs, name="pairs"),
    path("urgence/", searching.break_glass, name="break"),
    path("urgences/", glasses.page, name="glasses"),
    path("urgences/<uuid:key>/relecture/", glasses.review, name="review"),
    path("seconde-personne/", glasses.second_list, name="seconds"),
    path("seconde-personne/<uuid:key>/", glasses.decide, name="decide"),
    path("conservation/<uuid:file_id>/", glasses.hold, name="hold"),
    path("rattachement/", glasses.attach, name="attach"),
    path("export/", exports.page, name="export"),
    path("export/<uuid:key>/", exports.confirmed, name="export_confirmed"),
    path("export/archive/", exports.download, name="export_download"),
    path("journal/", journal.journal, name="journal"),
    path("journal/semaine/", journal.unusual, name="unusual"),
    path("releve/<uuid:file_id>/", journal.extract, name="extract"),
]
