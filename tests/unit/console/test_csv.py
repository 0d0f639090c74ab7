"""Files that the console saves show texts as the API's do."""

import json

from optiq.kernel.spreadsheets import shown_text

from tests.unit.console.modules import result_of
from tests.unit.kernel.test_spreadsheets import COMPUTED, HARMLESS


def test_no_cell_begins_a_formula() -> None:
    texts = [text for text in (*COMPUTED, *HARMLESS) if not set(text) & set('\r\n",')]

    cells = result_of("shared/csv.ts", f"{json.dumps(texts)}.map(m.cell)")

    assert cells == [shown_text(text) for text in texts]
