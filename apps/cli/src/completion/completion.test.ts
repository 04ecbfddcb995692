import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { createProgram } from '../program.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { bashCompletion } from './bash.ts';
import { commandTree } from './command-tree.ts';
import { fishCompletion } from './fish.ts';
import { zshCompletion } from './zsh.ts';

const terminal: Terminal = {
  out: () => {},
  err: () => {},
  drained: async () => {},
  width: undefined,
  hasColours: false,
  screen: undefined,
  ask: undefined,
  onInterrupt: () => ({ [Symbol.dispose]: () => {} }),
};
const tree = commandTree(await createProgram({ environment: {}, terminal, now: 0 }));

/** What bash offers after these words, the last of which is being typed. */
function offered(...words: string[]): string[] {
  const line = words.map((word) => `'${word}'`).join(' ');
  const script = `${bashCompletion(tree)}
COMP_WORDS=(${line}); COMP_CWORD=${words.length - 1}; _proofbox; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr, status } = spawnSync('bash', ['--norc', '-u', '-c', script], { encoding: 'utf8' });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  return stdout.split('\n').filter((each) => each !== '');
}

describe('bash', () => {
  test.each<[string[], string[]]>([
    [['proofbox', 'd'], ['dead']],
    [
      ['proofbox', 'dead', 're'],
      ['reveal', 'replay'],
    ],
    [['proofbox', 'dead', 'list', '--o'], ['--oldest']],
    [
      ['proofbox', 'dead', 'list', '--reason', 'ex'],
      ['exhausted', 'expired'],
    ],
    [['proofbox', 'dead', 'list', '--store', ''], []],
    [['proofbox', 'dead', 'replay', 'pb-1', '--dry'], ['--dry-run']],
    [['proofbox', 'factory', 'auto', 'p'], ['primary']],
    [['proofbox', 'token', 'new', '--role', 'op'], ['operator']],
    [['proofbox', 'completion', 'z'], ['zsh']],
  ])('after %j it offers %j', (words, offers) => expect(offered(...words)).toEqual(offers));
});

test('every command is known to every shell', () => {
  for (const script of [bashCompletion(tree), zshCompletion(tree), fishCompletion(tree)]) {
    for (const { path } of tree) expect(script).toContain(path);
    for (const { options } of tree)
      for (const { flags } of options) expect(script).toContain(flags.at(-1)!.replace(/^--/, ''));
  }
});

const otherShells = [
  ['zsh', zshCompletion(tree)],
  ['fish', fishCompletion(tree)],
] as const;
describe.each(otherShells)('%s', (shell, script) => {
  const isInstalled = spawnSync(shell, ['--version']).error === undefined;
  test.skipIf(!isInstalled)('can read its script', () => {
    const { stderr, status } = spawnSync(shell, ['-n'], { input: script, encoding: 'utf8' });
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  });
});
