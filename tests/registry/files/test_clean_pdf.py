"""The working copy of a PDF shows the same pages and says nothing else."""

from __future__ import annotations

import base64
import subprocess
import zlib
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from PIL import Image, ImageChops, ImageCms
from pypdf import PdfReader

from egide.document.render.pdf import render_pdf
from egide_registry.files import embedded
from egide_registry.files.clean import clean_copy
from egide_registry.files.kinds import FileRefused, Kind
from support.sample_document import SAMPLE

CANARY = "CANARI-7731"
INFO = "propriétés du document (titre, auteur, logiciel, dates)"


def written(pdf: Pdf) -> bytes:
    made = BytesIO()
    pdf.save(made, fix_metadata_version=False)
    return made.getvalue()


def everything(data: bytes) -> bytes:
    """The file, each of its strings and names, each of its streams as it lies and unpacked."""
    found = [data]

    def gather(one: object) -> None:
        if isinstance(one, Stream):
            found.append(one.read_raw_bytes())
            if str(one.get("/Filter", "")) not in ("/DCTDecode", "/JPXDecode"):
                found.append(one.read_bytes())
        if isinstance(one, Dictionary | Stream):
            for key, value in one.items():
                found.append(key.encode())
                if not (isinstance(value, pikepdf.Object) and value.is_indirect):
                    gather(value)
        elif isinstance(one, Array):
            for value in one:
                if not (isinstance(value, pikepdf.Object) and value.is_indirect):
                    gather(value)
        elif isinstance(one, String | Name):
            found.append(bytes(one) if isinstance(one, String) else str(one).encode())

    with pikepdf.open(BytesIO(data)) as pdf:
        for one in pdf.objects:
            gather(one)
        for _, value in pdf.trailer.items():
            gather(value)
    return b"\n".join(found)


def says_canary(data: bytes) -> bool:
    whole = everything(data)
    codes = ("ascii", "utf-16-be", "utf-16-le")
    return any(CANARY.encode(code) in whole for code in codes) or CANARY.encode().hex().encode() in whole.lower()


def pages(data: bytes, folder: Path) -> list[Image.Image]:
    """Each page as poppler draws it."""
    folder.mkdir()
    (folder / "a.pdf").write_bytes(data)
    subprocess.run(["pdftoppm", "-r", "60", "-png", folder / "a.pdf", folder / "p"], check=True, capture_output=True)
    return [Image.open(path).convert("RGB") for path in sorted(folder.glob("p*.png"))]


def same_pages(one: bytes, other: bytes, folder: Path) -> bool:
    pairs = zip(pages(one, folder / "one"), pages(other, folder / "other"), strict=True)
    return all(ImageChops.difference(a, b).getbbox() is None for a, b in pairs)


def photo() -> bytes:
    exif = Image.Exif()
    exif[0x013B] = CANARY
    exif.get_ifd(0x8825)[29] = CANARY
    made = BytesIO()
    Image.linear_gradient("L").resize((60, 60)).convert("RGB").save(
        made, format="JPEG", exif=exif, comment=CANARY.encode()
    )
    return made.getvalue()


def profile() -> bytes:
    """A real sRGB profile named after its owner's screen."""
    made = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    for entry in range(132, 132 + 12 * int.from_bytes(made[128:132]), 12):
        if made[entry : entry + 4] == b"desc":
            start = int.from_bytes(made[entry + 4 : entry + 8])
            made[start + 12 : start + 12 + len(CANARY)] = CANARY.encode()
    return bytes(made)


def page_of(pdf: Pdf) -> pikepdf.Page:
    """A page with a text, a photo and a coloured square, each drawn."""
    pdf.add_blank_page(page_size=(300, 300))
    page = pdf.pages[0]
    picture = Stream(pdf, photo(), Type=Name.XObject, Subtype=Name.Image, Width=60, Height=60)
    picture.ColorSpace, picture.BitsPerComponent, picture.Filter = Name.DeviceRGB, 8, Name.DCTDecode
    coloured = Array([Name.ICCBased, Stream(pdf, profile(), N=3)])
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    page.obj.Resources = Dictionary(
        XObject=Dictionary(Photo=picture), ColorSpace=Dictionary(C=coloured), Font=Dictionary(F=font)
    )
    drawn = b"BT /F 20 Tf 20 250 Td (Texte visible) Tj ET q 60 0 0 60 20 20 cm /Photo Do Q "
    drawn += b"/C cs 1 0.3 0 sc 150 20 60 60 re f"
    page.obj.Contents = Stream(pdf, drawn)
    return page


