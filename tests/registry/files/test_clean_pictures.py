"""The working copy of a picture shows the same thing and says nothing else."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image, ImageChops, ImageCms, ImageOps, PngImagePlugin

from egide_registry.files.clean import clean_copy
from egide_registry.files.kinds import FileRefused, Kind

CANARY = "CANARI-7731"
GPS, ARTIST, ORIENTATION = 0x8825, 0x013B, 0x0112


def scene(mode: str = "RGB") -> Image.Image:
    """A picture whose four corners differ, so that a wrong turn is seen."""
    one = Image.new("RGB", (64, 40), "white")
    one.paste("red", (0, 0, 20, 10))
    one.paste("blue", (44, 0, 64, 10))
    one.paste("green", (0, 30, 20, 40))
    return one.convert(mode)


def exif(orientation: int = 1) -> Image.Exif:
    data = Image.Exif()
    data[ARTIST] = CANARY
    data[ORIENTATION] = orientation
    data.get_ifd(GPS)[29] = CANARY
    data.get_ifd(GPS)[2] = (48.0, 51.0, 24.0)
    return data


def saved(one: Image.Image, kind: str, **how: object) -> bytes:
    made = BytesIO()
    one.save(made, format=kind, **how)
    return made.getvalue()


def opened(data: bytes) -> Image.Image:
    one = Image.open(BytesIO(data))
    one.load()
    return one


def farthest(one: Image.Image, other: Image.Image) -> int:
    """The largest difference of any channel of any pixel."""
    difference = ImageChops.difference(one.convert("RGBA"), other.convert("RGBA"))
    return max(high for _, high in difference.getextrema())


def says_canary(data: bytes) -> bool:
    return any(CANARY.encode(code) in data for code in ("ascii", "utf-16-be", "utf-16-le"))


XMP = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{CANARY}</x:xmpmeta>".encode()


def test_a_photo_loses_its_place_its_author_its_comment_and_its_description():
    data = saved(scene(), "JPEG", exif=exif(), comment=CANARY.encode(), xmp=XMP, quality=95) + CANARY.encode()
    assert says_canary(data)
    copy = clean_copy(Kind.JPEG, data)
    assert not says_canary(copy.data)
    assert opened(copy.data).info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert farthest(opened(copy.data), opened(data)) <= 16
    assert copy.removed == (
        "position GPS",
        "données de prise de vue (EXIF)\u00a0: appareil, dates, auteur",
        "métadonnées XMP",
        "commentaires et textes joints à l’image",
    )
    assert CANARY not in "".join(copy.removed)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize(("kind", "most"), [(Kind.JPEG, 16), (Kind.PNG, 0)])
def test_a_photo_taken_sideways_is_upright_in_its_copy(orientation: int, kind: Kind, most: int):
    data = saved(scene(), kind.name, exif=exif(orientation), **({"quality": 95} if kind is Kind.JPEG else {}))
    copy = clean_copy(kind, data)
    upright = ImageOps.exif_transpose(opened(data))
    assert opened(copy.data).size == upright.size
    assert farthest(opened(copy.data), upright) <= most
    assert not opened(copy.data).getexif()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_a_png_keeps_every_pixel_and_loses_its_texts(mode: str):
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", CANARY)
    texts.add_itxt("XML:com.adobe.xmp", CANARY)
    texts.add_text("Comment", CANARY * 20, zip=True)
    data = saved(scene(mode), "PNG", pnginfo=texts, exif=exif()) + CANARY.encode()
    copy = clean_copy(Kind.PNG, data)
    assert not says_canary(copy.data)
    assert opened(copy.data).info == {}
    assert farthest(opened(copy.data), opened(data)) == 0
    assert "commentaires et textes joints à l’image" in copy.removed
    assert "métadonnées XMP" in copy.removed


def test_a_transparent_colour_stays_transparent():
    data = saved(scene("P"), "PNG", transparency=0)
    assert farthest(opened(clean_copy(Kind.PNG, data).data), opened(data).convert("RGBA")) == 0


def test_sixteen_bits_stay_sixteen_bits():
    deep = Image.new("I;16", (4, 3), 40_000)
    assert opened(clean_copy(Kind.PNG, saved(deep, "PNG")).data).getpixel((1, 1)) == 40_000


def test_colours_of_a_device_become_the_usual_ones_and_its_profile_goes():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = saved(scene(), "PNG", icc_profile=profile)
    copy = clean_copy(Kind.PNG, data)
    assert "icc_profile" not in opened(copy.data).info
    assert farthest(opened(copy.data), opened(data)) <= 1
    assert copy.removed == ("profil de couleur de l’appareil (couleurs ramenées au profil usuel)",)


def test_a_damaged_profile_changes_no_pixel():
    data = saved(scene(), "PNG", icc_profile=CANARY.encode())
    assert farthest(opened(clean_copy(Kind.PNG, data).data), opened(data)) == 0


def test_a_printers_jpeg_becomes_a_screens_jpeg():
    assert opened(clean_copy(Kind.JPEG, saved(scene("CMYK"), "JPEG")).data).mode == "RGB"


def test_the_second_picture_that_a_telephone_joins_is_left_behind():
    data = saved(scene(), "MPO", save_all=True, append_images=[Image.new("RGB", (64, 40), "black")])
    copy = clean_copy(Kind.JPEG, data)
    assert opened(copy.data).format == "JPEG"
    assert "images secondaires ajoutées par le téléphone" in copy.removed


def test_a_picture_that_says_nothing_loses_nothing_and_gives_the_same_copy_twice():
    data = saved(scene(), "PNG")
    assert clean_copy(Kind.PNG, data) == clean_copy(Kind.PNG, data)
    assert clean_copy(Kind.PNG, data).removed == ()


def test_a_picture_that_cannot_be_rewritten_is_refused():
    with pytest.raises(FileRefused, match="ne se réécrit pas"):
        clean_copy(Kind.JPEG, b"\xff\xd8\xff\xe0rien")


def test_newspaper_fields_are_told_and_left_behind():
    fields = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00" + (16).to_bytes(4) + b"\x1c\x02\x50\x00\x0b" + CANARY.encode()
    plain = saved(scene(), "JPEG")
    data = plain[:2] + b"\xff\xed" + (len(fields) + 2).to_bytes(2) + fields + plain[2:]
    copy = clean_copy(Kind.JPEG, data)
    assert copy.removed == ("métadonnées IPTC",)
    assert not says_canary(copy.data)
