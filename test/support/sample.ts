import { defineCommand } from '../../src/ui/command.js';
import type { Program } from '../../src/ui/registry.js';

/** A command with one option of every kind; its document repeats its arguments. */
export const sample = defineCommand({
  name: 'sample',
  aliases: ['specimen'],
  group: 'Samples',
  summary: 'show what was given',
  details: ['It shows what it was given.'],
  examples: [{ command: 'famfs sample -s 1G /a', explains: 'show a size' }],
  args: [
    { name: 'FILE', summary: 'the first file', required: true },
    { name: 'OTHER', summary: 'other files', required: false, repeat: true },
  ],
  options: {
    size: { type: 'size', short: 's', value: 'SIZE', summary: 'a size', min: 1 },
    logLen: { type: 'size', aliases: ['loglen'], value: 'SIZE', summary: 'a length', default: 8388608 },
    stripes: { type: 'integer', short: 'n', value: 'N', summary: 'a number', max: 16 },
    mode: { type: 'mode', short: 'm', value: 'MODE', summary: 'permission bits' },
    name: { type: 'string', value: 'NAME', summary: 'a name' },
    policy: { type: 'string', choices: ['random', 'spread', 'fill'], summary: 'a choice' },
    tag: { type: 'string', short: 't', repeat: true, value: 'TAG', summary: 'a list' },
    long: { type: 'boolean', short: 'l', summary: 'a flag' },
    recursive: { type: 'boolean', short: 'R', summary: 'another flag' },
    fsync: { type: 'boolean', default: true, summary: 'a flag that is on' },
    force: { type: 'count', short: 'F', summary: 'a count' },
    human: { type: 'boolean', short: 'h', summary: 'sizes for people' },
  },
  async run(_context, args, options) {
    return { data: { args, options }, text: () => args };
  },
});

export const samples: Program = {
  name: 'famfs',
  version: '1.2.3',
  links: ['sample'],
  commands: { sample: async () => ({ command: sample }) },
};
