"""Handlers that test_report_processes calls in other processes, by their import path."""

import os
import time
from pathlib import Path
from typing import Any


def echo(event: Any, context: Any) -> dict[str, Any]:
    print("a handler that prints must not spoil the answer")
    body = str(event["body"])
    return {"statusCode": 201, "headers": {"x-pid": os.getpid()}, "cookies": ["a=1", "b=2"], "body": body}


def nice(event: Any, context: Any) -> dict[str, Any]:
    return {"statusCode": 200, "body": str(os.nice(0))}


def fail(event: Any, context: Any) -> None:
    raise RuntimeError("a bug")


def vanish(event: Any, context: Any) -> None:
    os._exit(9)


def wait_for_file(event: Any, context: Any) -> dict[str, Any]:
    """Says that it runs by a file, and goes on when there is another."""
    folder = Path(event["body"])
    (folder / f"runs-{event['requestContext']['requestId']}").touch()
    while not (folder / "go").exists():
        time.sleep(0.01)
    return {"statusCode": 200}
