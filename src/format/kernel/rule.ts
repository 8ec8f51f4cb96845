/** What kernels check in a message, and how they answer: rules in the order in which a kernel applies them. */

export type Errno = 'E2BIG' | 'EEXIST' | 'EFAULT' | 'EFBIG' | 'EINVAL' | 'EIO' | 'ENOENT' | 'ERANGE';

/**
 * REFUSED: the kernel refuses the map. ACCESS: it accepts the map, but accesses to parts of the file fail. DANGEROUS: it
 * accepts the map, and then crashes or damages other data, so no kernel must be given it.
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
  /** errno name of the refusal, or of the access that fails; null where there is none, or none was seen */
  readonly errno: Errno | null;
  readonly message: string;
}

interface RuleHead<Kernel> {
  /** stable name, upper case: V2_ALIGNMENT */
  readonly rule: string;
  /** REFUSED where it is left out */
  readonly class?: FindingClass;
  /** what the kernel answers; null where it has no errno, or none was seen; undefined for a kernel without this rule */
  readonly errno: (kernel: Kernel) => Errno | null | undefined;
  /** what must be so, half a sentence */
  readonly summary: string;
}

/** What a rule that is kept returns: judging a sound message, one of half a million, allocates next to nothing. */
export const NONE: readonly string[] = Object.freeze([]);

/** A rule about a message as a whole. */
export interface MessageRule<Message, Kernel> extends RuleHead<Kernel> {
  /** how a message breaks the rule, each half a sentence that follows "must be so;" NONE for one that does not */
  broken(message: Message, kernel: Kernel): readonly string[];
}

/** A rule about one extent, among rules that are applied to extent after extent. */
export interface ExtentRule<Message, Kernel> extends RuleHead<Kernel> {
  /** how extent `i` breaks the rule; undefined when it does not */
  brokenBy(message: Message, i: number, kernel: Kernel): string | undefined;
}

/** Rules that a kernel applies to the first extent, then to the second, and so on. */
export interface ExtentRules<Message, Kernel> {
  /** extents that there are to be judged */
  count(message: Message): number;
  readonly eachExtent: readonly ExtentRule<Message, Kernel>[];
}

export type RuleStep<Message, Kernel> = MessageRule<Message, Kernel> | ExtentRules<Message, Kernel>;

/** how often a rule is named for one message, at most */
export const MOST_NAMED = 16;

/**
 * All that a message breaks, in the order of the steps: the first refusal is the kernel's answer. What follows once it
 * is accepted is judged only where no rule refuses it.
 */
export function findingsOf<Message, Kernel>(
  steps: readonly RuleStep<Message, Kernel>[],
  message: Message,
  kernel: Kernel,
): KernelFinding[] {
  const findings: KernelFinding[] = [];
  const counts = new Map<string, number>();
  const add = ({ rule, class: kind = 'REFUSED', errno, summary }: RuleHead<Kernel>, how: string) => {
    const count = (counts.get(rule) ?? 0) + 1;
    counts.set(rule, count);
    if (count > MOST_NAMED) return false;
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

/** The answer of a kernel in a few words: EINVAL; EIO at access; DANGEROUS, EFAULT at access. */
export function answerText({ class: kind, errno }: KernelFinding): string {
  if (kind === 'REFUSED') return errno ?? 'errno not known';
  const access = errno === null ? [] : [`${errno} at access`];
  return (kind === 'DANGEROUS' ? ['DANGEROUS', ...access] : access).join(', ');
}

/** Whether a kernel refuses the map. */
export function isRefused(findings: readonly KernelFinding[]): boolean {
  return findings.some((finding) => finding.class === 'REFUSED');
}

/** A rule for documents: its errno in each kernel, undefined in one that does not have it. */
export interface RuleRow<Kernels extends string> {
  readonly rule: string;
  readonly class: FindingClass;
  readonly errnos: Readonly<Record<Kernels, Errno | null | undefined>>;
  readonly summary: string;
}

/** The rules of a form, with the answer of each kernel that is named. */
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
