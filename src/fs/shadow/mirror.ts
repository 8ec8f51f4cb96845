/** Shows in a mount what is appended to its log. */
import type { LogEntry } from '../../format/entries/entryTypes.js';
import { FamfsError, type WarningCode } from '../errors.js';
import type { WriteSession } from '../pool/writeSession.js';
import { ShadowPlayer } from './player.js';

export interface Mirror {
  close(): void;
}

/**
 * Plays each entry of a session into the shadow tree from which its mount is served, as soon as the entry is durable. If that
 * fails, the appended entries are still valid, so the failure is only a warning, printed once.
 */
export async function mirrorAppends(session: WriteSession): Promise<Mirror | undefined> {
  const { volume } = session;
  const { mount, host } = volume;
  if (mount === undefined) return undefined;
  let warned = false;
  const warnOnce = (code: WarningCode, message: string) => {
    if (!warned) host.warn(code, message);
    warned = true;
  };
  const { shadow, mountPoint } = mount;
  if (shadow === undefined) {
    session.onAppended = () => warnOnce('MOUNT_STALE', `${mountPoint} shows the new entries once its log is played`);
    return undefined;
  }
  const stale = (error: unknown) => {
    if (!(error instanceof FamfsError)) throw error;
    warnOnce('SHADOW_STALE', `${error.message}; run: famfs logplay --dev ${mountPoint} --shadow ${shadow}`);
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
