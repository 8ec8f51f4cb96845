import { defineCommand, type Result } from '../ui/command.js';
import { manifestArgument } from './manifest/arguments.js';
import { planManifest } from './manifest/planManifest.js';
import { badManifest, reportingMistakes, surveyManifest } from './manifest/prepare.js';
import { changesAnything, countsText, type ManifestReport, reportLines, rewriteNote } from './manifest/report.js';
import { deviceOptions } from './options/device.js';

export type PlanDocument = ManifestReport;

export const command = defineCommand({
  name: 'plan',
  group: 'Declare',
  summary: 'compare a manifest with what exists',
  details: [
    'Reads a manifest, which declares daxdevs, directories and files, and prints what famfs apply would ' +
      'do. Nothing is locked or written, and a Client may plan too.',
    'Each line begins with a sign: + would be made, ! conflicts with what exists or cannot be made, ? exists but is not ' +
      'in the manifest, so apply leaves it alone. Where the manifest says so with onConflict: -/+ would be replaced, ~ gets another mode or ' +
      'owner, = differs and stays as it is. What exists as declared is only counted. All mistakes in a ' +
      'manifest are reported at once, with file, line, column and key.',
    'docs/manifest.md describes manifests; their JSON Schema is dist/manifest.schema.json in the package.',
  ],
  examples: [
    { command: 'famfs plan pool.yaml', explains: 'what apply would make' },
    { command: 'famfs plan --json pool.yaml', explains: 'the same for a program, item by item' },
  ],
  args: [manifestArgument],
  options: deviceOptions,
  exitCodes: {
    usage: 1,
    failed: 1,
    table: {
      0: 'Everything is as the manifest declares.',
      1: 'The manifest has mistakes, or something conflicts with it: apply would do nothing.',
      2: 'There is something to make, change or replace.',
    },
  },
  seeAlso: ['apply'],
  async run(context, [source = ''], { dev }): Promise<Result<PlanDocument>> {
    return reportingMistakes(context, async () => {
      const manifest = await surveyManifest(context, source, dev);
      const { report, objections } = await planManifest(context, manifest);
      for (const error of (await badManifest(objections, manifest)).errors) context.failed(error);
      return {
        data: report,
        text: (style) => [...reportLines(report, style), countsText(report.counts), ...rewriteNote(report)],
        exitCode: objections.length > 0 ? 1 : changesAnything(report.counts) ? 2 : 0,
      };
    });
  },
});
