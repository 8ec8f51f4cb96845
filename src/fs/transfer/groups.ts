/** Divides files to be filled into groups that are copied together. */
import type { FilePlan } from './filePlan.js';
import { isSmall } from './fillSmallFiles.js';
import { TreePart } from './treeFiles.js';

/** files and bytes that are copied together */
const MOST_FILES = 1024;
const MOST_BYTES = 16 * 1024 ** 2;

/** Small files, or one file that is not small. */
export class Group<T extends FilePlan> {
  /** in the order of the request; parts of the same tree follow each other in it */
  readonly members: (T | TreePart)[] = [];
  #files = 0;
  #bytes = 0;

  constructor(readonly isSmall: boolean) {}

  hasRoom(bytes: number): boolean {
    return this.#files < MOST_FILES && (this.#files === 0 || this.#bytes + bytes <= MOST_BYTES);
  }

  addPlan(plan: T): void {
    this.members.push(plan);
    this.#files++;
    this.#bytes += plan.entry.size;
  }

  /** Adds files of a part from index `from` on for as long as there is room. Returns the index of the first without. */
  addFrom({ tree, to: end }: TreePart, from: number): number {
    let to = from;
    for (; to < end && this.hasRoom(tree.size(to)); to++) {
      this.#files++;
      this.#bytes += tree.size(to);
    }
    if (to > from) this.members.push(new TreePart(tree, from, to));
    return to;
  }
}

/** Divides plans, in their order, into groups. */
export function groupsOf<T extends FilePlan>(plans: readonly (T | TreePart)[]): Group<T>[] {
  const groups: Group<T>[] = [];
  const next = (isSmallGroup: boolean) => {
    const group = new Group<T>(isSmallGroup);
    groups.push(group);
    return group;
  };
  for (const plan of plans) {
    const last = groups.at(-1);
    if (plan instanceof TreePart) {
      let from = last?.isSmall ? last.addFrom(plan, plan.from) : plan.from;
      while (from < plan.to) from = next(true).addFrom(plan, from);
      continue;
    }
    const fits = isSmall(plan) && last?.isSmall && last.hasRoom(plan.entry.size);
    (fits ? last : next(isSmall(plan))).addPlan(plan);
  }
  return groups;
}
