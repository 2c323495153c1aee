"""An export opens with its password only, says whose it is on each page, and shows nothing from outside."""

from __future__ import annotations

import hmac
import json
import math
import struct
import subprocess
import zipfile
import zlib
from datetime import date
from hashlib import pbkdf2_hmac, sha256
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
import pyzipper
from attrs import evolve
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from pikepdf import Array, Name, Pdf, Stream
from PIL import Image
from pypdf import PdfReader

from egide_registry.files.archive import LETTERS, MANIFEST, Archive, Exported, archive, new_password, picture_page
from egide_registry.files.kinds import Kind
from egide_registry.files.pdf import minutes_pdf
from egide_registry.files.stamp import Watermark, stamped
from support.pdf_judge import judge
from support.registry_acts import MINUTES, WATERMARK


def photo(kind: str = "JPEG", mode: str = "RGB", size: tuple[int, int] = (400, 300)) -> bytes:
    made = BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(made, format=kind)
    return made.getvalue()


@pytest.fixture(scope="module")
def minutes() -> bytes:
    return minutes_pdf(MINUTES)


@pytest.fixture(scope="module")
def made(minutes: bytes) -> Archive:
    files = [
        Exported(label="procès-verbal", kind=Kind.PDF, data=minutes),
        Exported(label="justificatif", kind=Kind.JPEG, data=photo()),
        Exported(label="justificatif", kind=Kind.PNG, data=photo("PNG", "RGBA", (30, 400))),
    ]
    return archive(files, WATERMARK)


def opened(one: Archive, password: str | None = None) -> dict[str, bytes]:
    with pyzipper.AESZipFile(BytesIO(one.data)) as folder:
        folder.setpassword((password or one.password).encode())
        return {name: folder.read(name) for name in folder.namelist()}


def decrypted(one: Archive, name: str) -> bytes:
    """The same file by the published format of AES in zip, with another library: our writer agrees with the format."""
    with zipfile.ZipFile(BytesIO(one.data)) as folder:
        info = folder.getinfo(name)
    header = one.data[info.header_offset : info.header_offset + 30]
    start = info.header_offset + 30 + sum(struct.unpack("<HH", header[26:30]))
    body = one.data[start : start + info.compress_size]
    salt, check, secret, code = body[:16], body[16:18], body[18:-10], body[-10:]
    keys = pbkdf2_hmac("sha1", one.password.encode(), salt, 1000, 66)
    assert check == keys[64:]
    assert hmac.digest(keys[32:64], secret, "sha1")[:10] == code
    blocks = b"".join(number.to_bytes(16, "little") for number in range(1, math.ceil(len(secret) / 16) + 1))
    stream = Cipher(algorithms.AES256(keys[:32]), modes.ECB()).encryptor().update(blocks)
    plain = bytes(a ^ b for a, b in zip(secret, stream, strict=False))
    return zlib.decompress(plain, -15)


def words(page: object) -> str:
    return " ".join(page.extract_text().split())  # type: ignore[attr-defined]


def test_every_file_is_there_and_the_manifest_says_what_it_is(made: Archive):
    files = opened(made)
    manifest = json.loads(files.pop(MANIFEST))
    assert [one["nom"] for one in manifest["fichiers"]] == ["piece-001.pdf", "piece-002.pdf", "piece-003.pdf"]
    assert [one["contenu"] for one in manifest["fichiers"]] == ["procès-verbal", "justificatif", "justificatif"]
    assert [one["sha256"] for one in manifest["fichiers"]] == [sha256(data).hexdigest() for data in files.values()]
    assert manifest["export"] == {
        "journal": "J-59-000123",
        "mandat": "M-4F7A",
        "motif": "recours devant le tribunal",
        "fait le": "2026-12-20",
        "à détruire avant le": "2026-12-27",
    }
    assert made.sha256 == sha256(made.data).hexdigest()
    assert made.files == 3


