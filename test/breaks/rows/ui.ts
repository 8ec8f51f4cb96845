import { type Break, breaksOf } from '../break.js';

export const uiBreaks: readonly Break[] = [
  ...breaksOf('src/ui/progress.ts', [
    {
      from: "events.end(context.signal.aborted ? 'stopped' : 'done');",
      to: '',
      why: 'progress in JSON has no last object',
      killer: 'scenarios/verbose',
    },
    {
      from: 'if (now - this.#last < PERIOD) return;',
      to: '',
      why: 'progress in JSON writes an object for each piece',
      killer: 'ui/terminal',
    },
  ]),
  ...breaksOf('src/codeCache.ts', [
    {
      from: 'code === undefined && modules.size === 0',
      to: 'code === undefined',
      why: 'where one cache is damaged, a second copy of the program runs, and wrong usage exits with 1',
      killer: 'cli',
    },
  ]),
  ...breaksOf('src/ui/sink.ts', [
    {
      from: 'rest = rest.subarray(outlet.writeAtOnce(fd, rest));',
      to: 'outlet.writeAtOnce(fd, rest);',
      why: 'a short result is written twice',
      killer: 'cli',
    },
    {
      from: "error.code === 'EAGAIN'",
      to: "error.code === 'EINTR'",
      why: 'output to a full pipe that does not block is an error',
      killer: 'ui/sink',
    },
    {
      from: 'rest = rest.subarray(await writeSome(fd, rest));',
      to: 'rest = rest.subarray((await writeSome(fd, rest)) && rest.length);',
      why: 'output is cut after a short write',
      killer: 'ui/sink',
    },
  ]),
];
