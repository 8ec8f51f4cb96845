/** The differences between a file or daxdev of a shadow tree and the log. */

import { hex } from '../../format/fieldText.js';
import { type FileMetadata, fileYaml } from '../../format/fileYaml.js';
import type { Fmap } from '../../format/fmap.js';
import { differenceText, octalMode } from './attributes.js';
import { type DaxdevFacts, daxdevYaml } from './facts.js';
import { ShadowYamlError, type YamlReader } from './readYaml.js';

/** The differences between a file's YAML and the log; none if it means the same, however it is written. */
export function fileDifferences(found: Buffer, expected: FileMetadata, yaml: YamlReader): string[] {
  if (found.equals(Buffer.from(fileYaml(expected)))) return [];
  return orYamlError(() => {
    const facts = yaml.file(found);
    const differences: string[] = [];
    for (const key of ['path', 'size', 'flags', 'uid', 'gid'] as const)
      if (facts[key] !== expected[key]) differences.push(differenceText(key, facts[key], expected[key]));
    if (facts.mode !== expected.mode)
      differences.push(differenceText('mode', octalMode(facts.mode), octalMode(expected.mode)));
    if (fmapText(facts.fmap) !== fmapText(expected.fmap))
      differences.push(differenceText('map', fmapText(facts.fmap), fmapText(expected.fmap)));
    return differences;
  });
}

/** The same for a daxdev. */
export function daxdevDifferences(found: Buffer, expected: DaxdevFacts, yaml: YamlReader): string[] {
  if (found.equals(Buffer.from(daxdevYaml(expected)))) return [];
  return orYamlError(() => {
    const facts = yaml.daxdev(found);
    const keys = ['index', 'uuid', 'size'] as const;
    return keys
      .filter((key) => facts[key] !== expected[key])
      .map((key) => differenceText(key, facts[key], expected[key]));
  });
}

/** A document that cannot be read counts as one difference. */
function orYamlError(compare: () => string[]): string[] {
  try {
    return compare();
  } catch (error) {
    if (error instanceof ShadowYamlError) return [error.message];
    throw error;
  }
}

function fmapText(fmap: Fmap): string {
  const extents = fmap.extents.map(
    ({ daxdev, deviceOffset: offset, length }) => `${daxdev}:${hex(offset)}+${hex(length)}`,
  );
  return `${fmap.layout === 'simple' ? 'simple' : `chunk ${hex(fmap.chunkSize)}`} ${extents.join(' ')}`;
}
