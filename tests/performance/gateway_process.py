"""The local gateway alone in a process, with a trivial handler beside ours: `python -m … PORT HOME`."""

import sys
from pathlib import Path

import uvicorn
from optiq.kernel.routes import Route

from infra.local.gateway import Gateway
from infra.routes import routes

TRIVIAL = "/trivial"


def main(port: int, home: Path) -> None:
    answered = (
        *routes(),
        Route(
            "POST", TRIVIAL, open_because="test", keyless_because="test", handler="tests.performance.trivial.handler"
        ),
    )
    gateway = Gateway(answered, home, inline=("functions.collect.", "tests.performance."))
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
