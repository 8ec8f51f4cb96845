/** A copy of the checkout in which breaks are applied, built and tried. */
import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { transform } from 'esbuild';
import { ROOT } from '../support/root.js';
import type { Break } from './break.js';

/**
 * noticed: a test failed. survived: all passed. hung: a test neither passed nor failed in time. unsound: a test fails without the
 * break too.
 */
export type Verdict = 'noticed' | 'survived' | 'hung' | 'unsound';

const COPIED = ['src', 'test', 'scripts', 'bench', 'docs', 'man', 'contrib', 'out', 'dist', 'build', '.ci'];
const FILES = ['package.json', 'package-lock.json', 'tsconfig.json', 'binding.gyp', 'biome.json', 'README.md'];
/** the helper that knows where the installed program is */
const PROGRAM = 'test/support/famfs.ts';
/** milliseconds that the tests of one file may take */
const LIMIT = 300_000;

export class Workshop {
  readonly #folder = mkdtempSync(join(tmpdir(), 'famfs-breaks-'));

  constructor() {
    // some tests run the program as another user
    chmodSync(this.#folder, 0o755);
    for (const name of [...COPIED, ...FILES])
      if (existsSync(join(ROOT, name))) cpSync(join(ROOT, name), join(this.#folder, name), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(this.#folder, 'node_modules'));
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Applies a break, runs `tries` until one does not survive it, and mends the code. */
  async try(row: Break, tries: readonly (() => Promise<Verdict>)[]): Promise<Verdict> {
    const source = join(this.#folder, row.file);
    const sound = readFileSync(source, 'utf8');
    const bundled = this.#usesBundle(row.killer) || tries.length > 1;
    const broken = sound.replace(row.from, () => row.to);
    try {
      await this.#build(row.file, broken, bundled);
      for (const attempt of tries) {
        const verdict = await attempt();
        if (verdict !== 'survived') return verdict;
      }
      return 'survived';
    } finally {
      await this.#build(row.file, sound, bundled);
    }
  }

  /** Runs the tests that must notice a break; throws if there are none. */
  async runKiller({ killer, title }: Pick<Break, 'killer' | 'title'>): Promise<Verdict> {
    const only = title === undefined ? [] : [`--test-name-pattern=^${escapeRegExp(title)}`];
    const argv = ['--test', `--test-timeout=${LIMIT / 2}`, '--test-reporter=tap', ...only];
    const { verdict, output } = await this.#run([...argv, `out/test/${killer}.test.js`], LIMIT);
    if (verdict === 'survived' && !/^# pass [1-9]/m.test(output))
      throw new Error(`no test of ${killer} begins with "${title}"`);
    return verdict;
  }

  /** Runs the whole suite. */
  async runSuite(): Promise<Verdict> {
    return (await this.#run(['scripts/test.mjs'], 10 * LIMIT)).verdict;
  }

  /** Whether tests start the installed program, or a helper of theirs does; most run famfs in their own process. */
  #usesBundle(killer: string): boolean {
    const seen = new Set<string>();
    const uses = (path: string): boolean => {
      if (path === PROGRAM) return true;
      if (!path.startsWith('test/') || seen.has(path)) return false;
      seen.add(path);
      const text = readFileSync(join(this.#folder, path), 'utf8');
      const imports = [...text.matchAll(/ from '(\.[^']+)\.js'/g)].map(([, to]) => join(dirname(path), `${to}.ts`));
      return text.includes("'dist") || imports.some(uses);
    };
    return uses(`test/${killer}.test.ts`);
  }

  async #build(file: string, text: string, bundled: boolean): Promise<void> {
    writeFileSync(join(this.#folder, file), text);
    if (!file.endsWith('.ts')) return this.#buildAddon();
    // as tsc would, but types need not fit: it is the tests that are tried
    const { code } = await transform(text, { loader: 'ts', format: 'esm', target: 'node20' });
    writeFileSync(join(this.#folder, 'out', file.replace(/\.ts$/, '.js')), code);
    if (bundled) execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: this.#folder, stdio: 'ignore' });
  }

  #buildAddon(): void {
    execFileSync('npm', ['run', '--silent', 'addon'], { cwd: this.#folder, stdio: 'ignore' });
  }

  #run(argv: readonly string[], limit: number): Promise<{ verdict: Verdict; output: string }> {
    return new Promise((resolve) => {
      const options = { cwd: this.#folder, timeout: limit, maxBuffer: 2 ** 28, killSignal: 'SIGKILL' } as const;
      execFile(process.execPath, argv, options, (error, output) => {
        const late = error?.killed === true || /test timed out after/.test(output);
        resolve({ verdict: late ? 'hung' : error === null ? 'survived' : 'noticed', output });
      });
    });
  }
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
