/** Checks that kernels make on a message, and their answers: rules in the order in which a kernel applies them. */

export type Errno = 'E2BIG' | 'EEXIST' | 'EFAULT' | 'EFBIG' | 'EINVAL' | 'EIO' | 'ENOENT' | 'ERANGE';

/**
 * REFUSED: the kernel refuses the map. ACCESS: it accepts the map, but accesses to parts of the file fail. DANGEROUS: it
 * accepts the map and then crashes or damages other data, so no kernel must ever receive it.
 */
export type FindingClass = 'REFUSED' | 'ACCESS' | 'DANGEROUS';

/** A rule that a map breaks. */
export interface KernelFinding {
  readonly rule: string;
  /**
   * REFUSED: the kernel refuses the map; ACCESS: it accepts the map, but accesses to parts of the file fail; DANGEROUS: it
   * accepts the map, and then crashes or damages other data
   */
  readonly class: FindingClass;
  /** errno name of the refusal, or of the failing access; null if there is none, or none was observed */
  readonly errno: Errno | null;
  readonly message: string;
}

interface RuleHead<Kernel> {
  /** stable name, upper case: V2_ALIGNMENT */
  readonly rule: string;
  /** REFUSED if absent */
  readonly class?: FindingClass;
  /** the kernel's answer; null if it has no errno, or none was observed; undefined for a kernel without this rule */
  readonly errno: (kernel: Kernel) => Errno | null | undefined;
  /** the condition, as half a sentence */
  readonly summary: string;
}

/** Returned by a rule that is not broken: checking a sound message, one of half a million, allocates almost nothing. */
export const NONE: readonly string[] = Object.freeze([]);

/** A rule about a message as a whole. */
export interface MessageRule<Message, Kernel> extends RuleHead<Kernel> {
  /** how a message breaks the rule: half sentences that follow `condition;` - NONE if it does not */
  broken(message: Message, kernel: Kernel): readonly string[];
}

/** A rule about one extent, in a group that is applied extent by extent. */
export interface ExtentRule<Message, Kernel> extends RuleHead<Kernel> {
  /** how extent `i` breaks the rule; undefined if it does not */
  brokenBy(message: Message, i: number, kernel: Kernel): string | undefined;
}

/** Rules that a kernel applies to the first extent, then to the second, and so on. */
export interface ExtentRules<Message, Kernel> {
  /** number of extents to check */
  count(message: Message): number;
  readonly eachExtent: readonly ExtentRule<Message, Kernel>[];
}

export type RuleStep<Message, Kernel> = MessageRule<Message, Kernel> | ExtentRules<Message, Kernel>;

/** how often one rule is reported for a message, at most */
export const MOST_NAMED = 16;

/**
 * All rules that a message breaks, in the order of the steps; the first refusal is the kernel's answer. Rules about an accepted
 * map are applied only if nothing refuses it.
 */
export function findingsOf<Message, Kernel>(
  steps: readonly RuleStep<Message, Kernel>[],
  message: Message,
  kernel: Kernel,
): KernelFinding[] {
  const findings: KernelFinding[] = [];
  const add = ({ rule, class: kind = 'REFUSED', errno, summary }: RuleHead<Kernel>, how: string) => {
    if (findings.filter((finding) => finding.rule === rule).length >= MOST_NAMED) return false;
    findings.push({ rule, class: kind, errno: errno(kernel) ?? null, message: `${summary}; ${how}` });
    return true;
  };
  for (const step of steps) {
    if ('eachExtent' in step) judgeExtents(step, message, kernel, add);
    else if (step.errno(kernel) === undefined || (step.class !== undefined && isRefused(findings))) continue;
    else {
      const broken = step.broken(message, kernel);
      // nearly always
      if (broken === NONE) continue;
      for (const how of broken) if (!add(step, how)) break;
    }
  }
  return findings;
}

function judgeExtents<Message, Kernel>(
  { count, eachExtent }: ExtentRules<Message, Kernel>,
  message: Message,
  kernel: Kernel,
  add: (rule: RuleHead<Kernel>, how: string) => boolean,
): void {
  const rules = eachExtent.filter(({ errno }) => errno(kernel) !== undefined);
  const number = count(message);
  for (let i = 0; i < number; i++)
    for (const rule of rules) {
      const how = rule.brokenBy(message, i, kernel);
      if (how !== undefined) add(rule, how);
    }
}

/** The answer of a kernel in short: EINVAL; EIO at access; DANGEROUS, EFAULT at access. */
export function answerText({ class: kind, errno }: KernelFinding): string {
  if (kind === 'REFUSED') return errno ?? 'errno not known';
  const access = errno === null ? [] : [`${errno} at access`];
  return (kind === 'DANGEROUS' ? ['DANGEROUS', ...access] : access).join(', ');
}

/** Whether a kernel refuses the map. */
export function isRefused(findings: readonly KernelFinding[]): boolean {
  return findings.some((finding) => finding.class === 'REFUSED');
}

/** A rule for documents, with its errno in each kernel; undefined for a kernel without it. */
export interface RuleRow<Kernels extends string> {
  readonly rule: string;
  readonly class: FindingClass;
  readonly errnos: Readonly<Record<Kernels, Errno | null | undefined>>;
  readonly summary: string;
}

/** The rules of a form, with the answers of the given kernels. */
export function ruleRows<Message, Kernel, Kernels extends string>(
  steps: readonly RuleStep<Message, Kernel>[],
  kernels: Readonly<Record<Kernels, Kernel>>,
): RuleRow<Kernels>[] {
  const rules = steps.flatMap((step): readonly RuleHead<Kernel>[] => ('eachExtent' in step ? step.eachExtent : [step]));
  return rules.map(({ rule, class: kind = 'REFUSED', errno, summary }) => {
    const answers = Object.entries<Kernel>(kernels).map(([name, kernel]) => [name, errno(kernel)]);
    return { rule, class: kind, errnos: Object.fromEntries(answers), summary };
  });
}
