import type { Socket } from 'node:net';
import type { ProblemError } from '@proofbox/contract';
import { refusal } from './refusal.ts';

/** Answers what never became a request (bad bytes in a header, headers too large, a body that does not come), and closes. */
export function refuseConnection(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = refusalOf(error.code).toProblem();
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${problem.title}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}

function refusalOf(code: string | undefined): ProblemError {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return refusal(408, 'The request did not arrive in time. Please try again.');
  }
  if (code === 'HPE_HEADER_OVERFLOW') return refusal(431, 'The headers are too large.');
  return refusal(400, 'This is not valid HTTP: check the headers for control characters.');
}
