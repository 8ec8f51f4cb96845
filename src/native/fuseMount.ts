/** Descriptors of FUSE, and mounting, for which Node has no calls. */
import { addon } from './addon.js';

/** A descriptor of /dev/fuse, for mountFuse. Throws DeviceError. */
export function openFuse(): number {
  return addon().openFuse();
}

/** Another descriptor of a mount, so that threads need not wait for each other. Throws DeviceError. */
export function cloneFuse(fd: number): number {
  return addon().cloneFuse(fd);
}

/** mount(2). Throws DeviceError. */
export function mountFuse(source: string, target: string, type: string, flags: number, data: string): void {
  addon().mountFuse(source, target, type, flags, data);
}

/** umount2(2). Throws DeviceError. */
export function unmount(target: string, flags: number): void {
  addon().unmount(target, flags);
}

/** Two connected descriptors, the first of which is non-blocking: either with message boundaries, or as a stream. */
export function socketPair(sequenced: boolean): [number, number] {
  return addon().socketPair(sequenced);
}

/** The descriptor that was sent over a socket; undefined if none was. */
export function receiveDescriptor(fd: number): number | undefined {
  const received = addon().receiveDescriptor(fd);
  return received < 0 ? undefined : received;
}

/** Sends one message to a datagram socket of this host. Returns false if nobody receives it. */
export function sendDatagram(path: string, text: string): boolean {
  return addon().sendDatagram(path, Buffer.from(text)) === 0;
}
