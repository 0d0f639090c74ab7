"""The local gateway alone in a process, with a trivial handler beside ours: `python -m … PORT HOME`."""

import sys
from pathlib import Path

import uvicorn

from infra.local.gateway import Gateway
from infra.routes import ROUTES, Route

TRIVIAL = "/trivial"


def main(port: int, home: Path) -> None:
    routes = (*ROUTES, Route("POST", TRIVIAL, "tests.performance.trivial.handler", public=True))
    gateway = Gateway(routes, home, inline=("functions.collect.", "tests.performance."))
    uvicorn.run(
        gateway,
        host="127.0.0.1",
        port=port,
        loop="uvloop",
        http="httptools",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
