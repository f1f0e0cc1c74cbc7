"""Typst in a process of its own, which can be given up and takes its memory with it: see `typst.write`."""

import json
import sys
from typing import Any

import typst

_compile: Any = typst.compile  # its published types leave out what it takes

if __name__ == "__main__":
    try:
        _compile(**json.load(sys.stdin))
    except typst.TypstError as fault:
        sys.exit(str(fault)[:300])
