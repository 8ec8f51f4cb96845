/** Options of the reference tools that several commands do not have, and what to do instead. */
import type { Command } from '../../ui/command.js';

type AbsentOptions = NonNullable<Command['absentOptions']>;

/** An explanation for both names of an option. */
export function absentOption(short: string | undefined, long: string, instead: string): AbsentOptions {
  return { ...(short !== undefined && { [`-${short}`]: instead }), [`--${long}`]: instead };
}

/** Options by which the reference tools read the superblock and the log in other ways. */
export const ABSENT_ACCESS: AbsentOptions = {
  ...absentOption('m', 'mmap', 'leave it out: the log is always mapped'),
  ...absentOption('r', 'read', 'leave it out: the log is always mapped'),
};

export const ABSENT_BUCKETS: AbsentOptions = absentOption(
  'B',
  'nbuckets',
  'leave it out: strips go to different daxdevs, which --daxdevs selects, and on one daxdev each to a place of its own',
);

export const ABSENT_DAXMODE: AbsentOptions = absentOption(
  'M',
  'set-daxmode',
  'set the mode before, with: famfs daxdev mode --set-daxmode devdax DAXDEV',
);
