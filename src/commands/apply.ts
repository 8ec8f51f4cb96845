import { type Context, defineCommand, type Result } from '../ui/command.js';
import { applyManifest } from './manifest/applyManifest.js';
import { manifestArgument } from './manifest/arguments.js';
import { planManifest } from './manifest/planManifest.js';
import {
  badManifest,
  type ManifestPlan,
  reportingMistakes,
  type SurveyedManifest,
  surveyManifest,
} from './manifest/prepare.js';
import { countsText, type ManifestReport, reportLines, reportOf } from './manifest/report.js';
import { deviceOptions } from './options/device.js';
import { dryRunOption } from './options/dryRun.js';
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
      'mistake in the manifest, a conflict or too little space, nothing changes. What exists is never changed or removed. Applying a ' +
      'manifest again changes nothing; after an interruption, it makes the rest.',
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
    ...deviceOptions,
  },
  seeAlso: ['plan'],
  changes: true,
  async run(context, [source = ''], { dev, dryRun = false, threads }): Promise<Result<ApplyDocument>> {
    return reportingMistakes(context, async () => {
      const manifest = await surveyManifest(context, source, dev);
      if (dryRun) return dryResult(context, manifest);
      const failures = new Failures();
      try {
        const { pool, nodes } = await applyManifest(context, manifest, { threads }, failures);
        context.signal.throwIfAborted();
        return result({ pool, nodes }, failures);
      } finally {
        failures.report(context);
      }
    });
  },
});

async function dryResult(context: Context, manifest: SurveyedManifest): Promise<Result<ApplyDocument>> {
  const { report, objections } = await planManifest(context, manifest);
  if (objections.length > 0) throw badManifest(objections, manifest);
  return {
    data: { ...report, failed: [], written: false },
    text: (style) => [...reportLines(report, style), countsText(report.counts)],
  };
}

function result({ pool, nodes }: ManifestPlan, failures: Failures): Result<ApplyDocument> {
  const report = reportOf(pool, nodes, []);
  const { create, exists } = report.counts;
  const failed = failures.files;
  const summary = `${create - failed.length} made, ${exists} as declared${failed.length > 0 ? `, ${failed.length} failed` : ''}`;
  return {
    data: { ...report, failed, written: true },
    text: (style) => [...(create > MOST_LISTED ? [] : reportLines(report, style)), summary],
    exitCode: failures.exitCode,
  };
}
