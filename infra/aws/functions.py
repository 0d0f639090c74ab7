"""How every function is made: small asset, own role, own log group, own alarms."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from aws_cdk import Duration, IgnoreMode, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.aws.stateful import StatefulStack

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True, slots=True)
class GeoIp:
    """The operator's GeoIP database, as a layer and as the path a function finds it at."""

    layer: lambda_.LayerVersion
    path: str


class Layers(Construct):
    """Our own code; packages: `core` for every function, `lake` for columns; a GeoIP database, if there is one."""

    def __init__(self, scope: Construct, construct_id: str, packages: Path) -> None:
        super().__init__(scope, construct_id)
        self.optiq = self._layer("Optiq", ROOT / "layers" / "optiq", "Optiq")
        self.core = self._layer("Core", packages / "core", "Packages of every function")
        self.lake = self._layer("Lake", packages / "lake", "Arrow and numpy")
        self.geoip = self._geoip(packages / "geoip")

    def _geoip(self, folder: Path) -> "GeoIp | None":
        files = sorted(folder.glob("*.mmdb"))
        if not files:
            return None
        if len(files) > 1:
            raise ValueError(f"{folder} must hold one .mmdb file, not {len(files)}")
        return GeoIp(self._layer("GeoIp", folder, "GeoIP database"), f"/opt/{files[0].name}")

    def _layer(self, construct_id: str, folder: Path, description: str) -> lambda_.LayerVersion:
        if not folder.is_dir():
            raise FileNotFoundError(f"{folder} is missing: run `make build` first")
        return lambda_.LayerVersion(
            self,
            construct_id,
            code=lambda_.Code.from_asset(str(folder), exclude=["**/__pycache__"]),
            description=description,
            compatible_architectures=[lambda_.Architecture.ARM_64],
            compatible_runtimes=[lambda_.Runtime.PYTHON_3_14],
        )


@dataclass(frozen=True, slots=True)
class Platform:
    """What every context stands on."""

    data: StatefulStack
    layers: Layers

    @property
    def environment(self) -> dict[str, str]:
        """The variables of `kernel/settings.py`; all functions but those that start the workflow share them."""
        return {
            "OPTIQ_SUBSTRATE": "aws",
            "OPTIQ_TABLE": self.data.table.table_name,
            "OPTIQ_STREAM": self.data.stream.stream_name,
            "OPTIQ_LAKE": self.data.lake.address,
            "OPTIQ_DATABASE": self.data.lake.database_name,
            "OPTIQ_WORKGROUP": self.data.lake.workgroup.name,
            "OPTIQ_SECRET": self.data.secret.secret_arn,
            "POWERTOOLS_SERVICE_NAME": "optiq",
        }


class OptiqFunction(lambda_.Function):
    """One handler module of `functions/<context>/`.

    Its asset holds `functions/<context>` and nothing else, but for `shares`; it may write its own logs and nothing
    else, until a context grants it more.

    Args:
        shares: other contexts of `functions/` whose schemas and answers it uses.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        platform: Platform,
        *,
        handler: str,
        memory_mb: int = 512,
        timeout_seconds: int = 10,
        extra_layers: Sequence[lambda_.ILayerVersion] = (),
        shares: Sequence[str] = (),
    ) -> None:
        log_group = logs.LogGroup(
            scope,
            f"{construct_id}Logs",
            retention=logs.RetentionDays.ONE_MONTH,
            removal_policy=RemovalPolicy.DESTROY,
        )
        role = iam.Role(scope, f"{construct_id}Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        log_group.grant_write(role)
        super().__init__(
            scope,
            construct_id,
            code=_code(handler.split(".")[1], *shares),
            handler=handler,
            runtime=lambda_.Runtime.PYTHON_3_14,
            architecture=lambda_.Architecture.ARM_64,
            layers=[platform.layers.optiq, platform.layers.core, *extra_layers],
            memory_size=memory_mb,
            timeout=Duration.seconds(timeout_seconds),
            environment=platform.environment,
            role=role,
            log_group=log_group,
            logging_format=lambda_.LoggingFormat.JSON,
        )
        self.handler = handler


def _code(*contexts: str) -> lambda_.Code:
    return lambda_.Code.from_asset(
        str(ROOT),
        ignore_mode=IgnoreMode.GIT,
        exclude=[
            "/*",
            "!/functions",
            "/functions/*",
            "!/functions/__init__.py",
            *(f"!/functions/{context}" for context in contexts),
            "__pycache__",
        ],
    )
