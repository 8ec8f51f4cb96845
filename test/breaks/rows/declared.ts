import { type Break, breaksOf } from '../break.js';

/** Breaks of src/fs/declared, src/fs/image, src/fs/inspect, src/fs/usage and src/fs/errors.ts. */
export const declaredBreaks: readonly Break[] = [
  ...breaksOf('src/fs/usage/usage.ts', [
    {
      from: 'Math.min(deviceOffset + length, daxdevs[daxdev]?.size ?? 0)',
      to: 'deviceOffset + length',
      why: 'map draws files beyond the end of their daxdev',
      killer: 'commands/map',
      equivalent:
        'replay has refused such files; the bound is for an entry that changes between replay and this reading',
    },
  ]),
];
