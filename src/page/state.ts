/** What the reader of the page has chosen; everything that is drawn follows from it. */
export interface State {
  /** file that is selected; -1 for none */
  selected: number;
  /** file under the pointer; -1 for none */
  hovered: number;
  /** how many log entries are shown */
  entries: number;
  theme: 'light' | 'dark';
  grey: boolean;
}

export type Change = Partial<State>;

/** Keeps the state, and calls all who want to know when it has changed, once a frame. */
export class Store {
  readonly #listeners: ((state: State, changed: ReadonlySet<keyof State>) => void)[] = [];
  readonly #changed = new Set<keyof State>();
  #waiting = false;

  constructor(readonly state: State) {}

  onChange(listener: (state: State, changed: ReadonlySet<keyof State>) => void): void {
    this.#listeners.push(listener);
  }

  set(change: Change): void {
    for (const key of Object.keys(change) as (keyof State)[]) {
      if (this.state[key] === change[key]) continue;
      this.#changed.add(key);
    }
    Object.assign(this.state, change);
    if (this.#changed.size === 0 || this.#waiting) return;
    this.#waiting = true;
    requestAnimationFrame(() => {
      const changed = new Set(this.#changed);
      this.#changed.clear();
      this.#waiting = false;
      for (const listener of this.#listeners) listener(this.state, changed);
    });
  }
}
