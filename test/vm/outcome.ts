/** What a command in a guest did. */
export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

const NEWLINE = 0x0a;

/**
 * Takes the first reply from the bytes that a guest has sent: a header, `#status stdoutBytes stderrBytes`, and the bytes that it
 * counts. Undefined while the reply is incomplete.
 * @throws Error for anything else, with which a guest says that it cannot be set up
 */
export function takeOutcome(received: Buffer): { outcome: Outcome; rest: Buffer } | undefined {
  const lineEnd = received.indexOf(NEWLINE);
  if (lineEnd < 0) return undefined;
  const header = received.toString('utf8', 0, lineEnd);
  const match = /^#(\d+) (\d+) (\d+)$/.exec(header);
  if (match === null) throw new Error(`the guest says: ${header}`);
  const [status = 0, stdoutBytes = 0, stderrBytes = 0] = match.slice(1).map(Number);
  const stdoutEnd = lineEnd + 1 + stdoutBytes;
  const stderrEnd = stdoutEnd + stderrBytes;
  if (received.length < stderrEnd) return undefined;
  const stdout = received.toString('utf8', lineEnd + 1, stdoutEnd);
  const stderr = received.toString('utf8', stdoutEnd, stderrEnd);
  return { outcome: { status, stdout, stderr }, rest: received.subarray(stderrEnd) };
}
