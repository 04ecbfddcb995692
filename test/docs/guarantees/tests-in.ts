import { parseSync } from 'vite';

/** A test, or a group of tests, as it stands in its file. `title`: after those of the groups around it. */
export type TestInFile = { title: string; start: number };

type Node = {
  type?: string;
  start?: number;
  name?: string;
  callee?: Node;
  object?: Node;
  value?: unknown;
  expressions?: unknown[];
  quasis?: { value: { cooked: string } }[];
  arguments?: Node[];
};

/** Every `test` and `describe` of a file, also those of `test.for(…)` and the like. */
export function testsIn(file: string, source: string): TestInFile[] {
  const found: TestInFile[] = [];
  function visit(node: unknown, above: string): void {
    if (typeof node !== 'object' || node === null) return;
    const title = titleOf(node);
    const whole = title === undefined ? above : `${above} ${title}`.trim();
    if (title !== undefined) found.push({ title: whole, start: (node as Node).start ?? 0 });
    for (const child of Object.values(node)) visit(child, whole);
  }
  visit(parseSync(file, source).program.body, '');
  return found;
}

function titleOf({ type, callee, arguments: [first] = [] }: Node): string | undefined {
  if (type !== 'CallExpression' || !['test', 'describe'].includes(nameOf(callee) ?? '')) return undefined;
  if (typeof first?.value === 'string') return first.value;
  return first?.type === 'TemplateLiteral' && first.expressions?.length === 0
    ? first.quasis?.[0]?.value.cooked
    : undefined;
}

/** `test` of `test`, `test.skip` and `test.for([])`. */
function nameOf(callee: Node | undefined): string | undefined {
  return callee === undefined ? undefined : (callee.name ?? nameOf(callee.object ?? callee.callee));
}
