/** The kernel's side of FUSE over a socket: it asks, waits for the answer, and keeps the notifications that it gets. */
import { closeSync, readSync, writeSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type RecordOf, viewOf } from '../../src/format/struct.js';
import { socketPair } from '../../src/native/fuseMount.js';
import {
  attrOut,
  dirent,
  entryOut,
  INIT,
  inHeader,
  initIn,
  initOut,
  OP,
  outHeader,
  readIn,
  setattrIn,
  statfsOut,
} from './fuseWire.js';

/** what a socket passes in one message */
const LONGEST = 256 * 1024;
const PATIENCE = 20_000;

export interface Reply {
  /** 0, or the errno */
  readonly error: number;
  readonly body: Buffer;
}

/** What the server said without being asked. */
export interface Notice {
  readonly code: number;
  readonly body: Buffer;
}

export interface Listed {
  readonly name: string;
  readonly ino: number;
  readonly next: number;
  readonly type: number;
  /** undefined in a plain listing, and of the dots */
  readonly entry: RecordOf<typeof entryOut> | undefined;
}

/** all that a kernel of 2025 offers */
export const USUAL_OFFER = Object.entries(INIT)
  .filter(([name]) => !['DAX_FMAP', 'PASSTHROUGH_V2', 'OVER_IO_URING'].includes(name))
  .map(([, bit]) => bit);

export class TestKernel {
  /** the server's end of the socket, which the server takes over */
  readonly serverFd: number;
  readonly notices: Notice[] = [];
  readonly #fd: number;
  readonly #answers = new Map<number, Reply>();
  readonly #buffer = Buffer.alloc(LONGEST);
  #unique = 2;
  #closed = false;

