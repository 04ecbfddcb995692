import { parseSync } from 'vite';

/** The regular expressions that stand in a source, and how many are put together of parts when it runs. */
export type Patterns = { literals: { pattern: string; flags: string }[]; madeOfParts: number };

type Node = { type?: string; regex?: { pattern: string; flags: string }; callee?: { name?: string } };

/** @param file its name, whose ending says which language it is */
export function patternsIn(file: string, source: string): Patterns {
  const found: Patterns = { literals: [], madeOfParts: 0 };
  const left: unknown[] = [parseSync(file, source).program];
  while (left.length > 0) {
    const node = left.pop();
    if (typeof node !== 'object' || node === null) continue;
    const { regex, callee } = node as Node;
    if (regex) found.literals.push(regex);
    else if (callee?.name === 'RegExp') found.madeOfParts += 1;
    left.push(...Object.values(node));
  }
  return found;
}
