import { type Break, breaksOf } from '../break.js';

/** What people type, from the words of the line to the exit code. */
export const commandLineBreaks: readonly Break[] = [
  ...breaksOf('src/ui/completionScripts.ts', [
    {
      from: "'  [[ $last =~ ^[=:]+$ ]] && last=',",
      to: '',
      why: 'bash completes --option= to a word that repeats the option',
      killer: 'ui/completion',
      title: 'bash completes a value',
    },
  ]),
  ...breaksOf('src/ui/completionWords.ts', [
    {
      from: 'word.startsWith(current) && !wrong.test(word)',
      to: 'word.startsWith(current)',
      why: 'completion offers words that are no options',
      killer: 'ui/completion',
      title: 'the program offers',
    },
  ]),
  ...breaksOf('src/ui/errors.ts', [
    {
      from: 'return 128 + STOP_SIGNALS[this.signal];',
      to: 'return STOP_SIGNALS[this.signal];',
      why: 'a command that Ctrl-C ended looks like one that failed',
      killer: 'ui/run',
      title: 'exit codes: 0',
    },
    {
      from: "!error.code.startsWith('ERR_')",
      to: 'true',
      why: 'a bug is reported as a mistake of the user',
      killer: 'ui/report',
    },
  ]),
  ...breaksOf('src/ui/getopt.ts', [
    { from: "rest.replace(/^=/, '')", to: 'rest', why: '-s=4M is no size', killer: 'ui/parse' },
  ]),
  ...breaksOf('src/ui/optionNames.ts', [
    {
      from: "spec.repeat ? 'may be repeated' : undefined",
      to: 'undefined',
      why: 'help does not say that an option may be repeated',
      killer: 'meta/commands',
      title: 'every command has a man page',
    },
  ]),
  ...breaksOf('src/ui/prompt.ts', [
    {
      from: 'if (answer) return answer[1] !== undefined;',
      to: 'if (answer) return true;',
      why: 'fsck repairs although the answer is no',
      killer: 'ui/terminal',
      title: 'a question is answered',
    },
    {
      from: 'if (!stdin.isTTY) throw',
      to: 'if (false) throw',
      why: 'fsck in a script waits for an answer',
      killer: 'ui/terminal',
      title: 'without a terminal',
    },
  ]),
];
