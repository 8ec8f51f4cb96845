/** The program whose command lines the tests of completion have shells complete. */
import { processContext } from '../../src/ui/process.js';
import type { Program } from '../../src/ui/registry.js';
import { CommandLine } from '../../src/ui/run.js';
import { sample } from '../support/sample.js';

const member = (name: string) => async () => ({ command: { ...sample, name, aliases: [] } });

export const completed: Program = {
  name: 'famfs',
  version: '1',
  links: ['sample'],
  leading: { dev: { type: 'string', value: 'DEV', repeat: true, summary: 'a device: [it] is "$x", isn\'t it' } },
  commands: { sample: member('sample'), 'dev list': member('dev list'), 'dev add': member('dev add') },
};

if (process.argv[1] === import.meta.filename) {
  const line = new CommandLine(completed, process.argv.slice(2), processContext(new AbortController()));
  process.exitCode = await line.run();
}