def full_of_canaries() -> bytes:
    """Every place where a document is known to say more than its pages."""
    with pikepdf.new() as pdf:
        page = page_of(pdf)
        said = String(CANARY)
        pdf.docinfo["/Author"] = said
        pdf.docinfo["/Title"] = String(CANARY + " é€中")  # written in UTF-16
        pdf.Root.Metadata = Stream(
            pdf, f"<x:xmpmeta>{CANARY}</x:xmpmeta>".encode(), Type=Name.Metadata, Subtype=Name.XML
        )
        pdf.attachments[CANARY + ".txt"] = CANARY.encode()
        script = pdf.make_indirect(Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{CANARY}')")))
        pdf.Root.Names.JavaScript = Dictionary(Names=Array([said, script]))
        pdf.Root.OpenAction = script
        pdf.Root.AA = Dictionary(WC=script)
        pdf.Root.PieceInfo = Dictionary(Essai=Dictionary(Private=said))
        pdf.Root.OutputIntents = Array([Dictionary(Type=Name.OutputIntent, Info=said)])
        outline = pdf.make_indirect(Dictionary(Title=said, A=Dictionary(S=Name.URI, URI=said)))
        pdf.Root.Outlines = pdf.make_indirect(Dictionary(First=outline, Last=outline, Count=1))
        pdf.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(P=said)]))
        layer = pdf.make_indirect(
            Dictionary(Type=Name.OCG, Name=said, Usage=Dictionary(CreatorInfo=Dictionary(Creator=said)))
        )
        pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(Creator=said, ON=Array([layer])))
        tag = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.P, T=said, ID=said, Alt=String("Une photo")))
        tag.A = Array([Dictionary(O=Name.UserProperties, P=Array([Dictionary(N=said)])), Dictionary(O=Name.Layout)])
        pdf.Root.StructTreeRoot = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot, K=Array([tag])))
        tag.P = pdf.Root.StructTreeRoot
        look = Stream(pdf, b"1 0 0 rg 0 0 40 12 re f", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 40, 12]))
        note = Dictionary(Type=Name.Annot, Subtype=Name.Square, Rect=Array([200, 200, 240, 212]), F=4)
        note.T, note.Contents, note.AP = said, said, Dictionary(N=look)
        link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), Border=Array([0, 0, 0]))
        link.A = Dictionary(S=Name.URI, URI=String("https://exemple.test/?" + CANARY))
        field = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=said, V=String("x"), F=4)
        field.Rect, field.AP, field.AA = Array([100, 200, 140, 212]), Dictionary(N=look), Dictionary(K=script)
        field = pdf.make_indirect(field)
        tag.K = Array([Dictionary(Type=Name.OBJR, Obj=field)])
        page.obj.Annots = Array([pdf.make_indirect(note), pdf.make_indirect(link), field])
        pdf.Root.AcroForm = Dictionary(Fields=Array([field]), DA=said)
        page.obj.Metadata = Stream(pdf, CANARY.encode())
        page.obj.PieceInfo = Dictionary(Essai=Dictionary(Private=said))
        page.obj.LastModified = said
        page.obj.Thumb = Stream(pdf, CANARY.encode())
        page.obj[f"/{CANARY}"] = said
        unused = Stream(pdf, CANARY.encode(), Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 1, 1]))
        page.obj.Resources.XObject.Unused = unused
        page.obj.Resources.XObject.Photo.Metadata = Stream(pdf, CANARY.encode())
        page.obj.Resources.Properties = Dictionary(M0=Dictionary(MCID=0, Author=said))
        page.contents_add(b"/Span /M0 BDC EMC")
        pdf.trailer.ID = Array([said, said])
        return written(pdf)


ORIGINAL = full_of_canaries()


@pytest.fixture
def original() -> bytes:
    return ORIGINAL


def test_no_canary_is_left_in_any_stream_string_or_name(original: bytes):
    assert says_canary(original)
    copy = clean_copy(Kind.PDF, original)
    assert not says_canary(copy.data)
    assert copy.data.count(b"%%EOF") == 1


def test_the_pages_are_drawn_the_same_to_the_pixel(original: bytes, tmp_path: Path):
    assert same_pages(original, clean_copy(Kind.PDF, original).data, tmp_path)


def test_the_text_stays_a_text(original: bytes):
    assert "Texte visible" in PdfReader(BytesIO(clean_copy(Kind.PDF, original).data)).pages[0].extract_text()


