import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { CommandFailure } from '../session/command-failure.ts';
import { createApiClient, type ApiClient } from './api-client.ts';

const token = 'pbx_geheim';
const reply = z.object({ n: z.number() });

/** A client of a server that answers like this. */
async function clientOf(answer: RequestListener, timeoutMs?: number) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = createApiClient({ url, token, ...(timeoutMs !== undefined && { timeoutMs }) });
  return {
    client,
    url,
    [Symbol.dispose]: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function failureOf(asked: Promise<unknown>): Promise<CommandFailure> {
  const error: unknown = await asked.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof CommandFailure)) throw new Error('expected a CommandFailure', { cause: error });
  expect(error.message).not.toContain('geheim');
  return error;
}

function problem(status: number, message: string): RequestListener {
  const body = { type: 'about:blank', title: 'x', status, detail: message, message };
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(body));
  };
}

test('the token goes with each request, and what comes back is parsed', async () => {
  using api = await clientOf((request, response) => {
    const isOurs = request.headers.authorization === `Bearer ${token}`;
    response.end(JSON.stringify({ n: isOurs ? 1 : 0, url: request.url }));
  });
  expect(await api.client.get('/x', reply)).toEqual({ n: 1 });
  const echo = z.object({ url: z.string() });
  const query = { state: ['dead', 'held'], text: 'a&b', cursor: undefined };
  expect(await api.client.get('/x', echo, query)).toEqual({ url: '/x?state=dead%2Cheld&text=a%26b' });
});

test.each([
  [400, 2, 'bad cursor'],
  [401, 4, 'PROOFBOX_TOKEN'],
  [403, 4, 'whoami'],
  [404, 1, 'no such order'],
  [409, 1, 'somebody was faster'],
  [429, 4, 'Try again in 9 s'],
  [500, 1, 'Internal Server Error'],
  [503, 3, 'Redis does not answer'],
])('status %d ends the command with %d, and what the API said is told', async (status, exitCode, said) => {
  using api = await clientOf(problem(status, `${said}\u001b[2J`));
  const failure = await failureOf(api.client.get('/x', reply));
  expect(failure).toMatchObject({ exitCode, status });
  expect(failure.message).toContain(said);
  expect(failure.message).not.toContain('\u001b');
});

const strangers: [string, RequestListener][] = [
  ['a page', (_request, response) => void response.end('<html>')],
  ['JSON of another kind', (_request, response) => void response.end('{"n":"one"}')],
  ['an error that is a page', (_request, response) => void response.writeHead(502).end('Bad Gateway')],
  ['another server of Proofbox', problem(404, 'There is nothing at GET /x.')],
];
test.each(strangers)('%s is not the admin API', async (_what, answer) => {
  using api = await clientOf(answer);
  const failure = await failureOf(api.client.get('/x', reply));
  expect(failure).toMatchObject({ exitCode: 1 });
  expect(failure.message).toContain(`${api.url} is not the admin API`);
});

test('a redirect is not followed: the token is for this address only', async () => {
  let followed = 0;
  using other = await clientOf((_request, response) => {
    followed += 1;
    response.end('{"n":1}');
  });
  using api = await clientOf(
    (_request, response) => void response.writeHead(302, { location: other.url }).end(),
  );
  expect((await failureOf(api.client.get('/x', reply))).message).toContain('status 302');
  expect(followed).toBe(0);
});

test('an address where nobody listens ends it with 3, and the address is told', async () => {
  let url: string;
  {
    using gone = await clientOf(() => {});
    url = gone.url;
  }
  const failure = await failureOf(createApiClient({ url, token }).post('/x', reply, {}));
  expect(failure).toMatchObject({ exitCode: 3 });
  expect(failure.message).toMatch(
    new RegExp(`${url} cannot be reached \\(connection refused\\).*PROOFBOX_URL`),
  );
});

const silences: [string, RequestListener][] = [
  ['never answers', () => {}],
  ['stops in the middle', (_request, response) => void response.write('{"n"')],
];
test.each(silences)('an API that %s ends it with 3 after the time-out', async (_what, answer) => {
  using api = await clientOf(answer, 200);
  const failure = await failureOf(api.client.get('/x', reply));
  expect(failure).toMatchObject({ exitCode: 3 });
  expect(failure.message).toContain('no answer within 0.2 s');
});

test('a change whose reply got lost may have been done, and that is said', async () => {
  using api = await clientOf((request) => request.socket.destroy());
  const change = await failureOf(api.client.post('/x', reply, {}));
  expect(change).toMatchObject({ exitCode: 3 });
  expect(change.message).toContain('may have made the change');
  expect((await failureOf(api.client.get('/x', reply))).message).not.toContain('may have made the change');
});

async function textOf(client: ApiClient): Promise<string> {
  let text = '';
  for await (const piece of client.stream('/x')) text += piece;
  return text;
}

test('a stream comes piece by piece, and one that breaks off is a failure', async () => {
  using whole = await clientOf((_request, response) => void response.end('pizza 🍕\n'.repeat(50_000)));
  expect(await textOf(whole.client)).toHaveLength('pizza 🍕\n'.length * 50_000);
  using broken = await clientOf((_request, response) => {
    response.write('one\n', () => setTimeout(() => response.socket?.destroy(), 50));
  });
  expect(await failureOf(textOf(broken.client))).toMatchObject({ exitCode: 3 });
});