def test_each_page_bears_the_stamp_in_letters_that_can_be_read(made: Archive):
    files = opened(made)
    pages = [page for name in files if name != MANIFEST for page in PdfReader(BytesIO(files[name])).pages]
    assert len(pages) == 4
    for page in pages:
        assert "Export n°\u00a0J-59-000123" in words(page).replace("n° J", "n°\u00a0J")
        assert "mandat M-4F7A" in words(page)
        assert "recours devant le tribunal" in words(page)
        assert "27 décembre 2026" in words(page).replace("\u00a0", " ")
        assert "EXPORT J-59-000123" in words(page)


def test_a_wrong_password_opens_nothing(made: Archive):
    with pytest.raises(RuntimeError, match="Bad password"):
        opened(made, new_password())


def test_the_zip_reader_of_the_language_cannot_read_it_without_the_password(made: Archive):
    with zipfile.ZipFile(BytesIO(made.data)) as folder, pytest.raises((RuntimeError, NotImplementedError)):
        folder.read(MANIFEST)


def test_another_library_decrypts_it_by_the_published_format(made: Archive):
    for name, data in opened(made).items():
        assert decrypted(made, name) == data


def test_nothing_of_the_files_is_seen_from_outside(made: Archive):
    with zipfile.ZipFile(BytesIO(made.data)) as folder:
        for info in folder.infolist():
            assert info.CRC == 0  # a checksum of the clear text would confirm a guess
            assert info.date_time == (2026, 12, 20, 0, 0, 0)
            assert info.flag_bits & 1
    for word in ("justificatif", "verbal", "J-59-000123", "M-4F7A", made.password):
        assert word.encode() not in made.data
        assert word not in repr(made)


def test_a_password_is_strong_different_each_time_and_can_be_read_aloud():
    drawn = {new_password() for _ in range(200)}
    assert len(drawn) == 200
    for one in drawn:
        groups = one.split("-")
        assert [len(group) for group in groups] == [4] * 8
        assert set("".join(groups)) <= set(LETTERS)
    assert 32 * math.log2(len(LETTERS)) > 128
    assert not set("il1o0") & set(LETTERS)


def test_an_export_of_nothing_is_refused():
    with pytest.raises(ValueError, match="au moins un fichier"):
        archive([], WATERMARK)


@pytest.mark.parametrize(
    "change",
    [{"mandate": "Mme Untel"}, {"journal": ""}, {"purpose": ""}, {"expires": date(2026, 12, 19)}],
)
def test_a_stamp_says_an_opaque_mandate_a_journal_number_a_purpose_and_a_coming_end(change: dict[str, object]):
    with pytest.raises(ValueError):
        evolve(WATERMARK, **change)


def one_page(turn: int = 0, box: tuple[int, ...] = (0, 0, 200, 300), crop: tuple[int, ...] | None = None) -> bytes:
    """A page with a black square at the lower left of what is seen before it is turned."""
    with Pdf.new() as pdf:
        pdf.add_blank_page(page_size=(10, 10))
        page = pdf.pages[0].obj
        page.MediaBox, page.Rotate = Array(box), turn
        if crop is not None:
            page.CropBox = Array(crop)
        x, y = (crop or box)[:2]
        page.Contents = Stream(pdf, f"2 0 0 2 0 0 cm {x / 2} {y / 2} 20 20 re f".encode())  # and it never restores
        made = BytesIO()
        pdf.save(made)
        return made.getvalue()