def test_what_was_removed_is_told_by_its_nature_and_never_by_its_value(original: bytes):
    removed = clean_copy(Kind.PDF, original).removed
    assert set(removed) == {
        INFO,
        "métadonnées XMP",
        "fichiers joints au PDF",
        "code JavaScript",
        "actions automatiques",
        "données propres au logiciel d’origine",
        "signets",
        "champs de formulaire (ce qui y est écrit reste visible)",
        "vignettes des pages",
        "liens et commandes vers l’extérieur",
        "annotations, leurs auteurs et leurs textes (leur dessin est gardé)",
        "métadonnées des images du document",
        "description des profils de couleur",
    }
    assert CANARY not in "".join(removed)


def test_nothing_acts_nor_is_attached_in_the_copy(original: bytes):
    with pikepdf.open(BytesIO(clean_copy(Kind.PDF, original).data)) as pdf:
        assert set(pdf.Root.keys()) <= {"/Type", "/Pages", "/StructTreeRoot", "/OCProperties"}
        assert not pdf.attachments
        assert "/Annots" not in pdf.pages[0].obj
        assert "/Info" not in pdf.trailer


def test_alternatives_for_those_who_listen_stay(original: bytes):
    with pikepdf.open(BytesIO(clean_copy(Kind.PDF, original).data)) as pdf:
        tag = pdf.Root.StructTreeRoot.K[0]
        assert str(tag.Alt) == "Une photo"
        assert [str(one.O) for one in tag.A] == ["/Layout"]


def test_an_earlier_state_of_the_document_is_not_in_its_copy(original: bytes):
    with pikepdf.new() as pdf:
        page_of(pdf)
        now = written(pdf)
    older = b"%PDF-1.4\n9 0 obj\n(" + CANARY.encode() + b")\nendobj\n"
    assert says_canary(older + now)
    assert not says_canary(clean_copy(Kind.PDF, older + now).data)


def test_the_same_file_gives_the_same_copy_and_a_copy_has_nothing_more_to_lose(original: bytes):
    copy = clean_copy(Kind.PDF, original)
    assert clean_copy(Kind.PDF, original) == copy
    assert clean_copy(Kind.PDF, copy.data).removed == ()


def test_a_long_tagged_document_is_drawn_the_same(tmp_path: Path):
    letter = render_pdf(SAMPLE)
    copy = clean_copy(Kind.PDF, letter)
    assert INFO in copy.removed
    assert same_pages(letter, copy.data, tmp_path)


def test_a_photo_wrapped_twice_is_unwrapped_to_be_cleaned(tmp_path: Path):
    with pikepdf.new() as pdf:
        page = page_of(pdf)
        picture = page.obj.Resources.XObject.Photo
        picture.write(zlib.compress(photo()), filter=Array([Name.FlateDecode, Name.DCTDecode]))
        data = written(pdf)
    copy = clean_copy(Kind.PDF, data)
    assert "métadonnées des images du document" in copy.removed
    with pikepdf.open(BytesIO(copy.data)) as pdf:
        assert CANARY.encode() not in pdf.pages[0].obj.Resources.XObject.Photo.read_raw_bytes()
    assert same_pages(data, copy.data, tmp_path)


@pytest.mark.parametrize(
    ("filters", "inside"), [([Name.LZWDecode, Name.DCTDecode], photo()), ([Name.DCTDecode], b"rien")]
)
def test_a_picture_that_cannot_be_read_through_refuses_the_document(filters: list[Name], inside: bytes):
    with pikepdf.new() as pdf:
        page_of(pdf).obj.Resources.XObject.Photo.write(inside, filter=Array(filters))
        data = written(pdf)
    with pytest.raises(FileRefused, match="ne se réécrit pas en entier"):
        clean_copy(Kind.PDF, data)


def test_a_jpeg_2000_keeps_only_the_boxes_that_draw():
    made = BytesIO()
    Image.linear_gradient("L").save(made, format="JPEG2000")
    drawn = made.getvalue()
    texts = (len(CANARY) + 8).to_bytes(4) + b"xml " + CANARY.encode()
    bare = embedded.drawn_boxes(drawn + texts)
    assert bare == drawn
    with Image.open(BytesIO(bare)) as one:
        one.load()


