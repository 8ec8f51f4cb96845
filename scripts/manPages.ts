import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { program } from '../src/commands/index.js';
import { loadAll } from '../src/ui/registry.js';
import { commandPage, linkPage, pageName, programPage } from './manPage.js';

/** Every manual page by file name, made from the definitions and the hand-written parts in `folder`/parts. */
export async function manPages(folder: string): Promise<Map<string, string>> {
  const commands = await loadAll(program.commands);
  const part = async (name: string) => (await readFile(join(folder, 'parts', name), 'utf8')).trimEnd().split('\n');
  const parts = {
    summary: 'make, fill, inspect, check and repair famfs shared-memory file systems',
    description: await part('description.mdoc'),
    closing: await part('closing.mdoc'),
  };
  const pages = new Map([[`${program.name}.1`, programPage(program, commands, parts)]]);
  for (const command of commands) {
    pages.set(`${pageName(program, command)}.1`, commandPage(program, command));
    if (program.links.includes(command.name))
      pages.set(`${command.name}.${program.name}.8`, linkPage(program, command));
  }
  return pages;
}
