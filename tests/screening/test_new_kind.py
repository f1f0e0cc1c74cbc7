"""Nothing in moderation names a kind of contribution: a new one gets all of it by existing."""

import subprocess
import sys
from pathlib import Path


def test_a_kind_defined_in_a_test_gets_all_of_it_by_existing():
    here = Path(__file__).resolve().parent
    run = subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", here / "a_new_kind.py"],
                         cwd=here.parents[1], capture_output=True, text=True, check=False, timeout=300)
    assert run.returncode == 0, run.stdout
    assert "1 passed" in run.stdout
