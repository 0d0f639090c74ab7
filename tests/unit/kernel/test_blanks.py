"""Which values say nothing, where any word may stand."""

import pytest
from optiq.kernel.blanks import is_blank


@pytest.mark.parametrize(
    "said",
    [
        *("", "null", "Undefined", "NaN", "None", " nil ", "(not set)", "(NULL)", "not_set", "[object Object]"),
        *("{{campaign.name}}", "{campaignid}", "{keyword:shoes}", "${name}", "%%name%%", "%name%", "%7B%7Bad.id%7D%7D"),
        *("[[name]]", "*|NAME|*", "#{name}", "%campaign%", "%name%", "{gclid}"),
        *("__CAMPAIGN_NAME__", "__CID__", "__AID_NAME__", "__CLICKID__", "__AD2__"),
        *("[CAMPAIGN_NAME]", "[AD_SET_NAME]", "[UTM_SOURCE_2]", "%5BCAMPAIGN_NAME%5D", "%5f%5fCAMPAIGN%5f%5f"),
        *("%28not%20set%29", "%7Bgclid%7D", "%6eull"),
    ],
)
def test_a_campaign_parameter_that_a_program_left_empty_is_blank(said: str) -> None:
    assert is_blank(said)


@pytest.mark.parametrize(
    "said",
    [
        *("email", "(none)", "[brand]", "user", "Spring {2026}", "id", "0", "1", "-", "unknown", "#summer", "50% off%"),
        *("nullsec", "<sale>", "$5", "anonymous", "true", "[SALE]", "[Spring_Sale]", "__init__", "_SALE_", "[a_b]"),
        *("[SPRING SALE]", "__Spring_Sale__", "SPRING_SALE", "50%25", "[VIP_]"),
    ],
)
def test_a_word_that_names_a_campaign_is_not_blank(said: str) -> None:
    assert not is_blank(said)
