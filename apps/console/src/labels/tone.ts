/**
 * How something stands, apart from what it is: `good` works, `busy` is under way, `careful` needs an eye on it, `bad`
 * needs an operator, `chosen` was decided by a person, `quiet` is over.
 */
export type Tone = 'good' | 'busy' | 'careful' | 'bad' | 'chosen' | 'quiet';

/** What something is called, what that means, and how it stands. */
export type Label = { name: string; meaning: string; tone: Tone };
