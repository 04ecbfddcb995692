import { globSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readLua } from './define-script.ts';

const sources = path.join(import.meta.dirname, '..');
const files = globSync('**/*.lua', { cwd: sources });

/** Without comments and texts. */
function codeOf(lua: string): string {
  return lua.replaceAll(/--[^\n]*|'[^'\n]*'|"[^"\n]*"/g, ' ');
}

const declarations = [
  /^local (?:function )?([\w, ]+)/gm,
  /\b(?:local|for) ([\w, ]+)/g,
  /function[^(\n]*\(([^)]*)\)/g,
];
const [atTopLevel] = declarations;

function namesIn(code: string, patterns: RegExp[]): string[] {
  return patterns.flatMap((each) =>
    [...code.matchAll(each)].flatMap(([, names]) => names!.match(/\w+/g) ?? []),
  );
}

/** What files can use of another one that they include. */
const shared = new Set(
  files.flatMap((file) => namesIn(codeOf(readFileSync(path.join(sources, file), 'utf8')), [atTopLevel!])),
);

// Redis notices a name that is missing only when it comes to that line.
test.each(files)('%s includes all that it uses', (file) => {
  const code = codeOf(readLua(pathToFileURL(path.join(sources, file))));
  const declared = new Set(namesIn(code, declarations));
  const used = code.match(/(?<![.:\w])[a-z_]\w*\b(?!\s*=[^=])/g) ?? [];
  expect([...new Set(used)].filter((name) => shared.has(name) && !declared.has(name))).toEqual([]);
});

test('what several of its files include stands in a script once, before those that use it', () => {
  const lua = readLua(pathToFileURL(path.join(sources, 'orders/scripts/settle.lua')));
  expect(lua.match(/^local function redis_now/gm)).toHaveLength(1);
  expect(lua.indexOf('local function redis_now')).toBeLessThan(lua.indexOf('redis_now()'));
});
