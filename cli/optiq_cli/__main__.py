"""`python -m optiq_cli`, for where the script is not installed."""

from optiq_cli.main import main

main(prog_name="optiq")