@given(st.data())
def test_whatever_a_few_octets_become_the_document_is_copied_or_refused(data: st.DataObject):
    broken = bytearray(ORIGINAL)
    for _ in range(data.draw(st.integers(1, 12))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    try:
        clean_copy(Kind.PDF, bytes(broken))
    except FileRefused:
        return


def test_what_is_written_in_a_form_is_read_in_the_copy():
    with pikepdf.new() as pdf:
        page = page_of(pdf)
        field = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("nom"), V=String("Reponse"), F=4)
        field.Rect, field.DA = Array([100, 120, 200, 140]), String("/F 12 Tf 0 g")
        field = pdf.make_indirect(field)
        page.obj.Annots = Array([field])
        fonts = Dictionary(Font=page.obj.Resources.Font)
        pdf.Root.AcroForm = Dictionary(Fields=Array([field]), DR=fonts, NeedAppearances=True)
        data = written(pdf)
    assert "Reponse" in PdfReader(BytesIO(clean_copy(Kind.PDF, data).data)).pages[0].extract_text()


def test_a_layer_that_was_hidden_stays_hidden_and_loses_its_name(tmp_path: Path):
    with pikepdf.new() as pdf:
        page = page_of(pdf)
        layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String(CANARY)))
        pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))
        page.obj.Resources.Properties = Dictionary(L=layer)
        page.contents_add(b"/OC /L BDC 0 0 1 rg 0 0 300 300 re f EMC")
        data = written(pdf)
    copy = clean_copy(Kind.PDF, data)
    assert not says_canary(copy.data)
    assert same_pages(data, copy.data, tmp_path)


HOLDER = Pdf.new()  # a stream lives as long as its document


def only_stream(filters: object, inside: bytes, **keys: object) -> Stream:
    one = Stream(HOLDER, b"")
    one.write(inside, filter=filters)
    for key, value in keys.items():
        one[f"/{key}"] = value
    return one


WRAPPED = {
    "/ASCII85Decode": lambda data: base64.a85encode(data) + b"~>",
    "/ASCIIHexDecode": lambda data: data.hex().encode() + b">",
    "/FlateDecode": zlib.compress,
}


@pytest.mark.parametrize("wrapping", WRAPPED)
def test_each_usual_wrapping_of_a_photo_is_opened(wrapping: str):
    one = only_stream(Array([Name(wrapping), Name.DCTDecode]), WRAPPED[wrapping](photo()))
    one.DecodeParms = Array([Dictionary(), Dictionary(ColorTransform=0)])
    assert list(embedded.clean_stream(one)) == [embedded.PICTURES]
    assert one.Filter == Name.DCTDecode
    assert int(one.DecodeParms.ColorTransform) == 0  # without it, the colours would be others
    assert CANARY.encode() not in one.read_raw_bytes()
    assert list(embedded.clean_stream(one)) == []


def test_a_stream_whose_content_is_in_a_file_outside_loses_its_path():
    one = only_stream(None, b"", F=String(CANARY), FFilter=Name.FlateDecode)
    assert list(embedded.clean_stream(one)) == []
    assert "/F" not in one
    assert "/FFilter" not in one


def test_numbers_of_a_profile_stay_and_a_stream_that_only_looks_like_one_is_left():
    made = profile()
    blank = embedded.blanked_profile(made)
    assert len(blank) == len(made)
    assert CANARY.encode() not in blank
    assert embedded.blanked_profile(blank) == blank
    assert list(embedded.clean_stream(only_stream(None, blank, N=3))) == []
    assert list(embedded.clean_stream(only_stream(None, CANARY.encode(), N=3))) == []
    with pytest.raises(ValueError, match="shorter than its table"):
        embedded.blanked_profile(made[:130] + b"\xff\xff" + made[132:])


def box(kind: bytes, inside: bytes) -> bytes:
    return (len(inside) + 8).to_bytes(4) + kind + inside


def test_boxes_of_every_way_to_tell_their_length_are_read():
    long = (1).to_bytes(4) + b"jp2c" + (16 + 3).to_bytes(8) + b"abc"
    last = (0).to_bytes(4) + b"uuid" + CANARY.encode()
    signature = box(b"jP  ", b"\r\n\x87\n")
    assert embedded.drawn_boxes(signature + box(b"xml ", b"x") + long + last) == signature + long
    bare = b"\xff\x4f\xff\x51abc"
    assert embedded.drawn_boxes(bare) == bare
    assert list(embedded.clean_stream(only_stream(Name.JPXDecode, signature + last))) == [embedded.PICTURES]
    with pytest.raises(ValueError, match="shorter than its own header"):
        embedded.drawn_boxes((3).to_bytes(4) + b"jp2c")
