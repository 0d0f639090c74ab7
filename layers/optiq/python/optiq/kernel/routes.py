"""What a route of the API says of itself where it stands. Gateways, the authorizer and documents are made from it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar, get_args

Method = Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
_METHODS: tuple[Method, ...] = get_args(Method)
_OPERATORS = "/v1/operator/"
_SIGN_IN = "functions.identity.sign_in.handler"
_Handler = TypeVar("_Handler", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class Route:
    """One route of the HTTP API. It says who may use it in exactly one of five ways.

    Attributes:
        path: a template as API Gateway writes it, such as /v1/jobs/{job_id}.
        needs: the permission that the caller must have.
        personal: any session will do: the route is about whose it is. A key has scopes, and none is for a person.
        any_key: any session or key will do: what is answered is no secret of anybody, or of whose key it is.
        operator: only the operator's key will do (optiq/kernel/operator_key.py). Its path begins with /v1/operator/.
        open_because: why the route is open to anybody; audits of the deployed stacks quote it.
        keyless_because: why a POST takes no Idempotency-Key. Every other POST takes one, and needs a caller for it.
        headless_because: why a GET answers no HEAD: it does something. Every other GET answers one.
        heavy: it may read much of the lake or the table. One machine answers it in a process of its own.
        handler: import path of the function behind it, which discovery fills in (infra/routes.py).

    Raises:
        ValueError: it does not say who may use it, or says it twice; its path is the operator's and it is not, or the
            other way round; it is an open POST that does not say why it takes no Idempotency-Key.
    """

    method: Method
    path: str
    needs: str = ""
    personal: bool = False
    any_key: bool = False
    operator: bool = False
    open_because: str = ""
    keyless_because: str = ""
    headless_because: str = ""
    heavy: bool = False
    handler: str = ""

    def __post_init__(self) -> None:
        if sum(map(bool, (self.needs, self.personal, self.any_key, self.operator, self.open_because))) != 1:
            raise ValueError(f"{self.key}: give one of needs, personal, any_key, operator and open_because")
        if self.operator != is_operators(self.key):
            raise ValueError(f"{self.key}: the operator's routes, and no others, begin with {_OPERATORS}")
        if self.method == "POST" and self.is_open and not self.keyless_because:
            raise ValueError(f"{self.key}: give keyless_because: there is no caller to keep an answer for")

    @property
    def key(self) -> str:
        """API Gateway's route key."""
        return f"{self.method} {self.path}"

    @property
    def is_open(self) -> bool:
        """Whether nobody needs to say who calls."""
        return bool(self.open_because)

    @property
    def takes_key(self) -> bool:
        """Whether an Idempotency-Key makes it answer once."""
        return self.method == "POST" and not self.keyless_because

    @property
    def collects(self) -> bool:
        """Whether senders of events use it: trackers, pixels, clients of Segment's API."""
        return self.is_open and self.handler.startswith("functions.collect.")

    @property
    def signs_in(self) -> bool:
        """Whether somebody could guess secrets there."""
        return self.handler == _SIGN_IN and self.method == "POST" and "{" not in self.path


def is_operators(key: str) -> bool:
    """Whether a route is the operator's, by its key."""
    return key.partition(" ")[2].startswith(_OPERATORS)


def answers(
    *keys: str, open_because: str, keyless_because: str = "", headless_because: str = ""
) -> Callable[[_Handler], _Handler]:
    """Marks a handler that answers open routes without a resolver, by their keys such as `POST /b`."""

    def mark(handler: _Handler) -> _Handler:
        routes = [
            Route(
                _method(key),
                key.partition(" ")[2],
                open_because=open_because,
                keyless_because=keyless_because,
                headless_because=headless_because,
            )
            for key in keys
        ]
        handler.routes = (*routes_of(handler), *routes)  # type: ignore[attr-defined]
        return handler

    return mark


def route_for(method: str, of_path: Mapping[str, Route]) -> Route | None:
    """The route that answers a method, among those of one path by their methods: HEAD is answered by GET."""
    if method == "HEAD" and method not in of_path and "GET" in of_path:
        get = of_path["GET"]
        return None if get.headless_because else get
    return of_path.get(method)


def methods_of(of_path: Mapping[str, Route]) -> list[str]:
    """The methods that a path answers, in order, as an `allow` header names them."""
    return sorted({*of_path, *(["HEAD"] if route_for("HEAD", of_path) else [])})


def routes_of(handler: object) -> tuple[Route, ...]:
    """The routes that a handler answers; none for one that answers no request."""
    return tuple(getattr(handler, "routes", ()))


def _method(key: str) -> Method:
    for method in _METHODS:
        if key.startswith(f"{method} "):
            return method
    raise ValueError(f"{key!r} begins with none of {', '.join(_METHODS)}")