def drawn(data: bytes, folder: Path) -> Image.Image:
    (folder / "a.pdf").write_bytes(data)
    subprocess.run(
        ["pdftoppm", "-r", "72", "-png", "-cropbox", "-singlefile", folder / "a.pdf", folder / "a"], check=True
    )
    return Image.open(folder / "a.png").convert("L")


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize(
    ("box", "crop"),
    [((0, 0, 200, 300), None), ((-50, 20, 150, 320), None), ((0, 0, 900, 900), (100, 200, 300, 500))],
)
def test_the_stamp_is_under_the_page_as_it_is_seen_and_hides_nothing(
    tmp_path: Path, turn: int, box: tuple[int, ...], crop: tuple[int, ...] | None
):
    before = drawn(one_page(turn, box, crop), tmp_path)
    after = drawn(stamped(one_page(turn, box, crop), WATERMARK), tmp_path)
    assert after.width == before.width
    band = after.height - before.height
    assert band >= 15
    kept = after.crop((0, 0, before.width, before.height - 1))
    # Where the page was black it is still black; what the light letters across add stays light.
    for x, y in ((20, before.height - 20), (20, 20), (before.width - 20, 20), (before.width - 20, before.height - 20)):
        assert (kept.getpixel((x, y)) < 60) == (before.getpixel((x, y)) < 60)
    foot = after.crop((0, before.height + 1, after.width, after.height))
    assert foot.getextrema()[0] < 100  # something is printed there
    assert foot.getpixel((2, foot.height - 2)) == 255  # on white, whatever the page had beyond its crop


def test_a_stamped_page_is_the_same_each_time(minutes: bytes):
    assert stamped(minutes, WATERMARK) == stamped(minutes, WATERMARK)


def test_a_page_stamped_twice_bears_both_stamps(minutes: bytes):
    again = evolve(WATERMARK, journal="J-59-000124")
    text = words(PdfReader(BytesIO(stamped(stamped(minutes, WATERMARK), again))).pages[0])
    assert "EXPORT J-59-000123" in text
    assert "EXPORT J-59-000124" in text


def test_a_long_purpose_takes_the_lines_it_needs_on_a_narrow_page(tmp_path: Path):
    long = evolve(WATERMARK, purpose="recours devant le tribunal administratif, pièces demandées par le greffe " * 3)
    data = stamped(one_page(), long)
    text = words(PdfReader(BytesIO(data)).pages[0])
    assert "diffusion interdite" in text
    page = drawn(data, tmp_path)
    assert page.crop((0, page.height - 3, page.width, page.height)).getextrema()[0] > 200  # the last line is not cut


@pytest.mark.parametrize(
    ("kind", "mode"), [("JPEG", "RGB"), ("JPEG", "L"), ("JPEG", "CMYK"), ("PNG", "1"), ("PNG", "P"), ("PNG", "RGBA")]
)
@pytest.mark.parametrize("size", [(4000, 300), (300, 4000), (5, 5)])
def test_a_picture_becomes_one_a4_page_that_shows_it_whole(kind: str, mode: str, size: tuple[int, int]):
    page = PdfReader(BytesIO(picture_page(Kind[kind], photo(kind, mode, size)))).pages[0]
    assert sorted((round(page.mediabox.width), round(page.mediabox.height))) == [595, 842]
    assert page.images[0].image is not None
    assert page.images[0].image.size == size


def test_what_is_transparent_shows_the_paper():
    made = BytesIO()
    Image.new("RGBA", (3, 3), (0, 0, 0, 0)).save(made, format="PNG")
    with pikepdf.open(BytesIO(picture_page(Kind.PNG, made.getvalue()))) as pdf:
        picture = pdf.pages[0].obj.Resources.XObject.Image
        assert picture.ColorSpace == Name.DeviceRGB
        assert set(picture.read_bytes()) == {255}


@pytest.mark.pdfjudge
def test_a_stamped_act_is_still_pdf_ua(minutes: bytes, tmp_path: Path):
    path = tmp_path / "a.pdf"
    path.write_bytes(stamped(minutes, WATERMARK))
    assert judge(path).failures == []


def test_the_purpose_of_a_stamp_is_set_in_french():
    text = Watermark(
        mandate="M1", journal="J1", purpose="recours : pièces", on=date(2026, 1, 1), expires=date(2026, 1, 8)
    )
    assert "recours\u00a0: pièces" in text.text
    assert "1er\u00a0janvier\u00a02026" in text.text
