import { isUuidPrefix, MIN_UUID_PREFIX } from '../format/uuid.js';
import { resolveUuid } from '../fs/pool/resolveUuid.js';
import { defineCommand, type Result } from '../ui/command.js';
import { UsageError } from '../ui/errors.js';
import { deviceOptions } from './options/device.js';

export interface DaxdevResolveDocument {
  readonly uuid: string;
  /** on this host */
  readonly path: string;
  /** of the file system that it belongs to */
  readonly fsUuid: string;
  /** bytes */
  readonly size: number;
}

export const command = defineCommand({
  name: 'daxdev resolve',
  group: 'Look',
  summary: 'print the path of a daxdev on this host',
  details: [
    'Finds the daxdev with this uuid and prints its path. It looks among those that --dev, FAMFS_DEV or the configuration name, ' +
      'then among /dev/dax*, then among the files next to a named image. Paths differ between hosts, uuids do not.',
  ],
  examples: [{ command: 'famfs daxdev resolve 0b1c61c2-...', explains: 'for a uuid that daxdev list printed' }],
  args: [
    { name: 'UUID', summary: `uuid of the daxdev, or its first digits: ${MIN_UUID_PREFIX} or more`, required: true },
  ],
  options: deviceOptions,
  seeAlso: ['daxdev list'],
  async run(context, [uuid = ''], { dev }): Promise<Result<DaxdevResolveDocument>> {
    if (!isUuidPrefix(uuid))
      throw new UsageError(`'${uuid}' is not a uuid`, 'famfs daxdev list prints the uuids of a pool');
    const resolved = resolveUuid(context, dev, uuid.toLowerCase());
    return { data: resolved, text: () => [resolved.path] };
  },
});
