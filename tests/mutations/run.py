"""Breaks security and durability on purpose, one rule at a time, and asks the tests: `make mutations`.

Each mutation changes one text in one file of a copy of the project, and names the tests that must fail by it. One that
no test notices has survived, and the run fails.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

ROOT = Path(__file__).resolve().parents[2]
_OPTIQ = "layers/optiq/python/optiq"
_FAILED = 1
"""Pytest's exit code where tests ran and some failed; any other says that the mutation itself is wrong."""


@dataclass(frozen=True, slots=True)
class Mutation:
    """What is broken, by which change, and the tests that must notice."""

    breaks: str
    file: str
    before: str
    after: str
    tests: tuple[str, ...]


MUTATIONS = (
    Mutation(
        "the signature of public site keys",
        f"{_OPTIQ}/kernel/secrets.py",
        "if not hmac.compare_digest(key.encode(), public_site_key(",
        "if False and not hmac.compare_digest(key.encode(), public_site_key(",
        ("tests/unit/kernel/test_secrets.py",),
    ),
    Mutation(
        "a link's domain leads to this Optiq",
        f"{_OPTIQ}/links/domains.py",
        "if not hmac.compare_digest(answer_of(domain)",
        "if False and not hmac.compare_digest(answer_of(domain)",
        ("tests/functional/links/test_domains.py",),
    ),
    Mutation(
        "a customer's server is asked at public addresses only",
        f"{_OPTIQ}/kernel/outside_targets.py",
        "if not addresses or not all(is_public(address) for address in addresses)",
        "if not addresses",
        ("tests/unit/notifications/test_addresses.py", "tests/functional/links/test_domains.py"),
    ),
    Mutation(
        "a customer's server takes a thread for a bounded time",
        f"{_OPTIQ}/kernel/asking_outside.py",
        "        if is_over():\n",
        "        if False:\n",
        ("tests/unit/kernel/test_asking_outside.py",),
    ),
    Mutation(
        "a copy's manifest names no files but the copy's",
        f"{_OPTIQ}/warehouse/manifest.py",
        "if not all(map(_FILE.fullmatch, files))",
        "if False",
        ("tests/functional/warehouse/test_copying.py",),
    ),
    Mutation(
        "addresses that alerts go to are counted",
        f"{_OPTIQ}/alerts/api.py",
        "set(wanted.addresses).difference(before.addresses)",
        "set(wanted.addresses).difference(wanted.addresses)",
        ("tests/functional/alerts/test_alert_settings.py",),
    ),
    Mutation(
        "a query opens no other organization's files",
        f"{_OPTIQ}/ports/duckdb_databases.py",
        "SET enable_external_access = false; ",
        "",
        ("tests/functional/ports/test_query_duckdb.py",),
    ),
    Mutation(
        "the lake's files are on disk before they are acknowledged",
        f"{_OPTIQ}/ports/lake_folder.py",
        "                os.fsync(file.fileno())\n",
        "                file.fileno()\n",
        ("tests/functional/local/test_lake_folder.py",),
    ),
    Mutation(
        "the names of the lake's files are on disk",
        f"{_OPTIQ}/ports/lake_folder.py",
        "take the new name away.\n                os.fsync(descriptor)\n",
        "take the new name away.\n                pass\n",
        ("tests/functional/local/test_lake_folder.py",),
    ),
    Mutation(
        "a file of the lake is there as a whole or not at all",
        f"{_OPTIQ}/ports/lake_folder.py",
        "os.replace(draft, folder",
        "shutil.copy(draft, folder",
        ("tests/functional/local/test_lake_folder.py",),
    ),
    Mutation(
        "a page changes nothing of an order that a server reported",
        f"{_OPTIQ}/journeys/orders/correcting.py",
        "unverified = (verified or one.event_id in strangers) and not one.from_server",
        "unverified = False",
        ("tests/unit/journeys/test_orders.py",),
    ),
    Mutation(
        "a compressed body inflates to a bounded size",
        f"{_OPTIQ}/kernel/compressed_bodies.py",
        "inflated = inflater.decompress(body, limit_bytes + 1)",
        "inflated = inflater.decompress(body)",
        ("tests/functional/collect/test_hostile_bodies.py",),
    ),
    Mutation(
        "an event id stands for one event",
        f"{_OPTIQ}/journeys/claims.py",
        "return made is not None and made.digest != event.digest",
        "return False",
        ("tests/functional/journeys/test_recording.py",),
    ),
    Mutation(
        "a page's event id leaves a server's free",
        f"{_OPTIQ}/collect/normalise.py",
        'return event_id if own else f"{_OF_PAGE}{event_id}"',
        "return event_id",
        ("tests/functional/journeys/test_trust.py",),
    ),
    Mutation(
        "records are counted once, however often they are delivered",
        f"{_OPTIQ}/collect/ingest/counting.py",
        "if place_of(outcome.sequence) > watermark",
        "if True",
        ("tests/functional/journeys/test_recording.py",),
    ),
    Mutation(
        "the signature of the operator's key",
        f"{_OPTIQ}/kernel/operator_key.py",
        "if not hmac.compare_digest(",
        "if False and not hmac.compare_digest(",
        ("tests/functional/operators",),
    ),
    Mutation(
        "the operator's key ends",
        f"{_OPTIQ}/kernel/operator_key.py",
        "if key.expires_s * SECOND_MS <= now_ms:",
        "if False:",
        ("tests/functional/operators",),
    ),
    Mutation(
        "the operator's key opens no tenant's route, and a key for one organization none of the operator's",
        "functions/identity/authorizer.py",
        "if for_operator != (not key.organization_id):",
        "if False:",
        ("tests/functional/operators",),
    ),
    Mutation(
        "no session and no API key opens the operator's routes",
        "functions/identity/authorizer.py",
        "    if for_operator:\n        return _REFUSED\n",
        "",
        ("tests/functional/operators",),
    ),
    Mutation(
        "a route is for who has the permission that it needs",
        f"{_OPTIQ}/kernel/api_resolver.py",
        '    raise ForbiddenError(f"this needs',
        '    print(f"this needs',
        ("tests/unit/kernel/test_api_resolver.py",),
    ),
    Mutation(
        "a kept answer is for who may still ask",
        f"{_OPTIQ}/kernel/api_resolver.py",
        "            _require_permission(event, route)  # An",
        "            pass  # An",
        ("tests/functional/api/test_idempotency_keys.py",),
    ),
    Mutation(
        "what is a person's alone is for their sessions",
        f"{_OPTIQ}/kernel/api_resolver.py",
        "    if route.personal and caller",
        "    if False and caller",
        ("tests/functional/tenancy/test_organization_routes.py",),
    ),
    Mutation(
        "the operator's look into an organization is in its audit log",
        f"{_OPTIQ}/tenancy/operating.py",
        "    _note_access(caller, found[0].organization_id, site_id, purpose)\n",
        "",
        ("tests/functional/operators",),
    ),
    Mutation(
        "the command line follows no redirect with its key",
        "cli/optiq_cli/client.py",
        "redirect=False, retries=False",
        "redirect=True",
        ("tests/functional/cli/test_bad_answers.py",),
    ),
    Mutation(
        "the command line shows no key in an error",
        "cli/optiq_cli/client.py",
        'text.replace(key, "…")',
        "text",
        ("tests/functional/cli/test_bad_answers.py",),
    ),
    Mutation(
        "a share link ends when it was revoked or expires",
        f"{_OPTIQ}/sharing/shares/api.py",
        "if link is None or link.revoked_ms is not None or link.expires_ms <= now_ms:",
        "if link is None:",
        ("tests/functional/sharing/test_shares.py",),
    ),
    Mutation(
        "what is shared is seen while its maker may see it",
        f"{_OPTIQ}/sharing/access.py",
        'if site.status == "ARCHIVED" or not set(needs) <= allowed:',
        'if site.status == "ARCHIVED":',
        ("tests/functional/sharing/test_shares.py", "tests/functional/sharing/test_scheduled_mails.py"),
    ),
    Mutation(
        "the address that ends a mail is signed",
        f"{_OPTIQ}/notifications/ending/api.py",
        "if not hmac.compare_digest(token, _token(organization_id, topic, recipient)):",
        "if not token:",
        ("tests/functional/sharing/test_schedules.py",),
    ),
    Mutation(
        "a mail that the log has as sent is not sent again",
        f"{_OPTIQ}/notifications/outbox/records.py",
        '(status == "PENDING") | ((status == "SENDING") & (leased <= now_ms))',
        "DeliveryRecord.pk.exists()",
        ("tests/functional/sharing/test_scheduled_mails.py",),
    ),
    Mutation(
        "a copy of a lake publishes whole files only",
        f"{_OPTIQ}/warehouse/copying.py",
        """        bucket.write(f"{table.name}/{name}", content)\n""",
        """        bucket.write(f"{table.name}/{name}", content[:-1])\n""",
        ("tests/functional/warehouse/test_copying.py",),
    ),
    Mutation(
        "lakes are copied to addresses that the operator allows alone",
        f"{_OPTIQ}/warehouse/destinations.py",
        "if destination.endpoint and destination.endpoint not in settings().warehouse_endpoints.split():",
        "if False:",
        ("tests/functional/warehouse/test_destinations.py",),
    ),
    Mutation(
        "a source of credits has one entry",
        f"{_OPTIQ}/billing/credits/posting.py",
        "        if entry.source.kind not in OWN_KINDS:",
        "        if not entry.source:",
        ("tests/functional/billing/test_ledger.py",),
    ),
    Mutation(
        "no more credits are spent than there are",
        f"{_OPTIQ}/billing/ledger/spending.py",
        "    if amount > available:",
        "    if amount > available + 1:",
        ("tests/unit/billing/test_invariants.py",),
    ),
    Mutation(
        "an entry of credits is sealed",
        f"{_OPTIQ}/billing/credits/verifying.py",
        "    if not hmac.compare_digest(seal_of(organization_id, previous, entry), entry.seal):",
        "    if not entry.seal:",
        ("tests/functional/billing/test_verifying.py",),
    ),
    Mutation(
        "a ledger of credits matches its copy in the lake",
        f"{_OPTIQ}/billing/credits/verifying.py",
        "            same = hmac.compare_digest(seal, copied_seal)",
        "            same = bool(copied_seal)",
        ("tests/functional/billing/test_verifying.py",),
    ),
    Mutation(
        "a voucher has as many uses as it says",
        f"{_OPTIQ}/billing/vouchers/records.py",
        "        usable &= record.uses < voucher.max_uses",
        "        usable &= record.pk.exists()",
        ("tests/functional/billing/test_vouchers.py",),
    ),
    Mutation(
        "a damaged backup is not restored",
        "infra/local/restore.py",
        "    if found != file:\n",
        "    if False and found != file:\n",
        ("tests/unit/local/test_backup.py",),
    ),
    Mutation(
        "a backup has the records of what its table shows",
        "infra/local/backup.py",
        "        if file == home.stream_file:\n",
        "        if False:\n",
        ("tests/unit/local/test_backup.py",),
    ),
)


