"""The resolver of ads' routes, and how they name an account."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path
from optiq.kernel.api_resolver import make_resolver

app = make_resolver("ads")

ACCOUNT = "/v1/ad-accounts/{platform}/{external_id}"
AdPlatform = Annotated[str, Path(max_length=40, description="the account's platform, such as GOOGLE_ADS")]
ExternalId = Annotated[str, Path(max_length=60, description="the account's id at its platform")]
