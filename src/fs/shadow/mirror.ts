/** Showing what is appended to the log of a mounted file system in its mount. */
import type { LogEntry } from '../../format/entries/entryTypes.js';
import { FamfsError, type WarningCode } from '../errors.js';
import type { WriteSession } from '../pool/writeSession.js';
import { ShadowPlayer } from './player.js';

export interface Mirror {
  close(): void;
}

/**
 * Where a session is on a mount that is served from a shadow tree, each entry is played into the tree as soon as it is
 * durable. What is appended stays valid when that fails, so that is a warning, given once.
 */
export async function mirrorAppends(session: WriteSession): Promise<Mirror | undefined> {
  const { volume } = session;
  const { mount, host } = volume;
  if (mount === undefined) return undefined;
  let told = false;
  const tell = (code: WarningCode, message: string) => {
    if (!told) host.warn(code, message);
    told = true;
  };
  const { shadow, mountPoint } = mount;
  if (shadow === undefined) {
    session.onAppended = () => tell('MOUNT_STALE', `${mountPoint} shows what is made after its log is played there`);
    return undefined;
  }
  const stale = (error: unknown) => {
    if (!(error instanceof FamfsError)) throw error;
    tell('SHADOW_STALE', `${error.message}; run: famfs logplay --dev ${mountPoint} --shadow ${shadow}`);
  };
  let player: ShadowPlayer;
  try {
    player = await ShadowPlayer.attach(shadow, volume);
  } catch (error) {
    session.onAppended = () => stale(error);
    return undefined;
  }
  session.onAppended = (entry: LogEntry) => {
    try {
      player.playMore([entry]);
    } catch (error) {
      stale(error);
    }
  };
  return player;
}
