import { type AddressFacts, type AddressOwner, daxdevNamed, whois } from '../fs/pool/whois.js';
import { defineCommand, type Result } from '../ui/command.js';
import { named } from '../ui/errors.js';
import { parseSize } from '../ui/size.js';
import { hex } from '../ui/units.js';
import { deviceOptions, withVolume } from './options/device.js';

export interface WhoisDocument {
  /** index in the pool */
  readonly daxdev: number;
  /** bytes from the start of the daxdev */
  readonly deviceOffset: number;
  readonly region: AddressFacts['region'];
  /** of the log entry at that place; null outside the slots of the log */
  readonly slot: number | null;
  /** one at most in a sound file system; several where files overlap */
  readonly owners: readonly OwnerRow[];
}

interface OwnerRow {
  /** relative to the root */
  readonly path: string;
  /** of its log entry */
  readonly slot: number;
  /** bytes from the start of the file */
  readonly fileOffset: number;
  /** bytes of the file */
  readonly size: number;
  /** after the end of the file: allocated, but not part of its contents */
  readonly inSlack: boolean;
  /** false if the entry is unusable and replay skips it */
  readonly applied: boolean;
}

export const command = defineCommand({
  name: 'whois',
  group: 'Kernel',
  summary: 'name the file that owns an address of a daxdev',
  details: [
    'The reverse of resolve: prints what is at an offset of a daxdev: the superblock, a slot of the log, a file (with the ' +
      'offset in it and its log entry), or nothing. Entries that replay skips are searched too, and if files overlap, all of ' +
      'them are printed.',
  ],
  examples: [
    { command: 'famfs whois /dev/dax1.0 0x40200000', explains: 'the file that a memory error has hit' },
    { command: 'famfs whois 1 1G --json', explains: 'by index, for a script' },
  ],
  args: [
    { name: 'DAXDEV', summary: 'index in the pool, uuid or its first digits, or path on this host', required: true },
    { name: 'OFFSET', summary: 'bytes from its start: 0x40200000, 1G', required: true },
  ],
  options: deviceOptions,
  seeAlso: ['resolve', 'fsck'],
  async run(context, [daxdev = '', text = ''], { dev }): Promise<Result<WhoisDocument>> {
    const offset = named('argument OFFSET', () => parseSize(text));
    const facts = await withVolume(context, dev, (volume) => whois(volume, daxdevNamed(volume, daxdev), offset));
    return { data: whoisRow(facts), text: () => whoisLines(facts) };
  },
});

function whoisRow({ daxdev, offset, region, logSlot, owners }: AddressFacts): WhoisDocument {
  const rows = owners.map(({ path, slot, fileOffset, size, slack, applied }) => {
    return { path, slot, fileOffset, size, inSlack: slack, applied };
  });
  return { daxdev, deviceOffset: offset, region, slot: logSlot, owners: rows };
}

function whoisLines({ daxdev, offset, region, logSlot, owners }: AddressFacts): string[] {
  const slot = logSlot === null ? '' : `, slot ${logSlot}`;
  return [`daxdev ${daxdev} offset ${hex(offset)}: ${region}${slot}`, ...owners.map(ownerLine)];
}

function ownerLine({ path, slot, fileOffset, size, slack, applied }: AddressOwner): string {
  const beyond = slack ? `, after its end at ${hex(size)}` : ` of ${hex(size)}`;
  const skipped = applied ? '' : ' (skipped by replay: run famfs fsck)';
  return `  ${path} at ${hex(fileOffset)}${beyond}, log entry ${slot}${skipped}`;
}
