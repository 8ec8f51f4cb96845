import type { Program } from '../ui/registry.js';
import { version } from '../version.js';

/** The commands, by group and in the order in which help lists them. A module is loaded when its command is run. */
export const program: Program = {
  name: 'famfs',
  version,
  links: ['mkfs', 'fsck'],
  commands: {
    help: () => import('./help.js'),
    completion: () => import('./completion.js'),
  },
};
