import { type Context, defineCommand, type Result } from '../ui/command.js';
import { type AppliedManifest, applyManifest } from './manifest/applyManifest.js';
import { manifestArgument } from './manifest/arguments.js';
import { planManifest } from './manifest/planManifest.js';
import { badManifest, reportingMistakes, type SurveyedManifest, surveyManifest } from './manifest/prepare.js';
import { countsText, type ManifestReport, reportLines, reportOf, rewriteNote } from './manifest/report.js';
import { deviceOptions } from './options/device.js';
import { dryRunOption } from './options/dryRun.js';
import { rewriteConsent } from './options/rewrite.js';
import { type FailedFile, Failures } from './transfer/failures.js';
import { threadOptions } from './transfer/runTransfer.js';

/** with more items than this, the text only counts them */
const MOST_LISTED = 20;

export interface ApplyDocument extends ManifestReport {
  /** those that could not be filled: they were not made */
  readonly failed: readonly FailedFile[];
  /** false with --dry-run */
  readonly written: boolean;
}

export const command = defineCommand({
  name: 'apply',
  group: 'Declare',
  summary: 'make what a manifest declares',
  details: [
    'Reads a manifest, compares it with what exists as famfs plan does, and makes what is missing: images, the file system, ' +
      'daxdevs, directories and files, with their bytes if the manifest gives a source or a seed for them.',
    'Everything is checked and placed before the first write, under one lock and with one replay of the log: with a ' +
      'mistake in the manifest, a conflict or too little space, nothing changes. Applying a manifest again changes nothing; after an ' +
      'interruption, it makes the rest.',
    'What exists is never changed or removed, unless the manifest says so with onConflict: change or replace. That rewrites the log, ' +
      'so nobody may use the file system, and --clients-unmounted must be given. A file that is replaced stays as it is until the bytes of ' +
      'the new one are in memory; all are replaced at once.',
    'A new file gets its bytes before it appears, so every file that exists is complete. A source that cannot be copied to the ' +
      'end is reported, the other files are made, and the exit code is 1.',
    'docs/manifest.md describes manifests; their JSON Schema is dist/manifest.schema.json in the package.',
  ],
  examples: [
    { command: 'famfs apply pool.yaml', explains: 'make what is missing' },
    { command: 'famfs apply -n pool.yaml', explains: 'only show what would be made' },
    { command: 'generate-manifest | famfs apply --json -', explains: 'from a pipe, with a report for each item' },
  ],
  args: [manifestArgument],
  options: {
    ...dryRunOption,
    ...threadOptions,
    ...rewriteConsent,
    ...deviceOptions,
  },
  seeAlso: ['plan'],
  changes: true,
  async run(context, [source = ''], { dev, dryRun = false, ...options }): Promise<Result<ApplyDocument>> {
    return reportingMistakes(context, async () => {
      const manifest = await surveyManifest(context, source, dev);
      if (dryRun) return dryResult(context, manifest);
      const failures = new Failures();
      try {
        const applied = await applyManifest(context, manifest, options, failures);
        context.signal.throwIfAborted();
        return result(applied, failures);
      } finally {
        failures.report(context);
      }
    });
  },
});

async function dryResult(context: Context, manifest: SurveyedManifest): Promise<Result<ApplyDocument>> {
  const { report, objections } = await planManifest(context, manifest);
  if (objections.length > 0) throw await badManifest(objections, manifest);
  return {
    data: { ...report, failed: [], written: false },
    text: (style) => [...reportLines(report, style), countsText(report.counts), ...rewriteNote(report)],
  };
}

function result({ pool, nodes, unfilled }: AppliedManifest, failures: Failures): Result<ApplyDocument> {
  const report = reportOf(pool, nodes, []);
  const { create, exists, keep, change, replace } = report.counts;
  const replaced = nodes.replaced.filter(({ entry }) => !unfilled.has(entry.path)).length;
  const made = create - (unfilled.size - (replace - replaced));
  const summary = [
    `${made} made`,
    `${exists} as declared`,
    ...(replace > 0 ? [`${replaced} replaced`] : []),
    ...(change > 0 ? [`${change} changed`] : []),
    ...(keep > 0 ? [`${keep} kept as they are`] : []),
    ...(unfilled.size > 0 ? [`${unfilled.size} failed`] : []),
  ].join(', ');
  const isShort = create + change + replace <= MOST_LISTED;
  return {
    data: { ...report, failed: failures.files, written: true },
    text: (style) => [...(isShort ? reportLines(report, style) : []), summary],
    exitCode: failures.exitCode,
  };
}
