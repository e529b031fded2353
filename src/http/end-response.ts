import type { IncomingMessage, ServerResponse } from 'node:http';

/** Long enough for an answer to be read from far away, and less than a slow sender has. */
const LINGER_MS = 2_000;

/**
 * Answers, whole. Where the body of the request is still coming nobody wants the rest: this is said to be the last answer on its
 * connection, and what comes is let go until it ends, for a moment at the most. Were it closed at once, the client would hear of a
 * broken connection in place of the answer (https://www.rfc-editor.org/rfc/rfc9112#section-9.6).
 */
export function endAnswer(response: ServerResponse, status: number, headers: Readonly<Record<string, string>>, text = ''): void {
  const { req: request } = response;
  const whole = { ...headers, 'content-length': Buffer.byteLength(text) };
  if (!isArriving(request)) return void response.writeHead(status, whole).end(text);
  response.writeHead(status, { ...whole, connection: 'close' }).flushHeaders();
  if (text !== '') response.write(text);
  const end = () => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(end, LINGER_MS);
  request.once('end', end).once('close', end).resume();
}

function isArriving({ complete, destroyed, headers }: IncomingMessage): boolean {
  return !complete && !destroyed && (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0);
}
