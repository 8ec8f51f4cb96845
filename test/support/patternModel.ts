/** The seeded pattern in plain BigInt arithmetic: slow, and shares nothing with the C++ but the mathematics. */

const MASK = 2n ** 64n - 1n;

interface State {
  s0: bigint;
  s1: bigint;
}

/** `count` words of the pattern from the start of the file. */
export function words(seed: bigint, count: number): Buffer {
  return run(seeded(seed), count);
}

/** `count` words starting at word `index`, however large: squaring the matrix of one step takes the state there. */
export function jumpedWords(seed: bigint, index: bigint, count: number): Buffer {
  let state = toBits(seeded(seed));
  for (let k = 0; index >> BigInt(k) > 0n; k++) if ((index >> BigInt(k)) & 1n) state = multiply(power(k), state);
  return run(fromBits(state), count);
}

/** `length` bytes of the pattern, starting at byte `offset` of the file. */
export function patternBytes(seed: bigint, offset: number, length: number): Buffer {
  const skip = offset % 4;
  const whole = jumpedWords(seed, BigInt((offset - skip) / 4), Math.ceil((skip + length) / 4));
  return whole.subarray(skip, skip + length);
}

function run(start: State, count: number): Buffer {
  const bytes = Buffer.alloc(count * 4);
  let state = start;
  for (let i = 0; i < count; i++) {
    bytes.writeUInt32LE(Number((state.s0 + state.s1) & 0xffffffffn), i * 4);
    state = step(state);
  }
  return bytes;
}

function rotate(x: bigint, by: bigint): bigint {
  return ((x << by) | (x >> (64n - by))) & MASK;
}

function step({ s0, s1 }: State): State {
  const mixed = s0 ^ s1;
  return { s0: (rotate(s0, 55n) ^ mixed ^ (mixed << 14n)) & MASK, s1: rotate(mixed, 36n) };
}

function seeded(seed: bigint): State {
  let state = seed;
  const next = () => {
    state = (state + 0x9e3779b97f4a7c15n) & MASK;
    let z = state;
    z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & MASK;
    return z ^ (z >> 31n);
  };
  return { s0: next(), s1: next() };
}

function toBits({ s0, s1 }: State): bigint {
  return (s1 << 64n) | s0;
}

function fromBits(bits: bigint): State {
  return { s0: bits & MASK, s1: bits >> 64n };
}

const powers: bigint[][] = [];

/** The matrix of 2^k steps. */
function power(k: number): bigint[] {
  powers[0] ??= columns((bits) => toBits(step(fromBits(bits))));
  for (let at = powers.length; at <= k; at++) {
    const half = powers[at - 1]!;
    powers[at] = half.map((column) => multiply(half, column));
  }
  return powers[k]!;
}

function columns(map: (bits: bigint) => bigint): bigint[] {
  return Array.from({ length: 128 }, (_, i) => map(1n << BigInt(i)));
}

function multiply(matrix: readonly bigint[], vector: bigint): bigint {
  return matrix.reduce((sum, column, i) => ((vector >> BigInt(i)) & 1n ? sum ^ column : sum), 0n);
}
