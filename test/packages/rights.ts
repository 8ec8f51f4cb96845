import { spawnSync } from 'node:child_process';

/** Whether this process may mount: root may not in every container. */
export const canMount = process.getuid?.() === 0 && spawnSync('unshare', ['--mount', 'true']).status === 0;
