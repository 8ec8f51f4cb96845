import { MIB, type Sandbox, sandboxWithFs } from './sandbox.js';

/** A sandbox with three files of 9 MiB in two directories: dir/striped, dir/plain and dir/sub/deep. */
export async function sandboxWithFiles(): Promise<Sandbox> {
  const sandbox = await sandboxWithFs(128 * MIB);
  await sandbox.ok(['mkdir', '-p', 'dir/sub']);
  await sandbox.ok(['creat', '--seed', '5', '-s', '9M', '--stripes', '3', 'dir/striped']);
  await sandbox.ok(['creat', '--seed', '5', '-s', '9M', 'dir/plain', 'dir/sub/deep']);
  return sandbox;
}
