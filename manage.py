#!/usr/bin/env python
"""Django's command line for Heard."""

import os
import sys

from qa.core.version import VERSION


def main() -> None:
    if sys.argv[1:] in (["--version"], ["version"]):
        print(f"Heard {VERSION}")
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qa.settings")
    os.environ["HEARD_PROCESS"] = "command"
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
