/** The files of configuration of this host and user, in ascending order of precedence. */
import { isAbsolute, join } from 'node:path';
import { type Host, systemPath } from './host.js';
import { hostPath } from './hostPath.js';

/** The part of a Host that configuration depends on. */
export type ConfigHost = Pick<Host, 'env' | 'cwd' | 'memo'>;

/** reference-user: where the reference tools keep the user's; named: by FAMFS_CONFIG */
export type ConfigScope = 'system' | 'reference-user' | 'user' | 'named';

export interface ConfigPlace {
  readonly scope: ConfigScope;
  /** absolute */
  readonly path: string;
}

/** The places that exist for this host and environment, whether there is a file or not. Throws BAD_HOST_PATH. */
export function configPlaces(host: ConfigHost): ConfigPlace[] {
  const { FAMFS_CONFIG, HOME } = host.env;
  const places: ConfigPlace[] = [{ scope: 'system', path: systemPath(host, '/etc/famfs.conf') }];
  if (HOME) places.push({ scope: 'reference-user', path: hostPath(host, join(HOME, '.famfs/famfs.conf')) });
  const folder = userFolder(host);
  if (folder !== undefined) places.push({ scope: 'user', path: hostPath(host, join(folder, 'famfs/config')) });
  if (FAMFS_CONFIG) places.push({ scope: 'named', path: hostPath(host, FAMFS_CONFIG) });
  return places;
}

/** The folder of the user's configuration; the XDG base directory specification ignores a relative XDG_CONFIG_HOME. */
function userFolder({ env: { HOME, XDG_CONFIG_HOME } }: ConfigHost): string | undefined {
  if (XDG_CONFIG_HOME !== undefined && isAbsolute(XDG_CONFIG_HOME)) return XDG_CONFIG_HOME;
  return HOME ? join(HOME, '.config') : undefined;
}
