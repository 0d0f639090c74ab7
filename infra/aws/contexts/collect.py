"""Collection: open to the world, so it is granted almost nothing. What browsers reach cannot touch the table."""

from constructs import Construct

from infra.aws.functions import OptiqFunction, Platform


class Collect(Construct):
    def __init__(self, scope: Construct, construct_id: str, platform: Platform) -> None:
        super().__init__(scope, construct_id)
        self.script = OptiqFunction(self, "Script", platform, handler="functions.collect.script.handler")
        self.beacon = OptiqFunction(self, "Beacon", platform, handler="functions.collect.beacon.handler")
        self.pixel = OptiqFunction(self, "Pixel", platform, handler="functions.collect.pixel.handler")
        self.segment = OptiqFunction(self, "Segment", platform, handler="functions.collect.segment.handler")
        self.measurement = OptiqFunction(self, "Measurement", platform, handler="functions.collect.measurement.handler")
        self.routes = OptiqFunction(
            self, "Routes", platform, handler="functions.collect.routes.handler", shares=("tenancy",)
        )

        data = platform.data
        # The routes put on the stream what is replayed.
        for sender in (self.beacon, self.pixel, self.segment, self.measurement, self.routes):
            data.stream.grant(sender, "kinesis:PutRecord", "kinesis:PutRecords")
            data.secret.grant_read(sender)
            if geoip := platform.layers.geoip:
                sender.add_layers(geoip.layer)
                sender.add_environment("OPTIQ_GEOIP", geoip.path)
        # The write key of a server is a credential to look up; a page's public key is only a signature to check.
        data.grant_table(self.segment, "GetItem")
        data.grant_table(self.measurement, "GetItem")
        data.grant_table(self.routes, "GetItem", "BatchGetItem", "PutItem", "Query")
