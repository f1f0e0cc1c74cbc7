"""A citizen looks at the register of a ballot that is over and takes its publication; the guarantor sees the page."""

import subprocess
import sys
import zipfile

from tests.journeys.conftest import BOTH_WAYS


@BOTH_WAYS
def test_a_stranger_recounts_a_ballot(site, visit, tmp_path, width, scripts):
    site.work()
    site.work()
    visitor = visit(width, scripts=scripts)
    page = visitor.open("/percorsi/rovano-2035/risultati")
    page.get_by_role("link", name="Da dove cominciamo?").first.click()
    page.get_by_role("link", name="Registro della votazione").first.click()
    assert visitor.says("Registro chiuso")
    assert not scripts or visitor.axe() == []
    register = page.url
    with page.expect_download() as coming:
        page.get_by_role("link", name="Scarica la pubblicazione (zip)").click()
    coming.value.save_as(tmp_path / "p.zip")
    with zipfile.ZipFile(tmp_path / "p.zip") as packed:
        packed.extractall(tmp_path)
    program = next(tmp_path.glob("votazione-*/verify.py"))
    done = subprocess.run([sys.executable, program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.startswith("TUTTO TORNA")) == (0, True)
    guarantor = visit(width, scripts=scripts)
    guarantor.sign_in("garante@example.org")
    guarantor.page.goto(f"{register}/annulla")
    assert guarantor.says("Annulla una scheda")
    assert not scripts or guarantor.axe() == []
