import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { given } from './environment.ts';

/** A factory that bakes at once: it signs each order with the algorithm `ALG` and answers. `GET /count`: how many so far. */
const alg = given('ALG');
const { publicKey, privateKey } =
  alg === 'EdDSA' ? generateKeyPairSync('ed25519') : generateKeyPairSync('rsa', { modulusLength: 2_048 });
const kid = 'bench';
const keys = JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid }] });
const vendor = { id: 'bench', name: 'Bench' };
const head = encoded({ alg, kid });
let baked = 0;

function encoded(content: object): string {
  return Buffer.from(JSON.stringify(content)).toString('base64url');
}

function receiptFor({ diner, order }: { diner: unknown; order: unknown }): string {
  const text = `${head}.${encoded({ vendor, diner, order })}`;
  const signature = sign(alg === 'EdDSA' ? null : 'sha256', Buffer.from(text), privateKey);
  return `${text}.${signature.toString('base64url')}`;
}

async function answerTo(request: IncomingMessage): Promise<string> {
  if (request.url?.endsWith('jwks.json')) return keys;
  if (request.url === '/count') return JSON.stringify({ baked });
  if (request.method !== 'POST') return '{}';
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const jwt = receiptFor(JSON.parse(Buffer.concat(pieces).toString()) as { diner: unknown; order: unknown });
  baked += 1;
  return JSON.stringify({ jwt, reportUrl: 'http://127.0.0.1/report' });
}

createServer((request, reply) => {
  void answerTo(request).then((body) => reply.setHeader('Content-Type', 'application/json').end(body));
}).listen(Number(given('PORT')), '127.0.0.1');
