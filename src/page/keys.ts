/** The keyboard. */
import type { History } from './history.js';
import type { LaneView } from './laneView.js';
import type { Store } from './state.js';

export interface KeyTargets {
  readonly store: Store;
  readonly lanes: LaneView;
  readonly history: History;
  readonly search: HTMLInputElement;
  readonly help: HTMLDialogElement;
  readonly files: number;
  zoomToFile(file: number): void;
  toggleTheme(): void;
  toggleGrey(): void;
}

const PAN = 0.2;
const ZOOM = 1.6;

export function listenForKeys(targets: KeyTargets): void {
  const { store, lanes, history, search, help } = targets;
  const step = (by: number) => {
    const { selected } = store.state;
    if (targets.files === 0) return;
    const next = selected < 0 ? (by > 0 ? 0 : targets.files - 1) : selected + by;
    store.set({ selected: Math.min(Math.max(next, 0), targets.files - 1) });
  };
  const actions: Readonly<Record<string, () => void>> = {
    '/': () => search.focus(),
    ArrowLeft: () => lanes.panBy(-PAN),
    ArrowRight: () => lanes.panBy(PAN),
    '+': () => lanes.zoomBy(ZOOM),
    '=': () => lanes.zoomBy(ZOOM),
    '-': () => lanes.zoomBy(1 / ZOOM),
    '0': () => lanes.whole(),
    '[': () => step(-1),
    ']': () => step(1),
    ',': () => history.showEntries(store.state.entries - 1),
    '.': () => history.showEntries(store.state.entries + 1),
    ' ': () => history.play(),
    Enter: () => targets.zoomToFile(store.state.selected),
    Escape: () => store.set({ selected: -1 }),
    g: targets.toggleGrey,
    t: targets.toggleTheme,
    '?': () => help.showModal(),
  };
  document.addEventListener('keydown', (event) => {
    const { target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
    if (target instanceof HTMLInputElement && (target.type === 'search' || event.key.startsWith('Arrow'))) {
      if (event.key === 'Escape') target.blur();
      return;
    }
    if (target instanceof HTMLButtonElement && (event.key === ' ' || event.key === 'Enter')) return;
    const action = actions[event.key] ?? actions[event.key.toLowerCase()];
    if (action === undefined) return;
    event.preventDefault();
    action();
  });
}
