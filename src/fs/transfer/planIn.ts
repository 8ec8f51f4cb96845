/** Plans where files of this host go in the file system: all are planned, or all refused, before anything is written. */
import { CreationPlan, type FileRequest } from '../allocate/creationPlan.js';
import { FamfsError } from '../errors.js';
import { meansDirectory, relativePath } from '../log/givenPath.js';
import type { Namespace } from '../log/namespace.js';
import type { InFile } from './filePlan.js';
import type { InOptions, InPlan, InTarget } from './inPlan.js';
import { InPlanner, joinPath, placeFile } from './inPlanner.js';
import type { Source } from './listedFiles.js';
import type { Found } from './sourceTree.js';

/** One source operand of the command. */
export interface SourceOperand {
  /** as typed */
  readonly operand: string;
  /** the source itself, and everything below it */
  readonly sources: readonly Found[];
}

/**
 * Plans to copy the sources into `target` if that is a directory, otherwise to that path. Throws NOT_A_DIRECTORY, NO_DIRECTORY,
 * NO_SPACE, LOG_FULL, BAD_LAYOUT, and what opening daxdevs throws.
 */
export function planIn(
  session: InTarget,
  operands: readonly SourceOperand[],
  target: string,
  options: InOptions,
): InPlan {
  const { namespace } = session.volume.replay;
  const planner = new InPlanner(session, options);
  for (const { operand, sources } of operands.filter((one) => one.sources.length > 0)) {
    // the operand itself comes first
    const single = operands.length === 1 ? (sources[0] as Source) : undefined;
    planner.addAll(sources, baseFor(namespace, target, operand, single));
  }
  return planner.finish();
}

/**
 * Plans one file that is filled from `content`, which messages call `source`. Throws the reason why it cannot be made, including
 * EXISTS for a directory.
 */
export function planContent(
  session: InTarget,
  request: FileRequest,
  { content, source }: Pick<InFile, 'content' | 'source'>,
  { layout, random, allowBytes }: Pick<InOptions, 'layout' | 'random' | 'allowBytes'>,
): InPlan {
  const plan = new CreationPlan(session, random, allowBytes);
  const placed = placeFile(session, plan, request, layout);
  session.requireSlots(plan.length);
  const file = { ...placed, content, source };
  const { kept, unaligned } = plan;
  const { size: bytes } = request;
  return { directories: [], files: [file], fileCount: 1, bytes, kept, unaligned, unknownOwners: 0 };
}

/**
 * The path for the source of an operand. Throws NOT_A_DIRECTORY or NO_DIRECTORY.
 * @param single the source of the only operand
 */
function baseFor(namespace: Namespace, target: string, operand: string, single: Source | undefined): string {
  const path = relativePath(target);
  const node = namespace.get(path);
  if (node?.kind === 'directory') return joinPath(path, baseName(operand));
  if (single !== undefined && (node === undefined || single.kind === 'file')) {
    const asDirectory = meansDirectory(target) && single.kind === 'file';
    if (!asDirectory) return path;
  }
  if (node !== undefined)
    throw new FamfsError('NOT_A_DIRECTORY', `${target} is a file in the file system, not a directory`, {
      details: { path },
    });
  throw new FamfsError('NO_DIRECTORY', `${target}: no such directory in the file system`, {
    hint: `make it with: famfs mkdir -p ${path}`,
    details: { path },
  });
}

/** The last name of a path; '' for `.`, `..` and `/`, which stand for the contents of the directory. */
export function baseName(path: string): string {
  const name = path.replace(/\/+$/, '').split('/').at(-1) ?? '';
  return name === '.' || name === '..' ? '' : name;
}
