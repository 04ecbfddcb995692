import type { FactoryVerdict } from '@proofbox/contract';
import type { VerdictChange } from './verdict-changes.ts';

/**
 * One factory's verdict as this process sees it: as Redis has it, as far as is known here, with those own changes on
 * top that are still on their way there. When Redis turns out to have another verdict they are made to that one.
 */
export class VerdictCopy {
  #confirmed: FactoryVerdict;
  readonly #underWay: VerdictChange[] = [];
  readonly #onChange: () => void;
  #view: FactoryVerdict;

  constructor(verdict: FactoryVerdict, onChange: () => void) {
    this.#confirmed = verdict;
    this.#view = verdict;
    this.#onChange = onChange;
  }

  get view(): FactoryVerdict {
    return this.#view;
  }

  get confirmed(): FactoryVerdict {
    return this.#confirmed;
  }

  begin(change: VerdictChange): void {
    this.#underWay.push(change);
    this.#look();
  }

  /** The change is in `verdict` now, or was not needed, or cannot be made (then without a verdict). */
  end(change: VerdictChange, verdict = this.#confirmed): void {
    this.#underWay.splice(this.#underWay.indexOf(change), 1);
    // Somebody may have changed it again since, and been heard of sooner.
    if (verdict.version > this.#confirmed.version) this.#confirmed = verdict;
    this.#look();
  }

  confirm(verdict: FactoryVerdict): void {
    this.#confirmed = verdict;
    this.#look();
  }

  #look(): void {
    const before = JSON.stringify(this.#view);
    this.#view = this.#underWay.reduce((verdict, change) => change(verdict) ?? verdict, this.#confirmed);
    if (JSON.stringify(this.#view) !== before) this.#onChange();
  }
}
