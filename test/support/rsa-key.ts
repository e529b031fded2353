import { generateKeyPairSync, type KeyPairKeyObjectResult } from 'node:crypto';

const made = new Map<string, KeyPairKeyObjectResult>();

/** An RSA key pair of 2048 bits, the same each time for the same owner. Making one takes a tenth of a second, so all tests of a process share them. */
export function rsaKey(owner: string): KeyPairKeyObjectResult {
  const pair = made.get(owner) ?? generateKeyPairSync('rsa', { modulusLength: 2048 });
  made.set(owner, pair);
  return pair;
}
