"""Files as people send them, and as people send them who mean harm."""

import io
import zipfile
from typing import Any

from PIL import Image

from consult.core.papers import DOCX, ODT

TYPES = (b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
         b'<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
         b'wordprocessingml.document.main+xml"/></Types>')


def picture(width: int = 60, height: int = 40, *, format: str = "JPEG", mode: str = "RGB", exif: Any = None,
            **options: Any) -> bytes:
    target = io.BytesIO()
    image = Image.new(mode, (width, height), 0)
    if width > 1 and mode == "RGB":
        image.paste((255, 0, 0), (0, 0, width // 2, height // 2))
    image.save(target, format, **({"exif": exif} if exif else {}), **options)
    return target.getvalue()


def taken_at_home(orientation: int = 6) -> bytes:
    """A photograph of a telephone held upright, with the place in which it was taken."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Telefono di Rosa"
    exif.get_ifd(0x8825).update({1: "N", 2: (44.0, 15.0, 3.0), 3: "E", 4: (11.0, 30.0, 0.0)})
    return picture(80, 40, exif=exif, comment=b"casa mia")


def pdf(*objects: bytes, tail: bytes = b"") -> bytes:
    """A PDF of one empty page, with other objects if named."""
    parts = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
             b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>", *objects]
    content = b"%PDF-1.4\n"
    offsets = []
    for number, part in enumerate(parts, 1):
        offsets.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    start = len(content)
    content += b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    content += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return content + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, start) + tail


def packed(parts: dict[str, bytes], *, stored: tuple[str, ...] = (), comment: bytes = b"") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content, zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED)
        archive.comment = comment
    return target.getvalue()


def docx(more: dict[str, bytes] | None = None, **options: Any) -> bytes:
    return packed({"[Content_Types].xml": TYPES, "word/document.xml": b"<w:document/>", **(more or {})}, **options)


def odt(more: dict[str, bytes] | None = None, **options: Any) -> bytes:
    return packed({"mimetype": ODT.encode(), "content.xml": b"<office:document-content/>", **(more or {})},
                  stored=("mimetype",), **options)


__all__ = ["DOCX", "ODT", "docx", "odt", "packed", "pdf", "picture", "taken_at_home"]
