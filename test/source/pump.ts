/** What stands in a pattern's text behind a backslash, as a character that it matches. */
const examples: Record<string, string> = {
  d: '0',
  s: ' ',
  w: 'a',
  S: 'a',
  D: 'a',
  W: '-',
  b: 'a',
  n: '\n',
  t: '\t',
};

/** Characters that a pattern may look for, and some that it may not. */
function alphabetOf(pattern: string): string[] {
  const own = pattern.replaceAll(/\\(.)/g, (_escape, character: string) => examples[character] ?? character);
  return [...new Set([...own.replaceAll(/[()[\]{}?*+|^$]/g, ''), ...'a0 "\\\n'])];
}

/** Short texts of these characters: repeated, they make up what an attacker sends. */
function unitsOf(alphabet: string[], count: number): string[] {
  const pairs = alphabet.flatMap((one) => alphabet.map((other) => one + other));
  let seed = 1;
  const draw = (): string => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return alphabet[Math.floor((seed / 0x8000_0000) * alphabet.length)]!;
  };
  const longer = Array.from({ length: count }, () => draw() + draw() + draw());
  return [...alphabet, ...pairs, ...longer];
}

/** How long it takes to find all that a pattern finds in a text, in ms; the best of so many tries. */
function costOf(pattern: RegExp, text: string, tries: number): number {
  return Math.min(
    ...Array.from({ length: tries }, () => {
      // Not the processor's time of this thread: some kernels count it in ticks of 4 ms.
      const before = performance.now();
      text.replace(pattern, '');
      return performance.now() - before;
    }),
  );
}

/** In small steps at first: a pattern that tries all combinations would not come to an end with some more characters. */
const lengths = [
  ...Array.from({ length: 10 }, (_each, step) => Math.round(24 * 1.25 ** step)),
  400,
  1_000,
  4_000,
];
/** In ms. A pattern that takes linear time is through with the longest of them before that, or not much later. */
const noticeable = 2;
/** For four times the text. It would be 4 for linear time, and is 16 for its square. */
const mostGrowth = 8;

/**
 * The first text, if any, whose repetition takes more than linear time. It also finds what no look at one match can: a
 * global pattern that looks far ahead of each of its many matches.
 */
export function pumpOf({ pattern, flags }: { pattern: string; flags: string }): string | undefined {
  const compiled = new RegExp(pattern, flags);
  return unitsOf(alphabetOf(pattern), 200).find((unit) => {
    const costFor = (length: number, tries: number): number =>
      costOf(compiled, `${unit.repeat(Math.ceil(length / unit.length))}\0`, tries);
    // The first try may pay for the pattern's own compilation.
    const noticed = lengths.find(
      (length) => costFor(length, 1) >= noticeable && costFor(length, 5) >= noticeable,
    );
    if (noticed === undefined) return false;
    return noticed < 1_000 || costFor(4 * noticed, 5) / costFor(noticed, 5) > mostGrowth;
  });
}
