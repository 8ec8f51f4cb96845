/** The choices of the reader of the page; everything that is drawn follows from them. */
export interface State {
  /** the selected file; -1 for none */
  selected: number;
  /** file under the pointer; -1 for none */
  hovered: number;
  /** number of log entries to show */
  entries: number;
  theme: 'light' | 'dark';
  grey: boolean;
}

export type Change = Partial<State>;

/** Keeps the state, and calls its listeners at most once per frame when it has changed. */
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
