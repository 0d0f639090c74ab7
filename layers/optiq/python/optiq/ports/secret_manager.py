"""The platform secret from Secrets Manager."""

from optiq.ports.aws_client import AwsError, aws_client, upstream_error


def read_secret(arn: str, /) -> bytes:
    """The secret's current value; callers keep it.

    Raises:
        UpstreamError: there is no such secret, or it may not be read.
    """
    try:
        answer = aws_client("secretsmanager").get_secret_value(SecretId=arn)
    except AwsError as error:
        raise upstream_error("the platform secret cannot be read", error) from error
    return str(answer["SecretString"]).encode()
