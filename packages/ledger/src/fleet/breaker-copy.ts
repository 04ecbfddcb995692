import type { BreakerChange, BreakerState } from '@proofbox/factory/breaker';

/**
 * One breaker as this process sees it: as Redis has it, as far as is known here, with those own changes on top that
 * are still on their way there. When Redis turns out to have another state they are made to that one.
 */
export class BreakerCopy {
  #confirmed: BreakerState;
  readonly #underWay: BreakerChange[] = [];
  readonly #onChange: () => void;
  #view: BreakerState;

  constructor(state: BreakerState, onChange: () => void) {
    this.#confirmed = state;
    this.#view = state;
    this.#onChange = onChange;
  }

  get view(): BreakerState {
    return this.#view;
  }

  get confirmed(): BreakerState {
    return this.#confirmed;
  }

  begin(change: BreakerChange): void {
    this.#underWay.push(change);
    this.#look();
  }

  /** The change is in `state` now, or was not needed, or cannot be made (then without a state). */
  end(change: BreakerChange, state = this.#confirmed): void {
    this.#underWay.splice(this.#underWay.indexOf(change), 1);
    // Another process may have changed it again since, and its message may have come sooner.
    if (state.version > this.#confirmed.version) this.#confirmed = state;
    this.#look();
  }

  confirm(state: BreakerState): void {
    this.#confirmed = state;
    this.#look();
  }

  #look(): void {
    const before = JSON.stringify(this.#view);
    this.#view = this.#underWay.reduce((state, change) => change(state) ?? state, this.#confirmed);
    if (JSON.stringify(this.#view) !== before) this.#onChange();
  }
}
