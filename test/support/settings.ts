/** Configuration files in a sandbox. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Sandbox } from './sandbox.js';

export interface Setting {
  readonly key: string;
  readonly value: unknown;
  readonly origin: string;
  readonly inForce: boolean;
}

export class ConfigSandbox extends Sandbox {
  /** Writes a file in the sandbox and returns its path. */
  write(name: string, ...lines: string[]): string {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, lines.join('\n'));
    return path;
  }

  async rows(...options: string[]): Promise<Map<string, Setting>> {
    const { settings } = await this.json<{ settings: Setting[] }>(['config', 'list', ...options]);
    return new Map(settings.map((row) => [row.key, row]));
  }
}
