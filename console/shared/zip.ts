/** A ZIP of files that are compressed already (APPNOTE.TXT 6.3.10, method 0). It has less than 4 GB. */

export interface Entry { name: string; content: Uint8Array<ArrayBuffer> }

const LOCAL = 0x04034b50, CENTRAL = 0x02014b50, END = 0x06054b50;
const UTF8_NAMES = 0x800;
const VERSION = 20;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest;
});

export function crc32(content: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of content) crc = (crc >>> 8) ^ (TABLE[(crc ^ byte) & 0xff] as number);
  return (crc ^ 0xffffffff) >>> 0;
}

export function zipOf(entries: Entry[]): Blob {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const directory: Uint8Array<ArrayBuffer>[] = [];
  let place = 0;
  for (const { name, content } of entries) {
    const title = new TextEncoder().encode(name);
    // Name, no time, CRC, both sizes: the same in both headers.
    const shared = [[2, UTF8_NAMES], [2, 0], [4, 0], [4, crc32(content)], [4, content.length], [4, content.length], [2, title.length], [2, 0]] as const;
    const local = numbers([[4, LOCAL], [2, VERSION], ...shared]);
    parts.push(local, title, content);
    directory.push(numbers([[4, CENTRAL], [2, VERSION], [2, VERSION], ...shared, [2, 0], [2, 0], [2, 0], [4, 0], [4, place]]), title);
    place += local.length + title.length + content.length;
  }
  const size = directory.reduce((sum, one) => sum + one.length, 0);
  const end = numbers([[4, END], [2, 0], [2, 0], [2, entries.length], [2, entries.length], [4, size], [4, place], [2, 0]]);
  return new Blob([...parts, ...directory, end], { type: 'application/zip' });
}

/** Numbers of so many bytes, the lowest byte first. */
function numbers(fields: readonly (readonly [bytes: number, value: number])[]): Uint8Array<ArrayBuffer> {
  const bytes = fields.flatMap(([width, value]) => Array.from({ length: width }, (_, place) => (value >>> (8 * place)) & 0xff));
  return Uint8Array.from(bytes);
}
