"""The bus port on EventBridge."""

import json
from typing import Any

import pytest
from optiq.kernel.errors import UpstreamError
from optiq.ports.aws_client import aws_client
from optiq.ports.bus import BusEvent
from optiq.ports.bus_eventbridge import EventBridgeBus

EVENT = BusEvent("optiq.tenancy", "MailRequested", "org_1", "org_1", 1_700_000_000_123, '{"event_id":"event_1"}')


def test_a_rule_delivers_what_is_put() -> None:
    events, queues = aws_client("events"), aws_client("sqs")
    queue = queues.create_queue(QueueName="subscriber")["QueueUrl"]
    arn = queues.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.create_event_bus(Name="optiq")
    events.put_rule(Name="rule", EventBusName="optiq", EventPattern='{"detail-type":["MailRequested"]}')
    events.put_targets(Rule="rule", EventBusName="optiq", Targets=[{"Id": "1", "Arn": arn}])

    EventBridgeBus("optiq").put([EVENT])

    (message,) = queues.receive_message(QueueUrl=queue)["Messages"]
    delivered = json.loads(message["Body"])
    assert (delivered["source"], delivered["detail-type"]) == ("optiq.tenancy", "MailRequested")
    assert delivered["detail"] == {"event_id": "event_1"}


def test_a_bus_that_takes_not_all_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def refusing(_client: Any, operation: str, arguments: Any) -> dict[str, Any]:
        assert operation == "PutEvents"
        assert len(arguments["Entries"]) == 2
        return {"FailedEntryCount": 1, "Entries": [{"EventId": "1"}, {"ErrorCode": "ThrottlingException"}]}

    monkeypatch.setattr("botocore.client.BaseClient._make_api_call", refusing)

    with pytest.raises(UpstreamError, match="ThrottlingException") as raised:
        EventBridgeBus("optiq").put([EVENT, EVENT])
    assert raised.value.retryable
