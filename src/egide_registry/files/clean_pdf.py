"""A PDF written anew from its pages: what is not needed to see them stays behind.

Pages are moved into an empty document and keep only the entries named here (a list of what stays, not of what goes: a
new kind of hiding place is left behind too). Annotations and form fields are drawn into their page first. Then each
object that a page still reaches is relieved of what may describe its author.
Source: docs/methods/supporting-documents.md; ISO 32000-2.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from egide.errors import Defect
from egide_registry.files.embedded import clean_stream
from egide_registry.files.kinds import PLACE, FileRefused

_PAGE = {"/Type", "/Parent", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Resources", "/Contents", "/Group"}
_PAGE |= {"/StructParents", "/Tabs"}
_CATALOG = {"/Type", "/Pages", "/Lang", "/MarkInfo", "/StructTreeRoot", "/OCProperties"}
_DRAWING = {"/Type", "/Subtype", "/Length", "/Filter", "/DecodeParms", "/OC", "/StructParent", "/StructParents"}
_FORM = _DRAWING | {"/FormType", "/BBox", "/Matrix", "/Resources", "/Group"}
_IMAGE = _DRAWING | {
    "/Width",
    "/Height",
    "/ColorSpace",
    "/BitsPerComponent",
    "/Intent",
    "/ImageMask",
    "/Mask",
    "/Decode",
}
_IMAGE |= {"/Interpolate", "/SMask", "/SMaskInData", "/Matte"}
# The tags that a screen reader follows, with their alternatives; not their titles, identifiers and revisions.
_TAG = {"/Type", "/S", "/P", "/K", "/Pg", "/Alt", "/ActualText", "/E", "/Lang", "/A"}
_TAG_ROOT = {"/Type", "/K", "/ParentTree", "/ParentTreeNextKey", "/RoleMap"}
_LAYER = {"/Type", "/Name", "/Intent"}
_LAYERS_SHOWN = {"/BaseState", "/ON", "/OFF", "/Order", "/RBGroups", "/Locked"}
_MARK = {"/MCID", "/Lang", "/ActualText", "/Alt", "/E"}
_ATTRIBUTES = {"/Layout", "/List", "/Table", "/PrintField"}
_RESOURCES = {"/ExtGState", "/ColorSpace", "/Pattern", "/Shading", "/XObject", "/Font", "/ProcSet", "/Properties"}
# Anywhere else: descriptions, private data of programs, links to files outside, pictures that replace the one shown.
_NOWHERE = (
    *("/Metadata", "/PieceInfo", "/LastModified", "/OPI", "/PtData"),
    *("/Measure", "/AF", "/AA", "/Ref", "/Alternates"),
)

_INFO = "propriétés du document (titre, auteur, logiciel, dates)"
_COMMENTS = "annotations, leurs auteurs et leurs textes (leur dessin est gardé)"
_OUTSIDE = "liens et commandes vers l’extérieur"
_AUTOMATIC = "actions automatiques"
_BY_KEY = {
    "/Metadata": "métadonnées XMP",
    "/EmbeddedFiles": "fichiers joints au PDF",
    "/EF": "fichiers joints au PDF",
    "/OpenAction": _AUTOMATIC,
    "/AA": _AUTOMATIC,
    "/JS": "code JavaScript",
    "/Thumb": "vignettes des pages",
    "/PieceInfo": "données propres au logiciel d’origine",
    "/AcroForm": "champs de formulaire (ce qui y est écrit reste visible)",
    "/Outlines": "signets",
    "/ByteRange": "signature électronique (elle ne vaut que sur l’original)",
    "/RichMediaContent": "sons, vidéos et objets animés",
}
_BY_ACTION = {
    "/URI": _OUTSIDE,
    "/Launch": _OUTSIDE,
    "/GoToR": _OUTSIDE,
    "/GoToE": _OUTSIDE,
    "/SubmitForm": _OUTSIDE,
    "/ImportData": _OUTSIDE,
    "/Movie": "sons, vidéos et objets animés",
    "/Sound": "sons, vidéos et objets animés",
    "/Rendition": "sons, vidéos et objets animés",
}


def clean_pdf(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The clean copy and the natures of what was left behind. The same bytes give the same copy.

    Refuses a document that cannot be rewritten whole.
    """
    try:
        with pikepdf.open(BytesIO(data)) as source, pikepdf.new() as copy:
            removed = list(_left_behind(source))
            _draw_annotations(source)
            for page in source.pages:
                _keep(page.obj, _PAGE)
            _keep(source.Root, _CATALOG)
            copy.pages.extend(source.pages)
            _bring_catalog(source, copy)
            copy.remove_unreferenced_resources()
            for page in copy.pages:
                _drop_undrawn(page)
            removed.extend(_relieve(copy))
            made = BytesIO()
            copy.save(
                made,
                min_version=source.pdf_version,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
                deterministic_id=True,
            )
            return made.getvalue(), tuple(dict.fromkeys(removed))
    # A document built to mislead has values of any type anywhere: whatever gives way, it is not clean.
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RuntimeError, NotImplementedError) as no:
        way_out = "Imprimez-le en PDF depuis votre lecteur de PDF, puis joignez le nouveau fichier."
        got = "un PDF qui ne se réécrit pas en entier"
        raise FileRefused([Defect(place=PLACE, expected="un PDF ordinaire", got=got, way_out=way_out)]) from no


