"""What may be joined to a request is decided by the bytes, and a refusal says all that is wrong."""

from __future__ import annotations

import zlib
from io import BytesIO

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from egide_registry.files import jpeg
from egide_registry.files.kinds import FileRefused, Kind, Limits, examine


def picture(kind: str, size: tuple[int, int] = (40, 30), **how: object) -> bytes:
    made = BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(made, format=kind, **how)
    return made.getvalue()


def pdf(pages: int = 1, *, encrypted: bool = False, xfa: bool = False) -> bytes:
    made = BytesIO()
    with pikepdf.new() as one:
        for _ in range(pages):
            one.add_blank_page()
        if xfa:
            one.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array(), XFA=one.make_stream(b"<xdp/>"))
        # The password that opens is empty, the other one is not: any reader opens it, it is protected all the same.
        one.save(made, encryption=pikepdf.Encryption(owner="essai", user="") if encrypted else None)
    return made.getvalue()


def refusal(name: str, data: bytes, **limits: int) -> str:
    with pytest.raises(FileRefused) as refused:
        examine(name, data, Limits(**limits))
    return str(refused.value)


@pytest.mark.parametrize(
    ("name", "data", "kind", "pages"),
    [
        ("a.pdf", pdf(3), Kind.PDF, 3),
        ("A.PDF", pdf(), Kind.PDF, 1),
        ("photo.jpg", picture("JPEG"), Kind.JPEG, 1),
        ("photo.JPEG", picture("JPEG", progressive=True), Kind.JPEG, 1),
        ("capture.png", picture("PNG"), Kind.PNG, 1),
    ],
)
def test_a_pdf_a_jpeg_and_a_png_are_taken(name: str, data: bytes, kind: Kind, pages: int):
    examined = examine(name, data)
    assert (examined.kind, examined.pages) == (kind, pages)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (picture("TIFF"), "une image TIFF"),
        (picture("WEBP"), "une image WebP"),
        (picture("GIF"), "une image GIF"),
        (b"PK\x03\x04" + bytes(60), "une archive ZIP"),
        (b"MZ" + bytes(60), "un programme"),
        (b"Bonjour", "un autre type de fichier"),
        (b"<html>" + pdf(), "un autre type de fichier"),
    ],
)
def test_another_kind_is_refused_with_what_to_do(data: bytes, said: str):
    text = refusal("piece.pdf", data)
    assert f"attendu un PDF, une image JPEG ou PNG, reçu {said}" in text
    assert text.endswith(".")


def test_a_name_that_says_another_kind_is_refused():
    assert "attendu un nom en .jpg ou .jpeg, reçu .pdf" in refusal("a.pdf", picture("JPEG"))


@pytest.mark.parametrize("name", ["sans-extension", "un.jugement de Mme Untel", "faux.exe;rm"])
def test_a_name_is_never_repeated_since_it_is_personal(name: str):
    text = refusal(name, pdf())
    assert "un nom sans extension connue" in text
    assert name not in text
    assert "Untel" not in text


def test_an_empty_file_is_refused():
    assert "un fichier vide" in refusal("a.pdf", b"")


def test_a_file_too_heavy_is_refused_without_being_opened():
    text = refusal("a.png", b"%PDF-1.7 pas un vrai document", octets=10)
    assert "Mo au plus" in text
    assert "attendu un nom en .pdf" in text
    assert "abîmé" not in text


def test_a_protected_pdf_is_refused_even_when_it_opens_without_password():
    assert "un PDF protégé" in refusal("a.pdf", pdf(encrypted=True))


def test_a_pdf_that_asks_for_a_password_is_refused():
    made = BytesIO()
    with pikepdf.new() as one:
        one.add_blank_page()
        one.save(made, encryption=pikepdf.Encryption(owner="a", user="essai"))
    assert "un PDF protégé" in refusal("a.pdf", made.getvalue())


def test_too_many_pages_or_none_are_refused():
    assert "reçu 3 pages" in refusal("a.pdf", pdf(3), pages=2)
    assert "reçu 0 pages" in refusal("a.pdf", pdf(0))


def test_a_dynamic_form_is_refused_since_its_pages_are_not_written():
    assert "XFA" in refusal("a.pdf", pdf(xfa=True))


