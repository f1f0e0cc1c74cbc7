"""Pictures made anew from their dots alone: upright, small enough for a page, without anything that came along.

What a camera writes beside the dots says where and when somebody was, and what hides behind them may be a program.
Neither is copied: a new picture is painted and written.
"""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass
from typing import IO

from consult.core.later import PIL

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 50_000_000
"""More than a telephone takes; what claims more is refused before a single dot is read."""
LARGE, SMALL = 1920, 640
"""The longer side, in dots, of the picture one opens and of the one that stands in a page."""
MOST_BYTES = 2 * 1024 * 1024
"""A drawing that would be larger than this is written with loss."""

_one_at_a_time = threading.Lock()
"""A large picture takes 200 MB while it is made smaller: they wait for one another."""


class BrokenPictureError(Exception):
    """The file begins like a picture but none can be read from it."""


class TooManyPixelsError(Exception):
    """The picture is larger than anybody needs, or only says so to exhaust whoever reads it."""


@dataclass(frozen=True)
class Picture:
    """A picture as it is kept and sent."""

    content: bytes
    mimetype: str
    width: int
    height: int


def remade(source: IO[bytes]) -> tuple[Picture, Picture]:
    """The large and the small version of a picture; only its dots are taken over, of several frames the first.

    Raises TooManyPixelsError without reading the dots, and BrokenPictureError where there are none.
    """
    with _one_at_a_time:
        try:
            painted, format = _painted(source)
            large = _written(painted, format)
            painted.thumbnail((SMALL, SMALL))
            return large, _written(painted, format)
        except (PIL.Image.DecompressionBombError, PIL.Image.DecompressionBombWarning, MemoryError) as fault:
            raise TooManyPixelsError from fault
        except TooManyPixelsError:
            raise
        except Exception as fault:  # decoders of hostile files fail in every way there is
            raise BrokenPictureError from fault


def _painted(source: IO[bytes]) -> tuple[PIL.Image.Image, str]:
    source.seek(0)
    with PIL.Image.open(source, formats=FORMATS) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise TooManyPixelsError
        image: PIL.Image.Image = opened
        image.draft("RGB", (LARGE, LARGE))  # a JPEG is read in a smaller size at once
        see_through = image.has_transparency_data
        if image.mode not in {"RGB", "RGBA", "L"} or (see_through and image.mode != "RGBA"):
            image = image.convert("RGBA" if see_through else "RGB")
        image.thumbnail((LARGE, LARGE))
        upright = PIL.ImageOps.exif_transpose(image)
        painted = PIL.Image.new(upright.mode, upright.size)
        painted.paste(upright)
        return painted, "JPEG" if opened.format == "MPO" else str(opened.format)


def _written(image: PIL.Image.Image, format: str) -> Picture:
    content = _bytes_of(image, format)
    if format == "PNG" and len(content) > MOST_BYTES:
        format = "WEBP"
        content = _bytes_of(image, format)
    return Picture(content, f"image/{format.lower()}", image.width, image.height)


def _bytes_of(image: PIL.Image.Image, format: str) -> bytes:
    target = io.BytesIO()
    if format == "PNG":
        image.save(target, format, optimize=True)
    else:
        image.save(target, format, quality=85, **({"progressive": True} if format == "JPEG" else {}))
    return target.getvalue()