def _draw_annotations(source: Pdf) -> None:
    form = source.Root.get("/AcroForm")
    if isinstance(form, Dictionary) and form.get("/NeedAppearances"):
        source.generate_appearance_streams()
    source.flatten_annotations("all")


def _drop_undrawn(page: pikepdf.Page) -> None:
    """Pictures and drawings that the page holds and never shows: those of the document that it was taken from.

    qpdf drops them too, but keeps all of them when a page names anything that it does not hold.
    """
    resources = page.obj.get("/Resources")
    if not isinstance(resources, Dictionary) or not isinstance(held := resources.get("/XObject"), Dictionary):
        return
    instructions = pikepdf.parse_content_stream(page, "Do")
    drawn = {str(one.operands[0]) for one in instructions if len(one.operands) and str(one.operator) == "Do"}
    shown = Dictionary({key: value for key, value in held.items() if key in drawn})
    # New dictionaries: two pages often share one.
    page.obj["/Resources"] = Dictionary({**dict(resources.items()), "/XObject": shown})


def _bring_catalog(source: Pdf, copy: Pdf) -> None:
    for key in _CATALOG - {"/Type", "/Pages"}:
        value = source.Root.get(key)
        if isinstance(value, Object) and value.is_indirect:
            copy.Root[key] = copy.copy_foreign(value)
        elif isinstance(value, Object):
            copy.Root[key] = copy.copy_foreign(source.make_indirect(value))


def _relieve(copy: Pdf) -> Iterator[str]:
    """Take from each object what its kind does not need; tells what the embedded streams gave up."""
    root = copy.Root.get("/StructTreeRoot")
    if isinstance(root, Dictionary):
        _keep(root, _TAG_ROOT)
    layers = copy.Root.get("/OCProperties")
    if isinstance(layers, Dictionary):
        _keep(layers, {"/OCGs", "/D"})
        for layer in layers.get("/OCGs", Array()):
            _keep_layer(layer)
        if isinstance(shown := layers.get("/D"), Dictionary):
            _keep(shown, _LAYERS_SHOWN)
    for one in _containers(copy):
        if isinstance(one, Array):
            continue
        for key in _NOWHERE:
            if key in one:
                del one[key]
        if "/JS" in one or str(one.get("/S")) in _BY_ACTION:
            _keep(one, set())  # nothing should lead here any more; if something does, it does nothing
        if isinstance(one, Stream):
            yield from clean_stream(one)
            if one.get("/Subtype") in (Name.Form, Name.Image):
                _keep(one, _FORM if one.Subtype == Name.Form else _IMAGE)
        elif one.get("/Type") == Name.OCG:
            _keep_layer(one)
        elif one.get("/Type") == Name.StructElem or ("/S" in one and "/P" in one):
            _keep_tag(one)
        if isinstance(resources := one.get("/Resources"), Dictionary):
            _keep(resources, _RESOURCES)
        if isinstance(marks := one.get("/Properties"), Dictionary):
            for mark in marks.values():
                if isinstance(mark, Dictionary) and mark.get("/Type") not in (Name.OCG, Name.OCMD):
                    _keep(mark, _MARK)


def _keep_layer(layer: Object) -> None:
    _keep(layer, _LAYER)
    layer["/Name"] = pikepdf.String("Calque")


def _keep_tag(tag: Object) -> None:
    _keep(tag, _TAG)
    attributes = tag.get("/A")
    several = list(attributes) if isinstance(attributes, Array) else [attributes]
    kept = [one for one in several if isinstance(one, Dictionary) and str(one.get("/O")) in _ATTRIBUTES]
    if kept:
        tag["/A"] = Array(kept)
    elif attributes is not None:
        del tag["/A"]
    inside = tag.get("/K")
    if isinstance(inside, Array):
        tag["/K"] = Array([kid for kid in inside if not _is_object_tag(kid)])
    elif _is_object_tag(inside):
        del tag["/K"]


def _is_object_tag(kid: object) -> bool:
    """A tag that points to an annotation: the annotation is in the page's drawing now."""
    return isinstance(kid, Dictionary) and "/Obj" in kid


def _left_behind(source: Pdf) -> Iterator[str]:
    if len(source.docinfo.keys()):
        yield _INFO
    for one in _containers(source):
        if isinstance(one, Array):
            continue
        for key, nature in _BY_KEY.items():
            if key in one:
                yield nature
        if isinstance(action := one.get("/S"), Name) and str(action) in _BY_ACTION:
            yield _BY_ACTION[str(action)]
        if "/Rect" in one and one.get("/Subtype") not in (Name.Link, Name.Widget):
            yield _COMMENTS


def _containers(pdf: Pdf) -> Iterator[Object]:
    """Each dictionary, stream and array, those written inside another included, once."""
    for held in pdf.objects:
        waiting = [held]
        while waiting:
            one = waiting.pop()
            if isinstance(one, Array):
                inside = list(one)
            elif isinstance(one, Dictionary | Stream):
                inside = [each for _, each in one.items()]
            else:
                continue
            yield one
            waiting.extend(each for each in inside if isinstance(each, Object) and not each.is_indirect)


def _keep(one: Object, keys: set[str]) -> None:
    for key in set(one.keys()) - keys:
        del one[key]
