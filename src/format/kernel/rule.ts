/** One thing that a kernel checks in a map. */
export interface KernelRule<Message, Limits> {
  /** stable name, upper case: V2_ALIGNMENT */
  readonly rule: string;
  /** what the kernel answers, as an errno name; undefined where that was not seen */
  readonly errno: (limits: Limits) => string | undefined;
  /** what must be so, half a sentence */
  readonly summary: string;
  /** the kernel takes the map, but accesses fail */
  readonly atAccess?: boolean;
  /** how a message breaks the rule, each half a sentence that follows "must be so, but" */
  broken(message: Message, limits: Limits): Iterable<string>;
}

/** A rule that a map breaks. */
export interface KernelFinding {
  readonly rule: string;
  /** errno name; null where it was not seen what the kernel answers */
  readonly errno: string | null;
  /** `access`: the kernel takes the map, and accesses to parts of the file fail */
  readonly when: 'map' | 'access';
  readonly message: string;
}

/** A rule is named at most so often for one message. */
const MOST_OF_A_RULE = 16;

/** All that a message breaks, in the order of the rules: the first is what the kernel answers. */
export function findingsOf<Message, Limits>(
  rules: readonly KernelRule<Message, Limits>[],
  message: Message,
  limits: Limits,
): KernelFinding[] {
  const findings: KernelFinding[] = [];
  for (const { rule, errno, summary, atAccess = false, broken } of rules) {
    let count = 0;
    for (const how of broken(message, limits)) {
      if (count++ === MOST_OF_A_RULE) break;
      findings.push({
        rule,
        errno: errno(limits) ?? null,
        when: atAccess ? 'access' : 'map',
        message: `${summary}; ${how}`,
      });
    }
  }
  return findings;
}
