import { execFileSync, type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

const CACHE = process.env.FAMFS_PACKAGES_CACHE ?? join(homedir(), '.cache', 'famfs-packages');
/** what the tests use of a Debian besides its smallest form */
const INCLUDED = 'bash-completion,file,man-db';

/**
 * The root folder of a new Debian of this machine's release: made once, by debootstrap. Where that cannot be, the machine's own root.
 * FAMFS_DEBIAN_ROOT names another.
 */
export function debianFolder(): string {
  const given = process.env.FAMFS_DEBIAN_ROOT;
  if (given !== undefined) return given;
  const release = /^VERSION_CODENAME=(\w+)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
  if (release === undefined) return '/';
  const folder = join(CACHE, `root-${release}`);
  if (existsSync(folder)) return folder;
  const making = `${folder}.${process.pid}`;
  mkdirSync(CACHE, { recursive: true });
  const { status } = spawnSync('debootstrap', ['--variant=minbase', `--include=${INCLUDED}`, release, making], {
    stdio: 'ignore',
  });
  if (status === 0) renameSync(making, folder);
  else rmSync(making, { recursive: true, force: true });
  return status === 0 ? folder : '/';
}

/** A Debian to install into: the files of `lower`, which stays as it is. Needs root. */
export class DebianRoot {
  readonly #folder = mkdtempSync(join(tmpdir(), 'famfs-debian-'));
  readonly #mounts: string[] = [];
  /** where its root is for this process */
  readonly path = join(this.#folder, 'root');

  constructor(lower: string) {
    this.#mount(this.#folder, '-t', 'tmpfs', 'none');
    for (const name of ['upper', 'work', 'root']) mkdirSync(join(this.#folder, name));
    const layers = `lowerdir=${lower},upperdir=${this.#folder}/upper,workdir=${this.#folder}/work`;
    this.#mount(this.path, '-t', 'overlay', '-o', layers, 'none');
    this.#mount(join(this.path, 'proc'), '-t', 'proc', 'none');
    this.#mount(join(this.path, 'dev'), '--bind', '/dev');
    for (const name of ['tmp', 'run']) this.#mount(join(this.path, name), '-t', 'tmpfs', 'none');
  }

  #mount(place: string, ...options: readonly string[]): void {
    execFileSync('mount', [...options, place]);
    this.#mounts.push(place);
  }

  /** Runs a program in it, with nothing else in its environment than `env` and PATH. */
  spawn(argv: readonly string[], env: Readonly<Record<string, string>> = {}): SpawnSyncReturns<string> {
    return spawnSync('chroot', [this.path, ...argv], {
      encoding: 'utf8',
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8', ...env },
      maxBuffer: 2 ** 26,
    });
  }

  /** As spawn, for a shell script; throws if it fails, and returns what it has written. */
  sh(script: string, env?: Readonly<Record<string, string>>): string {
    const { status, stdout, stderr } = this.spawn(['sh', '-ec', script], env);
    if (status !== 0) throw new Error(`exit code ${status}: ${script}\n${stdout}${stderr}`);
    return stdout;
  }

  /** The files that packages and programs may have made, but for pages that man has kept. */
  files(): string[] {
    return this.sh('find /etc /opt /usr /var -xdev -path /var/cache/man -prune -o -print').trimEnd().split('\n').sort();
  }

  close(): void {
    for (const place of this.#mounts.toReversed()) execFileSync('umount', [place]);
    rmSync(this.#folder, { recursive: true });
  }
}
