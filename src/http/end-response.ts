import type { IncomingMessage, ServerResponse } from 'node:http';

/** Long enough for a distant client to read the answer, and less than the time limit of a slow sender. */
const LINGER_MS = 2_000;

/**
 * Sends a complete answer. If the request's body is still arriving, announces that the connection ends, and discards the rest for a
 * short time. Closing at once would show the client a broken connection in place of the answer
 * (https://www.rfc-editor.org/rfc/rfc9112#section-9.6).
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
