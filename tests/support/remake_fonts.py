"""Remake the vendored fonts from the files of the Public Sans project. Run by hand, once per version.

Public Sans lacks signs that a French page of figures needs. Without a narrow no-break space each engine
invents its own width (Typst takes half a space, too tight to read a thousand); one missing arrow turns a
whole title of a chart into another font. This script adds the narrow space, the thin space, the no-break
hyphen and four arrows, then writes a small WOFF2 of each file for the HTML page. It needs fonttools and
brotli; the product does not.

    python tests/support/remake_fonts.py FOLDER_WITH_THE_ORIGINAL_TTF src/egide/document/render/assets/fonts
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

STYLES = ("Regular", "Italic", "Bold", "BoldItalic")
SPACE_WIDTH = 0.2  # of an em: between the quarter and the sixth that French printers use
ADDED = (0x2009, 0x202F, 0x2011, 0x2190, 0x2191, 0x2192, 0x2193)
# Latin, Latin-1, Latin Extended-A, superscripts, punctuation, currency, arrows and mathematical signs.
WANTED = (
    (0x20, 0x7E), (0xA0, 0x17F), (0x2C6, 0x2DD), (0x2000, 0x206F), (0x2070, 0x209F), (0x20AC, 0x20AC),
    (0x2122, 0x2122), (0x2153, 0x215E), (0x2190, 0x2193), (0x2202, 0x22FF),
)  # fmt: skip


def arrow(glyphs, thickness, width, turn):
    """A right arrow as tall as wide, turned by a function of its points about the centre."""
    half, t = width / 2, thickness / 2
    reach = half * 0.8  # side bearings
    head = reach * 0.75  # how far the head goes back, and up
    shaft = [(-reach, t), (reach - t, t), (reach - t, -t), (-reach, -t)]
    d = t * 2**0.5
    point = [(reach, 0), (reach - head, -head), (reach - head - d, d - head), (reach - 2 * d, 0)]
    point += [(reach - head - d, head - d), (reach - head, head)]
    pen = TTGlyphPen(glyphs)
    for contour in (shaft, point):
        points = [turn(x, y) for x, y in contour]
        pen.moveTo(points[0])
        for xy in points[1:]:
            pen.lineTo(xy)
        pen.closePath()
    return pen.glyph()


def complete(font):
    """Add the missing signs, drawn from the font's own minus, hyphen and space."""
    glyf, hmtx, cmap, em = font["glyf"], font["hmtx"], font.getBestCmap(), font["head"].unitsPerEm
    minus = glyf[cmap[0x2212]]
    thickness, middle = minus.yMax - minus.yMin, (minus.yMax + minus.yMin) / 2
    width = round(0.9 * em)
    turns = {
        0x2190: lambda x, y: (-x, -y),
        0x2191: lambda x, y: (-y, x),
        0x2192: lambda x, y: (x, y),
        0x2193: lambda x, y: (y, -x),
    }
    added = {}
    for code in ADDED:
        name = f"uni{code:04X}"
        if code in turns:

            def place(x, y, turn=turns[code]):
                tx, ty = turn(x, y)
                return round(tx + width / 2), round(ty + middle)

            glyf[name] = arrow(font.getGlyphSet(), thickness, width * 0.8, place)
            glyf[name].recalcBounds(glyf)
            hmtx[name] = (width, glyf[name].xMin)
        elif code == 0x2011:
            pen = TTGlyphPen(font.getGlyphSet())
            pen.addComponent(cmap[0x2D], (1, 0, 0, 1, 0, 0))
            glyf[name] = pen.glyph()
            hmtx[name] = hmtx[cmap[0x2D]]
        else:
            glyf[name] = TTGlyphPen(None).glyph()
            hmtx[name] = (round(SPACE_WIDTH * em), 0)
        added[code] = name
    font.setGlyphOrder(glyf.glyphOrder)
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap.update(added)


def small(source, target):
    """The same font, reduced to the signs a French page may hold, features kept, as WOFF2."""
    options = subset.Options(flavor="woff2", layout_features=["*"], hinting=False, notdef_outline=True)
    options.name_IDs = ["*"]
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[code for first, last in WANTED for code in range(first, last + 1)])
    subsetter.subset(font)
    subset.save_font(font, str(target), options)


def main(originals, target):
    for style in STYLES:
        # Dates in a file would make each run differ.
        font = TTFont(originals / f"PublicSans-{style}.ttf", recalcTimestamp=False)
        complete(font)
        font.save(target / f"PublicSans-{style}.ttf")
        small(target / f"PublicSans-{style}.ttf", target / f"PublicSans-{style}.woff2")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
