"""bin/clicks: open each screen of a running Odoo and print how long it takes."""

import importlib
import sys

from ..environment import ensure_environment
from ..paths import ROOT


def main(arguments):
    """Measure the screens in a browser."""
    ensure_environment()
    # At the end of the path: its folders have names that others have, too
    sys.path.append(str(ROOT))
    return importlib.import_module("benchmarks.clicks").main(arguments)
