import type { Host } from '../../fs/host/host.js';
import { daxNodes } from '../../fs/host/openDevice.js';
import { namedOrConfigured } from '../../fs/pool/locate.js';
import { tagsOf } from '../../fs/pool/tags.js';

/** The dax devices of this host. */
export function daxdevsHere(host: Host): string[] {
  return daxNodes(host);
}

/** LABEL= and UUID= of the file systems that --dev finds by them; none if `current` can be neither. */
export function tagsHere(host: Host, current: string): string[] {
  const kind = ['LABEL=', 'UUID='].some((tag) => tag.startsWith(current) || current.startsWith(tag));
  return kind ? tagsOf(host, namedOrConfigured(host, []).paths) : [];
}
