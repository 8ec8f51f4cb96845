import { type Break, breaksOf } from '../break.js';

/** Maps in the forms that kernels take. */
export const kernelBreaks: readonly Break[] = [
  ...breaksOf('src/format/kernel/v2Rules.ts', [
    {
      from: 'return length < shortest ? [',
      to: 'return length < 0 ? [',
      why: 'a message that ends too early is called accepted',
      killer: 'format/kernel/v2',
    },
    {
      from: 'const known = type === undefined || type === EXTENT_SIMPLE || type === EXTENT_INTERLEAVED;',
      to: 'const known = true;',
      why: 'a map of an unknown type is called accepted',
      killer: 'format/kernel/v2',
    },
  ]),
  ...breaksOf('src/format/kernel/v2Message.ts', [
    {
      from: 'messageSize: withSize ? image.length : 0,',
      to: 'messageSize: 0,',
      why: 'a kernel that reads the size of the message takes none of it',
      killer: 'format/kernel/v2',
    },
    {
      from: 'if (at + size > this.#view.byteLength) {',
      to: 'if (at + size > this.#view.byteLength + 1) {',
      why: 'a message that is cut off is an internal error',
      killer: 'format/kernel/hostile',
    },
  ]),
  ...breaksOf('src/format/kernel/v2.ts', [
    {
      from: 'if (extents.some(({ deviceOffset, length }) => !Number.isSafeInteger(deviceOffset + length))) return undefined;',
      to: '',
      why: 'a map with rounded offsets is taken for the map of a file',
      killer: 'format/kernel/hostile',
    },
  ]),
  ...breaksOf('src/format/kernel/v2Daxdev.ts', [
    {
      from: 'return daxdev < daxdevs ? NONE :',
      to: 'return daxdev <= daxdevs ? NONE :',
      why: 'a daxdev after the last one is called accepted',
      killer: 'commands/daxdevList',
    },
  ]),
  ...breaksOf('src/format/kernel/dRules.ts', [
    {
      from: 'return count > MOST_EXTENTS ?',
      to: 'return count < 0 ?',
      why: 'a map with too many extents is called accepted',
      killer: 'format/kernel/d',
    },
    {
      from: 'if ((fileOffset | length | deviceOffset) % PAGE === 0n) return undefined;',
      to: 'if ((fileOffset | length) % PAGE === 0n) return undefined;',
      why: 'an extent that begins inside a page is called accepted',
      killer: 'format/kernel/d',
    },
  ]),
  ...breaksOf('src/format/kernel/dMessage.ts', [
    {
      from: 'if (extents.length === header.extentCount) break;',
      to: '',
      why: 'bytes after the last extent are read as extents',
      killer: 'format/kernel/hostile',
    },
  ]),
  ...breaksOf('src/format/kernel/d.ts', [
    {
      from: 'if (!simple.every(isPossible)) return undefined;',
      to: '',
      why: 'a map with impossible extents is taken for the map of a file',
      killer: 'format/kernel/hostile',
    },
  ]),
  ...breaksOf('src/format/kernel/deviceRules.ts', [
    {
      from: 'if (end <= (size ?? ADDRESSABLE)) continue;',
      to: 'if (end <= ADDRESSABLE) continue;',
      why: 'an extent beyond the end of its daxdev is called accepted',
      killer: 'format/kernel/d',
    },
    {
      from: 'return chunks * chunkSize + (i === whole % n ? rest : 0n);',
      to: 'return chunks * chunkSize;',
      why: 'the end of a file that does not fill its last chunk is not checked',
      killer: 'format/kernel/d',
    },
    {
      from: 'reach?.daxdev === range.daxdev && range.start < reach.end',
      to: 'reach?.daxdev === range.daxdev && range.start <= reach.end',
      why: 'extents that only touch are called overlapping',
      killer: 'format/kernel/v2',
    },
  ]),
  ...breaksOf('src/format/kernel/rule.ts', [
    {
      from: 'if (findings.filter((finding) => finding.rule === rule).length >= MOST_NAMED) return false;',
      to: '',
      why: 'a damaged map is reported once for each of its extents',
      killer: 'format/kernel/hostile',
    },
    {
      from: "return findings.some((finding) => finding.class === 'REFUSED');",
      to: 'return false;',
      why: 'what a kernel would do with a map that it refuses is reported',
      killer: 'format/kernel/v2',
    },
  ]),
  ...breaksOf('src/format/kernel/forms.ts', [
    {
      from: 'KERNEL_FORM_NAMES.find((name) => KERNEL_FORMS[name].guess(image)) ?? first;',
      to: 'first;',
      why: 'the form of a message is not found out',
      killer: 'format/kernel/forms',
    },
  ]),
];
