"""Every error of a management route as a problem document."""

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestUnsupportedContentType, RequestValidationError

from optiq.kernel.errors import InvalidError, NotFoundError, OptiqError, UpstreamError
from optiq.kernel.http import problem
from optiq.kernel.table import TableError, is_outage


def as_problem(error: OptiqError) -> Response[str]:
    answer = problem(error)
    headers = {name: value for name, value in answer["headers"].items() if name != "content-type"}
    return Response(answer["statusCode"], "application/problem+json", answer["body"], headers)


def as_outage(error: TableError) -> Response[str]:
    if not is_outage(error):
        raise error
    return as_problem(UpstreamError("the table does not answer", retryable=True))


def as_bad_request(error: RequestValidationError | RequestUnsupportedContentType) -> Response[str]:
    """Says of each mistake where it is and what is wrong, but not what was sent."""
    mistakes = {".".join(str(step) for step in mistake["loc"]): str(mistake["msg"]) for mistake in error.errors()}
    first = [f"{field}: {message}" for field, message in mistakes.items()][:5]
    return as_problem(InvalidError("; ".join(first), fields=mistakes))


def as_unreadable(_: UnicodeDecodeError) -> Response[str]:
    return as_problem(InvalidError("the body is not UTF-8"))


def as_not_found(_: Exception) -> Response[str]:
    return as_problem(NotFoundError("there is no such route"))
