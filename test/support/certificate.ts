import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ON_A_CURVE = ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];

/** A self-signed certificate of two days and its key, in PEM. `hosts`: the hosts that it is valid for. */
export function selfSigned({
  kind = 'rsa',
  name = 'creditwatch',
  hosts,
}: { readonly kind?: 'rsa' | 'curve'; readonly name?: string; readonly hosts?: string } = {}): {
  readonly cert: string;
  readonly key: string;
} {
  const folder = mkdtempSync(join(tmpdir(), 'creditwatch-certificate-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', `/CN=${name}`, ...(hosts === undefined ? [] : ['-addext', `subjectAltName=DNS:${hosts}`])];
  const made = ['-newkey', ...(kind === 'rsa' ? ['rsa:2048'] : ON_A_CURVE), '-nodes', '-days', '2'];
  try {
    execFileSync('openssl', ['req', '-x509', ...made, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' });
    return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
