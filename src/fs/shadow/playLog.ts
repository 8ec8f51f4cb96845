/** Plays the log of a volume into a shadow tree, and keeps the tree up to date. */
import type { LogEntry } from '../../format/entries/entryTypes.js';
import type { ReplayedEntry } from '../log/replay.js';
import { type FollowOptions, follow } from '../pool/follow.js';
import type { Volume } from '../pool/volume.js';
import { eachApplied } from './applied.js';
import { ShadowPlayer, type ShadowPlayOptions } from './player.js';

/**
 * Plays the whole log into the tree in `dir`, and warns of folders whose owner only root could set. The caller closes the player.
 * Throws what ShadowPlayer.open and play throw.
 */
export async function playLog(dir: string, volume: Volume, options: ShadowPlayOptions): Promise<ShadowPlayer> {
  const player = await ShadowPlayer.open(dir, volume, options);
  try {
    eachApplied(volume, (entry) => player.play(entry));
    player.finish();
  } catch (error) {
    player.close();
    throw error;
  }
  const { wrongOwners } = player.counts;
  if (wrongOwners > 0)
    volume.host.warn('SHADOW_OWNER', `${wrongOwners} folders keep the wrong owner, which only root can set`);
  return player;
}

/** Plays entries as they are appended, and yields them, until the signal is aborted. Throws what follow and play throw. */
export async function* playAppended(
  player: ShadowPlayer,
  volume: Volume,
  options: FollowOptions,
): AsyncGenerator<readonly ReplayedEntry[]> {
  for await (const more of follow(volume, options)) {
    player.playMore(more.flatMap(appliedEntry));
    yield more;
  }
}

function appliedEntry({ entry, applied }: ReplayedEntry): LogEntry[] {
  return applied && entry !== undefined ? [entry] : [];
}
