import { createNames } from '@proofbox/ledger';
import { capitalised, code, paragraphs, table } from '../markdown.ts';
import { textOf } from '../repository.ts';

const file = 'packages/ledger/src/redis/names.ts';

const introduction = `All names are made in [names.ts](../../${file}). All begin with the hash tag, \`{proofbox}\` by default
(\`REDIS_KEY_TAG\`), so that scripts that touch several keys are legal on Redis Cluster. A channel ends in the number of
the database.`;

/** `redis-keys.md`: every key and channel, from the file that makes their names. @throws Error for one without a comment */
export function redisKeysPage(): string {
  const comments = commentsIn(textOf(file));
  const rows = Object.entries(createNames('proofbox'))
    .filter(([name]) => !['root', 'queuePrefix', 'queueName'].includes(name))
    .map(([name, made]) => {
      const comment = comments.get(name);
      const [, type, holds] = /^([A-Z][\w, ]*): (.*)$/s.exec(comment ?? '') ?? [];
      if (holds === undefined)
        throw new Error(`${name} in ${file} has no comment of the form "Type: what it holds".`);
      return [code(patternOf(made)), type!, capitalised(holds)];
    });
  return paragraphs('# Redis keys', introduction, table(['Name', 'Type', 'What it holds'], rows));
}

/** The comment above each name, in one line. */
function commentsIn(source: string): Map<string, string> {
  const found = source.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s+(\w+)[:,]/g);
  return new Map([...found].map(([, text = '', name = '']) => [name, inOneLine(text)]));
}

function inOneLine(comment: string): string {
  return comment
    .split('\n')
    .map((line) => line.trim().replace(/^\* ?/, ''))
    .join(' ')
    .trim();
}

/** A name as it is, or with the names of what it is made of: `{proofbox}:order:<id>`. */
function patternOf(made: string | ((...parts: string[]) => string)): string {
  if (typeof made === 'string') return made;
  const [, parameters = ''] = /^\(([^)]*)\)/.exec(made.toString()) ?? [];
  return made(...[...parameters.matchAll(/(\w+)(?:\s*:\s*\w+)?/g)].map(([, name]) => `<${name}>`));
}