  constructor() {
    [this.#fd, this.serverFd] = socketPair(true);
  }

  /** Sends a request and waits for its answer. */
  async ask(opcode: number, node: number, payload: Uint8Array = Buffer.alloc(0), uid = 0): Promise<Reply> {
    const unique = this.#unique;
    this.#unique += 2;
    this.tell(opcode, node, payload, unique, uid);
    return this.answer(unique);
  }

  /** Waits for the answer to the request of a number. */
  async answer(unique: number): Promise<Reply> {
    for (const start = performance.now(); performance.now() - start < PATIENCE; await nextTurn()) {
      this.hear();
      const reply = this.#answers.get(unique);
      if (reply === undefined) continue;
      this.#answers.delete(unique);
      return reply;
    }
    throw new Error(`no answer to request ${unique}`);
  }

  /** Sends a request that gets no answer. */
  tell(opcode: number, node: number, payload: Uint8Array, unique = 0, uid = 0): void {
    const message = Buffer.alloc(inHeader.size + payload.length);
    inHeader.write(viewOf(message), 0, { length: message.length, opcode, unique, node, uid, gid: uid, pid: 1 });
    message.set(payload, inHeader.size);
    this.send(message);
  }

  /** Sends bytes as they are. */
  send(message: Uint8Array): void {
    writeSync(this.#fd, message);
  }

  async init(bits: readonly number[] = USUAL_OFFER, minor = 45): Promise<RecordOf<typeof initOut>> {
    const { error, body } = await this.ask(OP.INIT, 0, initRequest(bits, minor));
    if (error !== 0) throw new Error(`INIT: errno ${error}`);
    return initOut.read(viewOf(body), 0);
  }

  /** The entry, or an errno; undefined where there is no such name. */
  async lookup(parent: number, name: string): Promise<RecordOf<typeof entryOut> | number | undefined> {
    const { error, body } = await this.ask(OP.LOOKUP, parent, cString(name));
    if (error !== 0) return error;
    const entry = entryOut.read(viewOf(body), 0);
    return entry.node === 0 ? undefined : entry;
  }

  /** The node of a path; throws where there is none. */
  async walk(path: string): Promise<RecordOf<typeof entryOut>> {
    let node = 1;
    let entry: RecordOf<typeof entryOut> | undefined;
    for (const name of path.split('/')) {
      const found = await this.lookup(node, name);
      if (typeof found !== 'object') throw new Error(`${path}: ${found}`);
      entry = found;
      node = found.node;
    }
    return entry as RecordOf<typeof entryOut>;
  }

  async getattr(node: number): Promise<RecordOf<typeof attrOut> | number> {
    const { error, body } = await this.ask(OP.GETATTR, node, Buffer.alloc(16));
    return error === 0 ? attrOut.read(viewOf(body), 0) : error;
  }

  async setattr(node: number, values: Partial<RecordOf<typeof setattrIn>>): Promise<Reply> {
    return this.ask(OP.SETATTR, node, pack(setattrIn, values));
  }

  async read(node: number, offset: number, size: number): Promise<Reply> {
    return this.ask(OP.READ, node, pack(readIn, { offset, size }));
  }

  /** Returns how many bytes were taken, or a negative errno. */
  async write(node: number, offset: number, data: Uint8Array): Promise<number> {
    const head = pack(readIn, { offset, size: data.length });
    const { error, body } = await this.ask(OP.WRITE, node, Buffer.concat([head, data]));
    return error === 0 ? body.readUInt32LE(0) : -error;
  }

  async statfs(): Promise<RecordOf<typeof statfsOut>> {
    return statfsOut.read(viewOf((await this.ask(OP.STATFS, 1)).body), 0);
  }

  /** One READDIR or READDIRPLUS. */
  async list(node: number, offset: number, size: number, plus: boolean): Promise<Listed[]> {
    const { error, body } = await this.ask(plus ? OP.READDIRPLUS : OP.READDIR, node, pack(readIn, { offset, size }));
    if (error !== 0) throw new Error(`READDIR: errno ${error}`);
    return listed(body, plus);
  }

  /** All of a directory, a request after the other. */
  async listAll(node: number, size: number, plus: boolean): Promise<Listed[]> {
    const all: Listed[] = [];
    for (;;) {
      const more = await this.list(node, all.at(-1)?.next ?? 0, size, plus);
      if (more.length === 0) return all;
      all.push(...more);
    }
  }

  /** Goes away, as a kernel does when it unmounts. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#fd);
  }

  /** Takes what the server has sent. */
  hear(): void {
    for (;;) {
      let length: number;
      try {
        length = readSync(this.#fd, this.#buffer);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return;
        throw error;
      }
      if (length === 0) return;
      this.#take(Buffer.from(this.#buffer.subarray(0, length)));
    }
  }

  #take(message: Buffer): void {
    const { length, unique } = outHeader.read(viewOf(message), 0);
    if (length !== message.length) throw new Error(`a message of ${message.length} bytes says that it has ${length}`);
    const code = message.readInt32LE(outHeader.offsets.error);
    const error = code === 0 ? 0 : -code;
    const body = message.subarray(outHeader.size);
    if (unique === 0) this.notices.push({ code, body });
    else {
      if (error !== 0 && body.length > 0) throw new Error('an error with a body');
      this.#answers.set(unique, { error, body });
    }
  }
}

/** The payload of INIT, with the second word of flags where one of its bits is set. */
export function initRequest(bits: readonly number[], minor: number): Buffer {
  const flags = bits.reduce((all, bit) => all | (1n << BigInt(bit)), 0n);
  const values = { major: 7, minor, maxReadahead: 131_072, flags: Number(flags & 0xffff_ffffn) };
  return pack(initIn, { ...values, flags2: Number(flags >> 32n) });
}

type Packable = { size: number; write(view: DataView, base: number, values: object): void };

/** A record with some of its fields, the others 0. */
export function pack(struct: Packable, values: object): Buffer {
  const image = Buffer.alloc(struct.size);
  struct.write(viewOf(image), 0, values);
  return image;
}

export function cString(text: string): Buffer {
  return Buffer.from(`${text}\0`);
}

function listed(body: Buffer, plus: boolean): Listed[] {
  const all: Listed[] = [];
  for (let at = 0; at < body.length; ) {
    const entry = plus ? entryOut.read(viewOf(body), at) : undefined;
    const start = at + (plus ? entryOut.size : 0);
    const { ino, next, nameLength, type } = dirent.read(viewOf(body), start);
    const from = start + dirent.size;
    const name = body.toString('latin1', from, from + nameLength);
    all.push({ name, ino, next, type, entry: entry?.node === 0 ? undefined : entry });
    at = start + Math.ceil((dirent.size + nameLength) / 8) * 8;
  }
  return all;
}
