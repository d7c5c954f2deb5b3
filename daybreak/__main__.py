"""`python -m daybreak`: the same as the command `daybreak`."""

import sys

from daybreak.cli.main import main

sys.exit(main())
