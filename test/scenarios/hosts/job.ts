/**
 * Runs a file of jobs/ on this host: `node job.js NAME ARGUMENTS`. A command takes a second to start in a guest; a job runs many
 * in one process. Arguments and result are JSON.
 */
const [, , name = '', args = '{}'] = process.argv;
const module = (await import(`./jobs/${name}.js`)) as { default(args: unknown): Promise<unknown> };
const expanded = args.replace(/\$(DEV|TMP)\b/g, (_, variable: string) => process.env[variable] ?? '');
try {
  process.stdout.write(JSON.stringify((await module.default(JSON.parse(expanded))) ?? null));
} catch (error) {
  // without the source line that Node.js would print: it has a hundred thousand characters here
  process.stderr.write(`${(error as Error).stack}\n`);
  process.exitCode = 1;
}
