"""Makes the fonts in src/guiyan/platform/documents/fonts from Debian's Noto packages.

    apt-get download fonts-noto-cjk fonts-noto-core
    for deb in *.deb; do dpkg-deb -x "$deb" noto; done
    python scripts/pack_font.py noto

What a face holds is what its use needs: the regular sans every Han character that a name may
have (basic block and extension A), the headings' bold and the letters' serif those of GB 2312,
the Yi face the syllables of Liangshan. A character missing from one is taken from the next.
"""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

TARGET = Path(__file__).parents[1] / "src/guiyan/platform/documents/fonts"
SIMPLIFIED_FACE = 2  # of the collections: JP, KR, SC, TC, HK
KEPT_NAMES = (0, 5, 7, 8, 9, 11, 13, 14)  # copyright, trademark, makers, licence


@dataclass(frozen=True, slots=True)
class Face:
    """One font file to make."""

    source: str
    number: int
    family: str
    style: str
    characters: frozenset[int]

    @property
    def postscript_name(self) -> str:
        """The name by which a PDF calls the face."""
        return f"{self.family.replace(' ', '')}-{self.style}"

    @property
    def file_name(self) -> str:
        """The file's name keeps the suffix that tells its outline format."""
        return self.postscript_name + (".ttf" if self.source.endswith(".ttf") else ".otf")


def block(first: int, last: int) -> frozenset[int]:
    """All code points from first to last."""
    return frozenset(range(first, last + 1))


def gb2312() -> frozenset[int]:
    """The characters of GB 2312-80: 6,763 Han and the signs of its rows 1 to 9."""
    cells = (bytes([row, cell]) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    return frozenset(map(ord, "".join(pair.decode("gb2312", "ignore") for pair in cells)))


LATIN = block(0x20, 0x7E) | block(0xA0, 0x17F)
SIGNS = (
    block(0x2010, 0x2027)  # dashes, quotation marks, ellipsis
    | block(0x2030, 0x203B)
    | block(0x2160, 0x217B)  # Roman numerals
    | block(0x2190, 0x2199)
    | block(0x2460, 0x249B)  # ①…
    | block(0x2500, 0x257F)
    | block(0x25A0, 0x25EF)  # □ ■ ○ ●
    | block(0x2605, 0x2606)
    | block(0x2700, 0x27BF)  # ✂ ✓
    | block(0x3000, 0x303F)  # CJK punctuation, 〔 〕 〇
    | block(0xFE30, 0xFE4F)
    | block(0xFF00, 0xFFEF)  # full-width forms
)
NAMES = block(0x4E00, 0x9FFF) | block(0x3400, 0x4DBF)
YI = block(0xA000, 0xA4CF)
OPENTYPE = "usr/share/fonts/opentype/noto"
TRUETYPE = "usr/share/fonts/truetype/noto"
FACES = (
    Face(
        f"{OPENTYPE}/NotoSansCJK-Regular.ttc",
        SIMPLIFIED_FACE,
        "Guiyan Sans SC",
        "Regular",
        LATIN | SIGNS | NAMES | gb2312(),
    ),
    Face(
        f"{OPENTYPE}/NotoSansCJK-Bold.ttc",
        SIMPLIFIED_FACE,
        "Guiyan Sans SC",
        "Bold",
        LATIN | gb2312(),
    ),
    Face(
        f"{OPENTYPE}/NotoSerifCJK-Regular.ttc",
        SIMPLIFIED_FACE,
        "Guiyan Serif SC",
        "Regular",
        LATIN | gb2312(),
    ),
    Face(f"{TRUETYPE}/NotoSansYi-Regular.ttf", 0, "Guiyan Sans Yi", "Regular", YI),
)


def opened(noto: Path, face: Face) -> TTFont:
    """The source face, out of its collection where it lies in one."""
    path = noto / face.source
    return TTCollection(path).fonts[face.number] if path.suffix == ".ttc" else TTFont(path)


def cut(font: TTFont, characters: Iterable[int]) -> None:
    """Leave only these characters, without hints and without what typesetting here never asks."""
    options = subset.Options()
    options.hinting = False
    options.layout_features = ["kern", "halt", "mark"]
    options.name_IDs = list(KEPT_NAMES)
    options.drop_tables += ["DSIG", "VORG", "vhea", "vmtx", "BASE", "STAT"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters)
    cutter.subset(font)


def rename(font: TTFont, face: Face) -> None:
    """A changed font bears a name of its own (OFL 1.1 asks it for reserved names)."""
    full = f"{face.family} {face.style}"
    names = {
        1: face.family,
        2: face.style,
        3: f"{full}; cut for Guiyan",
        4: full,
        6: face.postscript_name,
    }
    for number, name in names.items():
        font["name"].setName(name, number, 3, 1, 0x409)
    if "CFF " in font:
        outlines = font["CFF "].cff
        outlines.fontNames[0] = face.postscript_name
        outlines[0].FullName, outlines[0].FamilyName = full, face.family


def main() -> None:
    """Make every face and say how large it became."""
    noto = Path(sys.argv[1])
    TARGET.mkdir(parents=True, exist_ok=True)
    for face in FACES:
        font = opened(noto, face)
        cut(font, face.characters)
        rename(font, face)
        font.save(TARGET / face.file_name)
        size = (TARGET / face.file_name).stat().st_size
        print(f"{face.file_name}: {len(font.getBestCmap()):,} characters, {size:,} bytes")


if __name__ == "__main__":
    main()
