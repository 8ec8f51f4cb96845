import { FamfsError } from '../fs/errors.js';
import { onEach, sendTo } from '../fs/transfer/checkFiles.js';
import { defineCommand } from '../ui/command.js';
import { UsageError } from '../ui/errors.js';
import { deviceOptions, withVolume } from './options/device.js';
import { attended, Failures } from './transfer/attend.js';
import { filesOf } from './transfer/eachFile.js';

const OUTPUT = 'standard output';

export const command = defineCommand({
  name: 'cat',
  group: 'Move data',
  summary: 'write files to standard output',
  details: [
    'Writes the bytes of the files, one after the other, as they are in memory, not in the cache of this host. It ends ' +
      'without an error when nobody reads any more.',
  ],
  examples: [{ command: 'famfs cat data/log | head', explains: 'the beginning of a file' }],
  args: [{ name: 'FILE', summary: 'path in the file system', required: true, repeat: true }],
  options: deviceOptions,
  seeAlso: ['cp', 'get'],
  async run(context, paths, { dev }) {
    if (context.json)
      throw new UsageError('--json and cat exclude each other', 'standard output has the bytes of the files');
    const { fd } = context.stdout;
    if (fd === undefined) throw new FamfsError('NO_OUTPUT', `${OUTPUT} has no descriptor`);
    const failures = new Failures();
    const failed = (error: FamfsError) => {
      // what cannot be written now cannot be written later
      if (error.code === 'CANNOT_WRITE') throw error;
      failures.add(error);
    };
    try {
      await withVolume(context, dev, (volume) => {
        const nodes = filesOf(volume, paths, failures);
        const total = nodes.reduce((sum, { size }) => sum + size, 0);
        // a pipe is filled in one order: more threads are of no use
        const shown = { label: 'writing', total, threads: 1, hidden: context.terminal };
        return attended(context, shown, (attendant) => onEach(volume, nodes, sendTo(fd, OUTPUT), attendant, failed));
      });
    } catch (error) {
      if (!isClosedPipe(error)) throw error;
    } finally {
      failures.report(context);
    }
    context.signal.throwIfAborted();
    return { data: {}, text: () => [], exitCode: failures.exitCode };
  },
});

/** A reader that has gone away (`| head`) is no error. */
function isClosedPipe(error: unknown): boolean {
  return error instanceof FamfsError && error.code === 'CANNOT_WRITE' && error.details?.reason === 'EPIPE';
}
