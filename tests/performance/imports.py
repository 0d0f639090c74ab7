"""Cold starts: the CPU each handler's import costs over bare Python, and what its first call adds.

Every figure comes from fresh interpreters with the environment of a deployed function. The first call makes the
AWS clients the handler speaks through (making a client needs no network) and imports what its context imports late.
"""

import os
import statistics
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from infra.local.home import ROOT
from infra.local.mappings import MAPPINGS
from infra.routes import AUTHORIZER, routes
from tests.performance.figures import Figure

COLLECT_MS, API_MS, CONSUMER_MS = 350.0, 700.0, 1_000.0
_REPEATS = 5
_TASKS = ("plan_recompute", "recompute_partition", "finish_recompute", "nightly")
_WORKFLOW = tuple(f"functions.attribution.{task}.handler" for task in _TASKS)
_ENVIRONMENT = {
    "OPTIQ_SUBSTRATE": "aws",
    "OPTIQ_TABLE": "optiq",
    "OPTIQ_STREAM": "optiq",
    "OPTIQ_LAKE": "s3://lake/lake",
    "OPTIQ_SECRET": "arn:aws:secretsmanager:us-east-1:000000000000:secret:optiq",
    "OPTIQ_RECOMPUTE_MACHINE": "arn:aws:states:us-east-1:000000000000:stateMachine:optiq",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "AWS_EC2_METADATA_DISABLED": "true",
    "POWERTOOLS_SERVICE_NAME": "optiq",
}
_CPU = "import resource; u = resource.getrusage(resource.RUSAGE_SELF); c = u.ru_utime + u.ru_stime\n"
_PRINT = "u = resource.getrusage(resource.RUSAGE_SELF); print(u.ru_utime + u.ru_stime - c)\n"

_TABLE = "from optiq.kernel.table import Record\nRecord._get_connection().connection.client\n"
_STREAM = "from optiq.ports import wiring\nwiring.stream()\n"
_SECRET = "from optiq.ports.aws_client import aws_client\naws_client('secretsmanager')\n"
_ARGON2 = "import argon2\n"
_LAKE = "from optiq.ports import wiring\nwiring.lake()\n"
_QUERY = "from optiq.ports import wiring\nwiring.query()\n"
_PARTITIONS = "import optiq.attribution.recomputing.partitions\n"
_WORKFLOWS = "from optiq.ports import wiring\nwiring.workflows()\n"
FIRST_CALL: dict[str, str] = {
    "functions.collect.beacon.handler": _STREAM + _SECRET,
    "functions.collect.pixel.handler": _STREAM + _SECRET,
    "functions.collect.segment.handler": _STREAM + _SECRET + _TABLE,
    "functions.collect.routes.handler": _TABLE,
    "functions.billing.webhook.handler": _STREAM + _SECRET,
    "functions.attribution.routes.handler": "import optiq.attribution.explaining\n" + _TABLE,
    "functions.journeys.routes.handler": _TABLE + _QUERY,
    "functions.reports.routes.handler": _TABLE + _QUERY,
    "functions.ads.routes.handler": _TABLE + _LAKE,
    AUTHORIZER: _TABLE,
    "functions.identity.sign_in.handler": _TABLE + _SECRET + _ARGON2,
    "functions.identity.routes.handler": _TABLE + _SECRET + _ARGON2,
    "functions.journeys.on_events.handler": _TABLE + _LAKE + _STREAM,
    "functions.attribution.on_conversions.handler": "import optiq.attribution.service\n" + _TABLE + _LAKE,
    "functions.attribution.plan_recompute.handler": "import optiq.attribution.recomputing.planning\n" + _TABLE,
    "functions.attribution.recompute_partition.handler": _PARTITIONS + _TABLE + _LAKE + _QUERY,
    "functions.attribution.finish_recompute.handler": "import optiq.attribution.recomputing.jobs\n" + _TABLE,
    "functions.attribution.nightly.handler": "import optiq.attribution.recomputing.jobs\n" + _TABLE + _WORKFLOWS,
}
"""What a first call does besides its work; handlers that are absent do nothing more."""


def handlers() -> tuple[str, ...]:
    """Every function of the system, each once."""
    return tuple(
        dict.fromkeys((*(r.handler for r in routes()), AUTHORIZER, *(m.handler for m in MAPPINGS), *_WORKFLOW))
    )


def measure(repeats: int = _REPEATS, only: tuple[str, ...] = ()) -> list[Figure]:
    """`only`: these handlers instead of all."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(lambda handler: _figure(handler, repeats), only or handlers()))


def _figure(handler: str, repeats: int) -> Figure:
    module = handler.rpartition(".")[0]
    importing = _cpu_ms(f"import {module}\n", repeats)
    first = _cpu_ms(f"import {module}\n{FIRST_CALL[handler]}", repeats) if handler in FIRST_CALL else importing
    note = f"{first:.0f} ms with the clients and late imports of the first call"
    return Figure(module.removeprefix("functions."), importing, "ms", goal_ms(handler), note=note)


def goal_ms(handler: str) -> float:
    """The goals for CPU over bare Python."""
    if any(handler == mapping.handler for mapping in MAPPINGS) or handler in _WORKFLOW:
        return CONSUMER_MS
    context, module = handler.split(".")[1:3]
    takes_in = (context == "collect" and module != "routes") or module == "webhook"
    return COLLECT_MS if takes_in else API_MS


def _cpu_ms(code: str, repeats: int) -> float:
    return statistics.median(_one_cpu_ms(code) for _ in range(repeats))


def _one_cpu_ms(code: str) -> float:
    environment = {"PATH": os.environ.get("PATH", ""), **_ENVIRONMENT}
    command = [sys.executable, "-c", _CPU + code + _PRINT]
    said = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout
    return float(said) * 1000