def main() -> None:
    free: SimpleQueue[Path] = SimpleQueue()
    workers = os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(workers) as pool:
        for number in range(workers):
            copy = Path(folder) / str(number)
            _copy(copy)
            free.put(copy)
        survived = list(pool.map(lambda mutation: _tried(free, mutation), MUTATIONS)).count(False)
    if survived:
        sys.exit(f"{survived} of {len(MUTATIONS)} mutations survived: no test notices what they break")
    print(f"all {len(MUTATIONS)} mutations were killed")


def _tried(free: SimpleQueue[Path], mutation: Mutation) -> bool:
    """Whether it was killed, in a copy that no other has meanwhile."""
    copy = free.get()
    try:
        killed = _kills(copy, mutation)
    finally:
        free.put(copy)
    print(f"{'killed  ' if killed else 'SURVIVED'}  {mutation.breaks}", flush=True)
    return killed


def _copy(to: Path) -> None:
    for name in (
        "cli",
        "functions",
        "infra",
        "layers",
        "events",
        "scripts",
        "statemachines",
        "tests",
        "docs",
        "pyproject.toml",
    ):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, to / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, to / name)
    (to / "node_modules").symlink_to(ROOT / "node_modules")


def _kills(copy: Path, mutation: Mutation) -> bool:
    """Whether the tests fail by it. Raises RuntimeError where the text is not there once, or the tests do not run."""
    file = copy / mutation.file
    original = file.read_text()
    if original.count(mutation.before) != 1:
        raise RuntimeError(f"{mutation.file}: '{mutation.before.strip()}' must stand there once")
    file.write_text(original.replace(mutation.before, mutation.after))
    try:
        code = _tested(copy, mutation.tests)
    finally:
        file.write_text(original)
    if code not in (0, _FAILED):
        raise RuntimeError(f"the tests of '{mutation.breaks}' did not run: pytest ended with {code}")
    return code == _FAILED


def _tested(copy: Path, tests: tuple[str, ...]) -> int:
    paths = os.pathsep.join(map(str, (copy, copy / "cli", copy / "layers" / "optiq" / "python")))
    command = [sys.executable, "-m", "pytest", "-x", "-p", "no:cacheprovider", *tests]
    done = subprocess.run(
        command, cwd=copy, env=os.environ | {"PYTHONPATH": paths}, capture_output=True, timeout=600, check=False
    )
    return done.returncode


if __name__ == "__main__":
    main()
