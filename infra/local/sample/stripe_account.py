"""Our account at the stand-in of Stripe, as the file OPTIQ_STRIPE has it.

It is made before the system's processes have their settings, so it imports no context.
"""

import json

TEST_KEY = "sk_test_local"


def account(port: int, webhook_secret: str) -> str:
    """The file that leads to the process on this port."""
    made = {"secret_key": TEST_KEY, "webhook_secrets": [webhook_secret], "api": f"http://localhost:{port}"}
    return json.dumps(made, indent=2)
