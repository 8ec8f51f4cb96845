import { type Break, breaksOf } from '../break.js';

/** What is declared in manifests. */
export const commandsManifestBreaks: readonly Break[] = [
  ...breaksOf('src/commands/manifest/alikeItems.ts', [
    {
      from: 'if (count !== keys.length) return false;',
      to: '',
      why: 'a key of a file is ignored if the file before it has all the others',
      killer: 'commands/plan',
      title: 'a mistake or conflict in a long list',
    },
    {
      from: ' : value === model[key];',
      to: ' : true;',
      why: 'files in a list get the mode of the first',
      killer: 'commands/apply',
      title: 'files without bytes',
    },
    {
      from: 'if (value === undefined || !isLike)',
      to: 'if (!isLike)',
      why: 'an unknown owner is no mistake after an item whose key is wrong',
      killer: 'commands/plan',
      title: 'ten mistakes',
    },
  ]),
  ...breaksOf('src/commands/manifest/cutYaml.ts', [
    {
      from: 'if (row.path === null || row.size === null) return at;',
      to: '',
      why: 'a list in YAML with a key without a value is refused',
      killer: 'scenarios/manifestTexts',
      title: 'a list is read alike',
    },
    {
      from: ' || AFTER.test(text))',
      to: ' || true)',
      why: 'the end of a path on a line of its own goes to another file',
      killer: 'scenarios/manifestTexts',
      title: 'a list is read alike',
    },
    {
      from: 'this.#isQuoted[key] ? source : plainScalar(source)',
      to: 'source',
      why: 'numbers in a list in YAML are read as text',
      killer: 'scenarios/manifestTexts',
      title: 'a list is read alike',
    },
  ]),
  ...breaksOf('src/commands/manifest/plainScalar.ts', [
    {
      from: 'if (word !== undefined) return word;',
      to: '',
      why: 'true in a manifest is refused as text',
      killer: 'commands/plan',
      title: 'every kind of wrong value',
    },
  ]),
  ...breaksOf('src/commands/manifest/collector.ts', [
    {
      from: 'return bytes < 1 ? undefined : bytes;',
      to: 'return bytes;',
      why: 'a file of 0 bytes in a list is an internal error',
      killer: 'commands/plan',
      title: 'a mistake or conflict in a long list',
    },
    {
      from: 'this.#size?.value === value ?',
      to: 'this.#size !== undefined ?',
      why: 'all files of a manifest get the size of the first',
      killer: 'commands/apply',
      title: 'files without bytes',
    },
    {
      from: 'const isNumber = /^\\d+$/.test(text);',
      to: 'const isNumber = false;',
      why: 'a manifest with owners by the hundred is refused, with the advice to write them as they are',
      killer: 'commands/plan',
      title: 'any number of owners',
    },
    {
      from: 'return bytes < least ?',
      to: 'return bytes < 0 ?',
      why: 'a manifest declares a log that is too short',
      killer: 'commands/plan',
      title: 'every kind of wrong value',
    },
  ]),
  ...breaksOf('src/fs/declared/planNodes.ts', [
    {
      from: 'if (!isProven) unproven.push(path);',
      to: 'if (isProven) unproven.push(path);',
      why: 'a second apply makes files again that exist',
      killer: 'commands/apply',
      title: 'files without bytes',
    },
  ]),
  ...breaksOf('src/fs/declared/fileRuns.ts', [
    {
      from: ' && next.uid === uid',
      to: '',
      why: 'a file gets the owner of the one before it in the manifest',
      killer: 'commands/apply',
      title: 'files without bytes',
      equivalent: 'what reads a manifest shares a layout only between files that state the same, their owner included',
    },
    {
      from: 'isList ? itemAfter(origin, i) : origin',
      to: 'origin',
      why: 'a file that is in the way is reported with the line of another',
      killer: 'commands/plan',
      title: 'a mistake or conflict in a long list',
    },
    {
      from: 'modes.fill(part.mode ?? mode, begin, end);',
      to: 'modes.fill(mode, begin, end);',
      why: 'the mode of a file in a manifest is ignored',
      killer: 'commands/apply',
      title: 'files without bytes',
    },
  ]),
  ...breaksOf('src/commands/manifest/declaredFile.ts', [
    {
      from: 'STATED.every((key) => item[key] === last.item[key])',
      to: "STATED.every((key) => key === 'mode' || item[key] === last.item[key])",
      why: 'a file gets the mode of the one before it in the manifest',
      killer: 'commands/apply',
      title: 'files without bytes',
    },
    {
      from: 'sources.count !== paths.length',
      to: 'false',
      why: 'a manifest with fewer sources than paths is not refused with its place',
      killer: 'commands/plan',
    },
    {
      from: 'stated !== undefined && size !== stated',
      to: 'false',
      why: 'a source of another size than was stated is copied',
      killer: 'commands/plan',
      title: 'every kind of wrong',
    },
    {
      from: 'if (given > 1)',
      to: 'if (given > 2)',
      why: 'of source and seed, one is ignored',
      killer: 'commands/plan',
    },
  ]),
  ...breaksOf('src/commands/manifest/declaredNodes.ts', [
    {
      from: "if (twin !== undefined || path === '')",
      to: "if (path === '')",
      why: 'a path is declared twice, and the second is a conflict with the first',
      killer: 'commands/plan',
      title: 'every kind of wrong',
    },
    {
      from: 'return file.size > before;',
      to: 'return true;',
      why: 'a path is twice in a list',
      killer: 'commands/plan',
      title: 'a mistake or conflict in a long list',
    },
    {
      from: "!(literal || !path.includes('{'))",
      to: 'false',
      why: 'a range in a list names one file',
      killer: 'commands/plan',
      title: 'a mistake or conflict in a long list',
    },
    {
      from: '  names.checkParents();\n',
      to: '',
      why: 'a path below a file is no mistake of the manifest',
      killer: 'commands/plan',
    },
  ]),
  ...breaksOf('src/commands/manifest/declaredPool.ts', [
    {
      from: 'resolve(folder, ranged.at(i))',
      to: 'ranged.at(i)',
      why: 'images are made in the working directory, not beside the manifest',
      killer: 'commands/plan',
    },
    {
      from: 'if (twin !== undefined) collector.add(',
      to: 'if (false) collector.add(',
      why: 'a daxdev is named twice in a pool',
      killer: 'commands/plan',
      title: 'every kind of wrong value',
    },
  ]),
  ...breaksOf('src/commands/manifest/exported.ts', [
    {
      from: 'looksRanged(path) ? { literal: true } : {}',
      to: '{}',
      why: 'an exported name with braces makes other files',
      killer: 'commands/export',
    },
    {
      from: '(mode & MODE_BITS) === usualMode ? {} :',
      to: 'true ? {} :',
      why: 'an export lacks the modes that differ',
      killer: 'commands/export',
    },
  ]),
  ...breaksOf('src/commands/manifest/indexText.ts', [
    {
      from: '.sort((a, b) => a - b)',
      to: '.sort()',
      why: 'daxdevs from 10 are exported in the wrong order',
      killer: 'commands/export',
      title: 'daxdevs are named',
    },
  ]),
  ...breaksOf('src/commands/manifest/manifestLines.ts', [
    {
      from: 'MODES.has(key) || PLAIN.test(value)',
      to: "MODES.has(key) || value !== ''",
      why: 'an exported name with blanks or colons is no YAML',
      killer: 'commands/export',
    },
  ]),
  ...breaksOf('src/commands/manifest/mistakes.ts', [
    {
      from: '(a?.line ?? 0) - (b?.line ?? 0) ||',
      to: '',
      why: 'mistakes of a manifest are not in the order of its lines',
      killer: 'commands/plan',
    },
  ]),
  ...breaksOf('src/commands/manifest/parseText.ts', [
    {
      from: 'if (node.tag !== undefined) this.#refuse(',
      to: 'if (false) this.#refuse(',
      why: 'a tag in a manifest is passed over',
      killer: 'commands/plan',
      title: 'bombs, deep nesting',
    },
    {
      from: 'else if (fields.has(String(key.value)))',
      to: 'else if (false)',
      why: 'of a key that is written twice, the first is ignored',
      killer: 'commands/plan',
      title: 'bombs, deep nesting',
    },
  ]),
  ...breaksOf('src/commands/manifest/planManifest.ts', [
    {
      from: 'const extra = extraItems(volume, manifest.declared);',
      to: 'const extra: never[] = [];',
      why: 'plan does not say what the manifest lacks',
      killer: 'commands/plan',
    },
  ]),
  ...breaksOf('src/commands/manifest/ranges.ts', [
    {
      from: 'if (this.count > MOST_PATHS)',
      to: 'if (false)',
      why: 'a range of many paths fills the memory',
      killer: 'commands/plan',
    },
    {
      from: 'rest = Math.floor(rest / count);',
      to: 'rest = Math.floor(rest / (count + 1));',
      why: 'two ranges in a path name some files twice',
      killer: 'commands/plan',
      title: 'ranges, literal paths',
    },
  ]),
  ...breaksOf('src/commands/manifest/readManifest.ts', [
    {
      from: '{ fatal: true }',
      to: '{ fatal: false }',
      why: 'a manifest that is not UTF-8 makes files with other names',
      killer: 'commands/plan',
    },
  ]),
  ...breaksOf('src/commands/manifest/report.ts', [
    {
      from: 'for (const { action } of daxdevs) counts[action]++;',
      to: '',
      why: 'plan ends with 0 where only daxdevs are to be added',
      killer: 'scenarios/onConflict',
      title: 'a daxdev may be named',
    },
  ]),
  ...breaksOf('src/commands/manifest/schemaMistakes.ts', [
    {
      from: 'errors.filter((error) => !isMisspelt(error)).map(schemaMistake)',
      to: 'errors.map(schemaMistake)',
      why: 'a key that is misspelt is reported as missing too',
      killer: 'commands/plan',
      title: 'every kind of wrong',
    },
  ]),
  ...breaksOf('src/commands/manifest/plainObject.ts', [
    {
      from: ' && value !== null',
      to: '',
      why: 'a file of a manifest that is null ends plan with an internal error',
      killer: 'commands/plan',
      title: 'an item that is no mapping',
    },
  ]),
  ...breaksOf('src/commands/manifest/validate.ts', [
    {
      from: 'Number(index) + offset',
      to: 'Number(index)',
      why: 'a mistake after the thousandth file has the line of another',
      killer: 'commands/plan',
      title: 'every kind of wrong',
    },
  ]),
  ...breaksOf('src/commands/manifest/wildcard.ts', [
    {
      from: "(this.#hidden || !name.startsWith('.')) &&",
      to: '',
      why: 'a pattern takes hidden files along',
      killer: 'scenarios/manifestSources',
      title: 'a pattern finds what',
    },
  ]),
  ...breaksOf('src/commands/manifest/schema.ts', [
    {
      from: "sha256: { type: 'string',",
      to: "sha256: { type: 'integer',",
      why: 'a manifest with a sha256 is refused',
      killer: 'commands/apply',
      title: 'a wrong sha256',
    },
  ]),
];
