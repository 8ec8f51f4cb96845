const PER_LINE = 16;

/** Lines as xxd prints them: offset, eight groups of two bytes, and what of it can be read. */
export function* hexDump(bytes: Uint8Array): Generator<string> {
  for (let at = 0; at < bytes.length; at += PER_LINE) {
    const row = Buffer.from(bytes.subarray(at, at + PER_LINE));
    const groups = row
      .toString('hex')
      .replace(/.{4}/g, '$& ')
      .padEnd((PER_LINE / 2) * 5);
    const readable = row.toString('latin1').replace(/[^\x20-\x7e]/g, '.');
    yield `${at.toString(16).padStart(8, '0')}: ${groups} ${readable}`;
  }
}
