import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { isRoot, NOBODY } from './embedded.ts';
import { closedPort } from './ports.ts';
import { runSql } from './database.ts';

/** An authority of its own with a certificate for `127.0.0.1`, as paths of PEM files that a server's user may read. */
export function certificates(
  folder: string,
  owner: string | null,
): {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  readonly otherCa: string;
} {
  chmodSync(folder, 0o755);
  const at = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'ignore' });
  for (const name of ['ca', 'other'])
    openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '2',
      '-subj',
      `/CN=${name} of the tests`,
      '-keyout',
      at(`${name}.key`),
      '-out',
      at(`${name}.crt`),
    );
  openssl('req', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=database', '-keyout', at('server.key'), '-out', at('server.csr'));
  writeFileSync(at('names'), 'subjectAltName=IP:127.0.0.1');
  openssl(
    'x509',
    '-req',
    '-in',
    at('server.csr'),
    '-CA',
    at('ca.crt'),
    '-CAkey',
    at('ca.key'),
    '-CAcreateserial',
    '-days',
    '2',
    '-extfile',
    at('names'),
    '-out',
    at('server.crt'),
  );
  chmodSync(at('server.key'), 0o600);
  if (owner !== null) {
    const { uid, gid } = statSync(owner);
    chownSync(at('server.key'), uid, gid);
  }
  return { ca: at('ca.crt'), cert: at('server.crt'), key: at('server.key'), otherCa: at('other.crt') };
}

/** A certificate of that authority for a person or a program, with its key in the clear and under a password, as paths of PEM files. */
export function clientCertificate(
  folder: string,
  name: string,
  password: string,
): { readonly cert: string; readonly key: string; readonly lockedKey: string } {
  const at = (file: string) => join(folder, `${name}.${file}`);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'ignore' });
  openssl('req', '-newkey', 'rsa:2048', '-nodes', '-subj', `/CN=${name}`, '-keyout', at('key'), '-out', at('csr'));
  const authority = ['-CA', join(folder, 'ca.crt'), '-CAkey', join(folder, 'ca.key'), '-CAcreateserial'];
  openssl('x509', '-req', '-in', at('csr'), ...authority, '-days', '2', '-out', at('crt'));
  openssl('pkcs8', '-topk8', '-in', at('key'), '-out', at('locked'), '-passout', `pass:${password}`);
  return { cert: at('crt'), key: at('key'), lockedKey: at('locked') };
}

export const hasPgBouncer = spawnSync('pgbouncer', ['--version']).status === 0;

/** A PgBouncer before a server; ended with the test. */
export async function startPgBouncer(serverUrl: string, mode: 'transaction' | 'session'): Promise<string> {
  const server = new URL(serverUrl);
  const folder = mkdtempSync(join(tmpdir(), 'creditwatch-pgbouncer-'));
  const port = await closedPort();
  writeFileSync(
    join(folder, 'pgbouncer.ini'),
    `[databases]
* = host=${server.hostname} port=${server.port} user=${decodeURIComponent(server.username)} password=${decodeURIComponent(server.password)}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${String(port)}
auth_type = any
pool_mode = ${mode}
unix_socket_dir =
`,
  );
  chmodSync(folder, 0o755);
  const child = spawn('pgbouncer', [join(folder, 'pgbouncer.ini')], { stdio: 'ignore', cwd: folder, ...(isRoot && NOBODY) });
  onTestFinished(async () => {
    const ended = once(child, 'exit');
    if (child.exitCode === null && child.kill('SIGKILL')) await ended;
    rmSync(folder, { recursive: true, force: true });
  });
  const url = new URL(serverUrl);
  url.port = String(port);
  for (let left = 100; ; left -= 1) {
    const reached = await runSql(url.href, 'SELECT 1').then(
      () => true,
      () => false,
    );
    if (reached) return url.href;
    if (left === 0) throw new Error('pgbouncer did not start');
    await wait(50);
  }
}
