/** A program whose command writes without end, or listens for signals. Run by tests that interrupt it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { defineCommand } from '../../src/ui/command.js';
import { processContext } from '../../src/ui/process.js';
import { CommandLine } from '../../src/ui/run.js';
import { trapSignals } from '../../src/ui/signals.js';
import { samples } from './sample.js';

const endless = defineCommand({
  name: 'endless',
  group: 'Samples',
  summary: 'write without end',
  details: [],
  examples: [],
  args: [],
  options: {},
  async run() {
    process.stderr.write('ready\n');
    return { data: {}, text: lines };
  },
});

const listen = defineCommand({
  ...endless,
  name: 'listen',
  async run({ signal }) {
    process.stderr.write('ready\n');
    await sleep(60_000, undefined, { signal }).catch(() => signal.throwIfAborted());
    return { data: {}, text: () => [] };
  },
});

function* lines(): Generator<string> {
  while (true) yield 'a line';
}

const signals = trapSignals();
const program = {
  ...samples,
  commands: { endless: async () => ({ command: endless }), listen: async () => ({ command: listen }) },
};
const line = new CommandLine(program, process.argv.slice(2).concat('endless').slice(0, 1), processContext(signals));
process.exitCode = await line.run();
signals.endAs(process.exitCode);
