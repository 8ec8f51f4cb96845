import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCommand } from '../support/runCommand.js';

test('the help command does what --help does', async () => {
  assert.equal((await runCommand(['help'])).stdout, (await runCommand(['--help'])).stdout);
  assert.equal((await runCommand(['help', 'mkfs'])).stdout, (await runCommand(['mkfs', '--help'])).stdout);
  assert.equal((await runCommand(['help', 'daxdev'])).stdout, (await runCommand(['daxdev', '--help'])).stdout);
  assert.equal((await runCommand(['help', 'devadd'])).stdout, (await runCommand(['daxdev', 'add', '--help'])).stdout);
  assert.match((await runCommand(['help', 'mkffs'])).stderr, /did you mean mkfs\?/);
  assert.match((await runCommand(['help', 'mkfs', 'x'])).stderr, /unexpected argument 'x'/);
});

test('help --json is the definition of the command', async () => {
  const definition = JSON.parse((await runCommand(['help', 'help', '--json'])).stdout);
  assert.equal(definition.name, 'help');
  assert.equal(definition.args[0].name, 'COMMAND');
  const { commands } = JSON.parse((await runCommand(['--help', '--json'])).stdout);
  assert.ok(commands.some((command: { name: string }) => command.name === 'mkfs'));
});
