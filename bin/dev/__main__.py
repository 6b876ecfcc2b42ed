"""Run a command of the developer tools, inside their virtual environment.

The first start needs the standard library only: it makes the environment and
starts again in there.
"""

import importlib
import signal
import sys

from .console import main_guard
from .system import check_disk
from .venv import ensure_venv, is_inside, reenter


def main(command, *arguments):
    """Run ``dev.commands.<command>``; a kill ends it like Ctrl-C."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    if not is_inside():
        check_disk()
        ensure_venv()
        reenter("dev", [command, *arguments])
    module = importlib.import_module(f"dev.commands.{command}")
    return module.main(list(arguments))


def _interrupt(_number, _frame):
    raise KeyboardInterrupt


if __name__ == "__main__":
    main_guard(main, *sys.argv[1:])
