/** Images that the commands of a scenario work on, with a folder and a host of their own. */
import { mkdirSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assertRules } from '../support/rules/rules.js';
import { type Run, runCommand } from '../support/runCommand.js';
import { MIB } from '../support/sandbox.js';

export const IMAGE_SIZE = 32 * MIB;

export class Stand {
  /** holds the images and nothing else, because it is searched for members of the pool */
  readonly folder: string;
  readonly env: Record<string, string>;

  /** @param home folder to make, for the images and whatever else the scenario needs */
  constructor(
    readonly home: string,
    uuid: string,
  ) {
    this.folder = join(home, 'images');
    mkdirSync(this.folder, { recursive: true });
    const file = join(home, 'system_uuid');
    writeFileSync(file, `${uuid}\0`);
    this.env = { FAMFS_SYSTEM_UUID_FILE: file, FAMFS_SYSROOT: join(home, 'none'), HOME: home };
  }

  /** Path of a file beside the folder of the images. */
  path(name: string): string {
    return join(this.home, name);
  }

  /** Makes an empty image. Returns its name. */
  image(name: string, size = IMAGE_SIZE): string {
    const path = join(this.folder, name);
    writeFileSync(path, '');
    truncateSync(path, size);
    return name;
  }

  /** Runs famfs. What fsck calls sound must keep the rules of the reference. */
  async run(...argv: string[]): Promise<Run> {
    const run = await runCommand(argv, { env: this.env, cwd: this.folder });
    if (argv[0] === 'fsck' && run.exitCode <= 1) this.#judgeRules(argv.findLast((word) => !word.startsWith('-')));
    return run;
  }

  #judgeRules(image = 'pool'): void {
    const images = readdirSync(this.folder).map((name) => join(this.folder, name));
    assertRules(join(this.folder, image), images);
  }

  /** Runs famfs, expects success, and returns standard output. */
  async ok(...argv: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await this.run(...argv);
    if (exitCode !== 0) throw new Error(`famfs ${argv.join(' ')} exits ${exitCode}: ${stderr}${stdout}`);
    return stdout;
  }

  /** The same with --json; returns the document. */
  async json<T>(...argv: string[]): Promise<T> {
    return JSON.parse(await this.ok(...argv, '--json')) as T;
  }
}
