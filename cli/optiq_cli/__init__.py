"""The command line: a client of Optiq's HTTP API. It imports no context, so it works with a system anywhere."""
