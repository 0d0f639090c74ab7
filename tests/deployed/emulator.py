"""MiniStack as a process, and the deployment of a cloud assembly onto it: what `cdk bootstrap` and `cdk deploy` do."""

import io
import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import botocore.session

ROOT = Path(__file__).parent.parent.parent
MINISTACK = ROOT / "build" / "ministack" / "bin" / "ministack"
HOST_LAYERS = ROOT / "build" / "host-layers"
_ACCOUNT, _REGION = "000000000000", "us-east-1"
_ASSETS_BUCKET = f"cdk-hnb659fds-assets-{_ACCOUNT}-{_REGION}"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Emulator:
    """A running MiniStack that enforces IAM; its data lives and dies with the process."""

    def __init__(self, home: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.log = home / "ministack.log"
        self.environment = {
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": _REGION,
        }
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("OPTIQ_", "AWS_"))}
        settings = {"BIND_HOST": "127.0.0.1", "GATEWAY_PORT": str(self.port), "TMPDIR": str(home), "AUTH": "true"}
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [MINISTACK], cwd=home, env=inherited | self.environment | settings, stdout=log, stderr=log
            )
        self._clients: dict[str, Any] = {}

    def client(self, service: str) -> Any:
        if service not in self._clients:
            self._clients[service] = botocore.session.get_session().create_client(
                service,
                endpoint_url=self.endpoint,
                region_name=_REGION,
                aws_access_key_id="test",
                aws_secret_access_key="test",
            )
        return self._clients[service]

    def wait_until_up(self, patience_seconds: float = 60) -> None:
        deadline = time.monotonic() + patience_seconds
        while True:
            try:
                urllib.request.urlopen(f"{self.endpoint}/_ministack/health", timeout=2).close()
            except OSError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(self.log.read_text()[-4000:]) from None
                time.sleep(0.2)
            else:
                return

    def stop(self) -> None:
        for client in self._clients.values():
            client.close()
        self._process.terminate()
        try:
            self._process.wait(timeout=120)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def deploy(self, assembly: Path, stack: str) -> dict[str, str]:
        """Uploads a stack's assets and creates the stack; returns its outputs."""
        template_key = self._upload_assets(assembly, stack)
        cloudformation = self.client("cloudformation")
        cloudformation.create_stack(
            StackName=stack,
            TemplateURL=f"{self.endpoint}/{_ASSETS_BUCKET}/{template_key}",
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
        )
        deadline = time.monotonic() + 180
        while True:
            (described,) = cloudformation.describe_stacks(StackName=stack)["Stacks"]
            if described["StackStatus"] == "CREATE_COMPLETE":
                return {output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", ())}
            if not described["StackStatus"].endswith("CREATE_IN_PROGRESS") or time.monotonic() > deadline:
                raise RuntimeError(f"{stack}: {described['StackStatus']}: {self._failures(stack)}")
            time.sleep(0.2)

    def remove(self, stack: str, patience_seconds: float = 60) -> None:
        """Deletes a stack and waits until it is gone."""
        cloudformation = self.client("cloudformation")
        cloudformation.delete_stack(StackName=stack)
        deadline = time.monotonic() + patience_seconds
        while stack in self._standing():
            if time.monotonic() > deadline:
                raise RuntimeError(f"{stack} is not gone")
            time.sleep(0.2)

    def _standing(self) -> set[str]:
        stacks = self.client("cloudformation").describe_stacks()["Stacks"]
        return {one["StackName"] for one in stacks if one["StackStatus"] != "DELETE_COMPLETE"}

    def _failures(self, stack: str) -> list[str]:
        events = self.client("cloudformation").describe_stack_events(StackName=stack)["StackEvents"]
        return [
            f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason')}"
            for event in events
            if event["ResourceStatus"].endswith("FAILED")
        ]

    def bootstrap(self) -> None:
        """The bucket and the version that templates look for."""
        self.client("s3").create_bucket(Bucket=_ASSETS_BUCKET)
        self.client("ssm").put_parameter(Name="/cdk-bootstrap/hnb659fds/version", Value="30", Type="String")

    def _upload_assets(self, assembly: Path, stack: str) -> str:
        """Returns the key of the template, which is an asset itself."""
        manifest = json.loads((assembly / f"{stack}.assets.json").read_text())
        template_key = ""
        for asset in manifest["files"].values():
            source = assembly / asset["source"]["path"]
            (destination,) = asset["destinations"].values()
            body = _zipped(source) if asset["source"]["packaging"] == "zip" else source.read_bytes()
            if source.name == f"{stack}.template.json":
                template_key, body = destination["objectKey"], _adapted(body)
            self.client("s3").put_object(Bucket=_ASSETS_BUCKET, Key=destination["objectKey"], Body=body)
        return template_key

    def resources(self, stack: str) -> dict[str, str]:
        """Physical names by logical id."""
        pages = self.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=stack)
        return {
            resource["LogicalResourceId"]: resource["PhysicalResourceId"]
            for page in pages
            for resource in page["StackResourceSummaries"]
        }


def _adapted(template: bytes) -> bytes:
    """The template with the three changes MiniStack needs.

    Its Ref of a secret is the secret's name; on AWS it is the ARN, which permissions name (`Id` is the ARN on both).
    It is reached by plain HTTP, which the bucket policies refuse. It has no alarms on expressions over metrics.
    """
    content = json.loads(template)
    resources = content["Resources"]
    secrets = [name for name, resource in resources.items() if resource["Type"] == "AWS::SecretsManager::Secret"]
    content["Resources"] = {
        name: resource
        for name, resource in resources.items()
        if resource["Type"] != "AWS::S3::BucketPolicy" and "Metrics" not in resource.get("Properties", {})
    }
    text = json.dumps(content)
    for name in secrets:
        text = text.replace(json.dumps({"Ref": name}), json.dumps({"Fn::GetAtt": [name, "Id"]}))
    return text.encode()


def _zipped(folder: Path) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder))
    return buffer.getvalue()


class Gateway:
    """The deployed HTTP API, addressed by its host name as clients would."""

    def __init__(self, emulator: Emulator, address: str) -> None:
        self._endpoint = emulator.endpoint
        self._host = address.partition("//")[2].partition(".")[0]
        self._port = emulator.port

    def send(self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None) -> Answer:
        request = urllib.request.Request(
            f"{self._endpoint}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "host": f"{self._host}.execute-api.localhost:{self._port}",
                "content-type": "application/json",
                "user-agent": "Mozilla/5.0",
                **(headers or {}),
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=120) as response:
                return Answer(response.status, dict(response.headers), response.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, dict(error.headers), error.read())