def test_a_damaged_pdf_is_refused():
    assert "un PDF abîmé" in refusal("a.pdf", b"%PDF-1.7\n" + bytes(200))


def test_all_that_is_wrong_comes_at_once():
    with pytest.raises(FileRefused) as refused:
        examine("a.png", pdf(3, encrypted=True, xfa=True), Limits(pages=2))
    assert len(refused.value.defects) == 4


def test_a_pdf_that_unpacks_to_gigabytes_is_refused_before_it_is_opened():
    bomb = zlib.compress(bytes(30_000_000), 9)
    made = b"%PDF-1.7\n1 0 obj\n<</Filter /FlateDecode>>\nstream\n" + bomb + b"\nendstream\nendobj\n"
    assert len(made) < 40_000
    assert "une fois décompressé" in refusal("a.pdf", made, unpacked=20_000_000)


def test_a_picture_inside_a_pdf_has_the_same_limit_as_a_picture():
    made = BytesIO()
    with pikepdf.new() as one:
        one.add_blank_page()
        one.pages[0].obj.Resources = pikepdf.Dictionary(
            XObject=pikepdf.Dictionary(
                Im=pikepdf.Stream(one, b"0", Subtype=pikepdf.Name.Image, Width=90_000, Height=90_000)
            )
        )
        one.save(made)
    assert "reçu 90\u202f000 sur 90\u202f000 points" in refusal("a.pdf", made.getvalue())


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_of_too_many_points_is_refused_from_its_header(kind: str):
    name = "a.jpg" if kind == "JPEG" else "a.png"
    header_only = picture(kind, (300, 200))[:700]
    text = refusal(name, header_only, pixels=1000)
    assert "300 sur 200 points" in text
    assert "abîmée" not in text


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_cut_picture_is_refused(kind: str):
    whole = picture(kind, (300, 200))
    assert "une image abîmée" in refusal("a.jpg" if kind == "JPEG" else "a.png", whole[: len(whole) // 2])


def test_an_animated_picture_is_refused():
    made = BytesIO()
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    frames[0].save(made, format="PNG", save_all=True, append_images=frames[1:])
    assert "une image animée" in refusal("a.png", made.getvalue())


@given(
    st.binary(max_size=200),
    st.sampled_from([b"", b"%PDF-1.7\n", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"]),
)
def test_no_bytes_make_anything_but_a_verdict(tail: bytes, head: bytes):
    with pytest.raises(FileRefused):
        examine("a.pdf", head + tail)


@given(
    st.integers(1, 90),
    st.integers(1, 90),
    st.booleans(),
    st.binary(max_size=30),
)
def test_the_size_of_a_jpeg_is_read_as_pillow_reads_it(width: int, height: int, progressive: bool, comment: bytes):
    data = picture("JPEG", (width, height), progressive=progressive, comment=comment)
    assert jpeg.size(data) == (width, height)
    bare = jpeg.stripped(data + b"apres la fin")
    with Image.open(BytesIO(bare)) as one, Image.open(BytesIO(data)) as other:
        assert one.tobytes() == other.tobytes()
        assert "comment" not in one.info
    assert jpeg.stripped(bare) == bare


def test_fill_octets_are_passed_and_what_is_no_jpeg_is_refused():
    data = picture("JPEG")
    filled = data[:2] + b"\xff\xff" + data[2:]
    assert jpeg.size(filled) == (40, 30)
    assert jpeg.stripped(filled) == jpeg.stripped(data)
    for wrong in (b"", data[:2] + b"\x00\x01\x02\x03", b"\xff\xd8\xff\xd9\x00\x00"):
        with pytest.raises(ValueError, match=r"JPEG|marker"):
            jpeg.size(wrong)


def test_a_stream_that_is_not_deflated_after_all_is_left_to_the_reader():
    whole = pdf()
    assert examine("a.pdf", whole + b"\nstream\n\x78\x9cpas du tout").kind is Kind.PDF


def test_a_png_without_a_header_is_refused():
    assert "une image abîmée" in refusal("a.png", b"\x89PNG\r\n\x1a\n" + bytes(40))
