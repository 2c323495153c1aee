#!/usr/bin/env python3
"""The registry's commands: `python manage.py help`. The settings of the demo, unless the environment says otherwise."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "egide_registry.settings.demo")
    execute_from_command_line(sys.argv)
