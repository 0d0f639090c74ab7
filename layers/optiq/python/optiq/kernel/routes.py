"""What a route of the API says of itself where it stands. Gateways, the authorizer and documents are made from it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar, get_args

Method = Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
_METHODS: tuple[Method, ...] = get_args(Method)
OPERATOR = "operator"
"""What a route of the operator needs, where others name a permission. No role has it."""
_SIGN_IN = "functions.identity.sign_in.handler"
_Handler = TypeVar("_Handler", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class Route:
    """One route of the HTTP API. It says who may use it in exactly one of four ways.

    Attributes:
        path: a template as API Gateway writes it, such as /v1/jobs/{job_id}.
        needs: the permission that the caller must have.
        personal: any session or key will do: the route is about whose it is.
        operator: only the operator's key will do (optiq/kernel/operator_key.py).
        open_because: why the route is open to anybody; audits of the deployed stacks quote it.
        heavy: it may read much of the lake or the table. One machine answers it in a process of its own.
        handler: import path of the function behind it, which discovery fills in (infra/routes.py).

    Raises:
        ValueError: it does not say who may use it, or says it twice.
    """

    method: Method
    path: str
    needs: str = ""
    personal: bool = False
    operator: bool = False
    open_because: str = ""
    heavy: bool = False
    handler: str = ""

    def __post_init__(self) -> None:
        if sum(map(bool, (self.needs, self.personal, self.operator, self.open_because))) != 1:
            raise ValueError(f"{self.key}: give one of needs, personal, operator and open_because")

    @property
    def key(self) -> str:
        """API Gateway's route key."""
        return f"{self.method} {self.path}"

    @property
    def is_open(self) -> bool:
        """Whether nobody needs to say who calls."""
        return bool(self.open_because)

    @property
    def collects(self) -> bool:
        """Whether senders of events use it: trackers, pixels, clients of Segment's API."""
        return self.is_open and self.handler.startswith("functions.collect.")

    @property
    def signs_in(self) -> bool:
        """Whether somebody could guess secrets there."""
        return self.handler == _SIGN_IN and self.method == "POST" and "{" not in self.path


def answers(*keys: str, open_because: str) -> Callable[[_Handler], _Handler]:
    """Marks a handler that answers open routes without a resolver, by their keys such as `POST /b`."""

    def mark(handler: _Handler) -> _Handler:
        routes = [Route(_method(key), key.partition(" ")[2], open_because=open_because) for key in keys]
        handler.routes = (*routes_of(handler), *routes)  # type: ignore[attr-defined]
        return handler

    return mark


def routes_of(handler: object) -> tuple[Route, ...]:
    """The routes that a handler answers; none for one that answers no request."""
    return tuple(getattr(handler, "routes", ()))


def _method(key: str) -> Method:
    for method in _METHODS:
        if key.startswith(f"{method} "):
            return method
    raise ValueError(f"{key!r} begins with none of {', '.join(_METHODS)}")
