"""Vouchers: the operator creates them, organizations redeem each once."""

from optiq.billing.codes import normal_code
from optiq.billing.vouchers.creating import create_voucher, list_vouchers, switch_voucher
from optiq.billing.vouchers.redeeming import guesses, redeem

__all__ = ["create_voucher", "guesses", "list_vouchers", "normal_code", "redeem", "switch_voucher"]
