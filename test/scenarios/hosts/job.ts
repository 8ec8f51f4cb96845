/**
 * Runs a file of jobs/ on the host that this program is started on: `node job.js NAME ARGUMENTS`. In a guest, a command
 * costs a second to start; a job gives many in one process. Arguments and result are JSON.
 */
const [, , name = '', args = '{}'] = process.argv;
const module = (await import(`./jobs/${name}.js`)) as { default(args: unknown): Promise<unknown> };
const expanded = args.replace(/\$(DEV|TMP)\b/g, (_, variable: string) => process.env[variable] ?? '');
try {
  process.stdout.write(JSON.stringify((await module.default(JSON.parse(expanded))) ?? null));
} catch (error) {
  // without the line of source that node would add: here, it has a hundred thousand characters
  process.stderr.write(`${(error as Error).stack}\n`);
  process.exitCode = 1;
}
