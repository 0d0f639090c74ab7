"""The ZIP that the console makes of what it downloads."""

import io
import json
import zipfile

from tests.unit.console.modules import result_of


def test_a_zip_of_the_console_is_what_other_programs_read() -> None:
    files = {"events/2026-01-01.parquet": bytes(range(256)), "größe/leer.parquet": b""}
    entries = ", ".join(
        f"{{name: {json.dumps(name)}, content: Uint8Array.from({list(content)})}}" for name, content in files.items()
    )
    made = result_of("shared/zip.ts", f"Array.from(new Uint8Array(await m.zipOf([{entries}]).arrayBuffer()))")

    with zipfile.ZipFile(io.BytesIO(bytes(made))) as archive:
        assert archive.testzip() is None
        assert {one.filename: archive.read(one) for one in archive.infolist()} == files
