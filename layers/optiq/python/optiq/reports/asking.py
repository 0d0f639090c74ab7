"""What a report asks of a site's ledger, checked and made ready for its SQL."""

from dataclasses import dataclass

from optiq.attribution import api as attribution
from optiq.attribution.contracts import Model, ModelVerdict
from optiq.attribution.lake import CREDITS
from optiq.kernel.caller import Caller
from optiq.kernel.clock import parse_as_of, parse_timezone
from optiq.kernel.errors import InvalidError
from optiq.ports.query import Value, timestamp_text
from optiq.rates.lake import RATES
from optiq.reports import sql
from optiq.reports.contracts import Question
from optiq.reports.domain import ATTRIBUTION_DIMENSIONS, MODELS, DayRange, check_choice, read_range
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import Site

_MAX_NAME = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that can be answered; `as_of_ms` is None for now."""

    caller: Caller
    site: Site
    currency: str
    models: tuple[str, ...]
    question: Question
    days: DayRange
    as_of_ms: int | None

    @classmethod
    def of(cls, caller: Caller, site_id: str, models: tuple[str, ...], question: Question, now_ms: int) -> "Asked":
        """Without models, of the site's default one.

        Raises:
            NotFoundError: the organization has no such site.
            InvalidError: a model, dimension, range or instant that cannot be; the message says what is allowed.
        """
        site = tenancy.get_site(caller.organization_id, site_id)
        currency = tenancy.get_organization(caller.organization_id).currency
        if not models:
            models = (attribution.get_settings(caller, site_id).default_model.value,)
        for model in models:
            check_choice("model", model, MODELS)
        check_choice("by", question.by, ATTRIBUTION_DIMENSIONS)
        if len(question.conversion) > _MAX_NAME:
            raise InvalidError(f"'conversion' has at most {_MAX_NAME} characters")
        timezone = parse_timezone(site.timezone)
        return cls(
            caller=caller,
            site=site,
            currency=currency,
            models=tuple(dict.fromkeys(models)),
            question=question,
            days=read_range(question.from_day, question.to_day, timezone),
            as_of_ms=parse_as_of(question.as_of, timezone, now_ms),
        )

    def verdicts(self) -> dict[str, ModelVerdict]:
        """By model, of those that learn from data: whether that was enough to credit by."""
        models = [Model(model) for model in self.models]
        found = attribution.verdicts(self.caller, self.site.site_id, models)
        return {model.value: verdict for model, verdict in found.items()}

    @property
    def ledger(self) -> sql.Ledger:
        question = self.question
        return sql.Ledger(
            self.models, question.by, self.days.offsets, bool(question.conversion), self.as_of_ms is not None
        )

    @property
    def read(self) -> dict[str, tuple[str, str]]:
        """The tables that SQL on `ledger` reads, each with the first and the last day."""
        return {CREDITS.name: self.days.utc_days, RATES.name: self.days.rate_days}

    @property
    def parameters(self) -> list[Value]:
        """Of SQL on `ledger`, in the order of its text."""
        start_ms, end_ms = self.days.bounds_ms
        return [
            *self.days.rate_days,
            self.site.site_id,
            *self.days.utc_days,
            timestamp_text(start_ms),
            timestamp_text(end_ms),
            *([self.question.conversion] if self.question.conversion else []),
            *([timestamp_text(self.as_of_ms)] if self.as_of_ms is not None else []),
            *[self.currency] * 4,
        ]
