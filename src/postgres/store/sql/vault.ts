import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { err, ok, type Result } from '../../../core/result.ts';
import type { EncryptionKeys } from '../../../ports/stores/encryption-store.ts';

/**
 * AES-256-GCM for stored secrets. The additional data names the place of a secret, so a ciphertext that is moved to another row,
 * column or account does not decrypt.
 */
export type Vault = {
  seal(plain: string, place: Place): string;
  open(sealed: string, place: Place): Result<string, 'wrong-key' | 'altered'>;
  /** Whether the value says that the current key encrypted it. */
  isCurrent(sealed: string): boolean;
};

export type Place = { readonly table: string; readonly column: string; readonly row: string; readonly account: string };

const VERSION = 'v1';

/** @param keys called for each operation, because keys may change while the process runs */
export function createVault(keys: () => EncryptionKeys): Vault {
  return {
    seal(plain, place) {
      const { current: key } = keys();
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(placeBytes(place));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return [VERSION, keyId(key), nonce.toString('base64url'), cipher.getAuthTag().toString('base64url'), body.toString('base64url')].join(
        '.',
      );
    },
    open(sealed, place) {
      const [version, sealedWith, nonce, tag, body] = sealed.split('.');
      if (version !== VERSION || nonce === undefined || tag === undefined || body === undefined) return err('altered');
      const { current, previous } = keys();
      const key = [current, previous].find((one) => one !== null && keyId(one) === sealedWith);
      if (!key) return err('wrong-key');
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64url'))
          .setAAD(placeBytes(place))
          .setAuthTag(Buffer.from(tag, 'base64url'));
        return ok(Buffer.concat([decipher.update(Buffer.from(body, 'base64url')), decipher.final()]).toString('utf8'));
      } catch {
        return err('altered');
      }
    },
    isCurrent: (sealed) => sealed.split('.')[1] === keyId(keys().current),
  };
}

/** Identifies a key by the first digits of its hash, which do not reveal the key. */
export function keyId(key: Buffer): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 8);
}

function placeBytes({ table, column, row, account }: Place): Buffer {
  return Buffer.from(JSON.stringify([table, column, row, account]));
}
