import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findInexact } from './exact-json.ts';

const half = 'half a character stands here (a surrogate without its other half)';
const twice = 'this name stands twice in one object';

function wouldBecome(number: string, value: string): string {
  return `the number ${number} cannot be carried exactly: it would become ${value}. Send fewer digits, or a text`;
}

function nested(levels: number): string {
  return `${'{"a":['.repeat(levels / 2)}${']}'.repeat(levels / 2)}`;
}

describe('what JSON carries exactly is taken', () => {
  test.for<[string, string]>([
    ['one word', 'null'],
    ['a text', '"a"'],
    ['a number on its own', '-5.0'],
    ['blanks between everything', ' { "a" : [ 1 , 2.50 ,\t-3e2 ] ,\r\n "b" : { } } '],
    ['the same name in two objects', '{"a":{"a":1},"b":[{"a":1},{"a":2}]}'],
    ['a name that is also a value', '{"a":"b","b":"a"}'],
    ['braces, commas and numbers in a text', '{"a":"{\\"x\\":1e999,]","b":"-0"}'],
    ['a backslash at the end of a text', '{"a":"\\\\","b":"\\\\\\""}'],
    ['an emoji, as it is and as its escape', '{"🍕":"\\ud83c\\udf55","\\ud83d\\ude00":"😀"}'],
    ['control characters but NUL', '"\\u0001\\n\\u001b\\u007f"'],
    ['names that objects have by birth', '{"constructor":{"prototype":1},"toString":2,"hasOwnProperty":3}'],
    ['the text __proto__', '{"a":"__proto__"}'],
    ['32 levels', nested(32)],
  ])('%s', ([, json]) => {
    JSON.parse(json);
    expect(findInexact(json)).toBeUndefined();
  });

  test('any value that a program writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5, noUnicodeString: false }), fc.nat(3), (value, blanks) => {
        const json = JSON.stringify(value, undefined, blanks);
        fc.pre(JSON.stringify(JSON.parse(json)) === JSON.stringify(value) && !hasOddities(json));
        expect(findInexact(json)).toBeUndefined();
      }),
    );
  });
});

/** What this generator also makes, and a program should not send. */
function hasOddities(json: string): boolean {
  return /__proto__|\\u0000|\\ud[89a-f]|-0\b/.test(json);
}

describe('what a parser would change is found, where it stands and why', () => {
  test.for<[string, string, string, string]>([
    [
      'a whole number beyond 2^53',
      '{"a":[1,{"b":9007199254740993}]}',
      'a.1.b',
      wouldBecome('9007199254740993', '9007199254740992'),
    ],
    ['an infinite one', '{"a":1e400}', 'a', wouldBecome('1e400', 'Infinity')],
    ['the zero below zero', '[0,-0]', '1', wouldBecome('-0', '0')],
    ['too many decimals', '{"a":0.1000000000000000055}', 'a', wouldBecome('0.1000000000000000055', '0.1')],
    ['one on its own', '1e400', '', wouldBecome('1e400', 'Infinity')],
    [
      'a number as long as a book',
      `{"a":${'3'.repeat(60_000)}}`,
      'a',
      wouldBecome('3'.repeat(100), 'Infinity'),
    ],
    ['a name that stands twice', '{"a":{"b":1,"c":2,"b":1}}', 'a.b', twice],
    ['the same in another spelling', '{"a":1,"\\u0061":2}', 'a', twice],
    ['an empty name that stands twice', '{"":1,"":2}', '', twice],
    ['__proto__', '{"a":[{"__proto__":{"x":1}}]}', 'a.0.__proto__', 'a field of this name is not taken'],
    [
      '__proto__ in another spelling',
      '{"\\u005f_proto__":1}',
      '__proto__',
      'a field of this name is not taken',
    ],
    ['half a character', '{"a":"x\\ud800"}', 'a', half],
    ['its other half alone', '{"a":["\\udf55\\ud83c"]}', 'a.0', half],
    ['half a character in a name', '{"\\uDBFF":1}', '\uFFFD', half],
    ['half a character that is no escape', '{"a":"\ud83c"}', 'a', half],
    ['NUL', '{"a":"x\\u0000"}', 'a', 'the character NUL stands here'],
    ['NUL in a name', '{"\\u0000":1}', '\0', 'the character NUL stands here'],
    ['33 levels', `[${nested(32)}]`, `0${'.a.0'.repeat(15)}.a`, 'it is nested deeper than 32 levels'],
  ])('%s', ([, json, path, message]) => {
    JSON.parse(json);
    expect(findInexact(json)).toEqual({ path, message });
  });

  test('a path of any length is told in part, and no character of it in half', () => {
    const { path } = findInexact(`{"${'🍕'.repeat(10_000)}":1e400}`)!;
    expect(path).toBe('🍕'.repeat(100));
  });

  test('at any place of any value', () => {
    const mark = 'here stands a fault';
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 4 }),
        fc.constantFrom(
          '1e400',
          '-0',
          '9007199254740993',
          '"\\ud800"',
          '"\\u0000"',
          '{"a":1,"a":1}',
          '{"__proto__":1}',
        ),
        fc.array(fc.oneof(fc.constant('list'), fc.stringMatching(/^[a-z]{1,5}$/)), { maxLength: 8 }),
        (value, fault, around) => {
          const whole = around.reduce<unknown>(
            (inner, name) => (name === 'list' ? [value, inner] : { [name]: inner, [`${name}-`]: value }),
            mark,
          );
          const json = JSON.stringify(whole).replace(`"${mark}"`, fault);
          fc.pre(!hasOddities(json.replace(fault, '')));
          const path = around.toReversed().map((name) => (name === 'list' ? '1' : name));
          expect(`${findInexact(json)?.path}.`).toMatch(new RegExp(`^${path.join('\\.')}`));
        },
      ),
    );
  });
});
