import { defineCommand, type Result } from '../ui/command.js';
import { completionScript, isShell, SHELLS } from '../ui/completionScripts.js';
import { UsageError } from '../ui/errors.js';

export interface CompletionDocument {
  readonly shell: 'bash' | 'zsh' | 'fish';
  readonly script: string;
}

export const command = defineCommand({
  name: 'completion',
  group: 'The tool itself',
  summary: 'print a script that completes command lines in a shell',
  details: [
    'The script is for bash, zsh or fish. It asks famfs for commands, options and choices; for paths in the file system that --dev, ' +
      'FAMFS_DEV or the configuration names; for daxdevs, images, labels and uuids. Everywhere else it completes names of files. Load it when the shell starts: ' +
      'for bash, eval its output in ~/.bashrc; for zsh, do so after compinit; for fish, write it to ' +
      '~/.config/fish/completions/famfs.fish.',
  ],
  examples: [
    { command: 'eval "$(famfs completion bash)"', explains: 'complete in this shell' },
    {
      command: 'famfs completion fish > ~/.config/fish/completions/famfs.fish',
      explains: 'complete in every new fish',
    },
  ],
  args: [{ name: 'SHELL', summary: 'bash, zsh or fish', required: true }],
  options: {},
  async run(_context, [shell = '']): Promise<Result<CompletionDocument>> {
    if (!isShell(shell)) throw new UsageError(`unknown shell '${shell}'`, `the known shells are ${SHELLS.join(', ')}`);
    const { program } = await import('./index.js');
    const script = completionScript(shell, program);
    return { data: { shell, script: script.join('\n') }, text: () => script };
  },
});
