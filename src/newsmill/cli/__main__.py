"""``python -m newsmill.cli``, where no console script is installed."""

from newsmill.cli.main import main

main()
