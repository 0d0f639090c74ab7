"""What can be shared."""

from typing import Literal

SharedKind = Literal["DASHBOARD", "VIEW"]
