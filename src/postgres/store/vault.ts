import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { err, ok, type Result } from '../../core/result.ts';

/**
 * AES-256-GCM for what is stored and must be read back. The additional data names the place a secret belongs to, so that
 * a ciphertext moved to another row, column or account does not open.
 */
export type Vault = {
  seal(plain: string, place: Place): string;
  open(sealed: string, place: Place): Result<string, 'wrong-key' | 'altered'>;
};

type Place = { readonly table: string; readonly column: string; readonly row: string; readonly account: string };

const VERSION = 'v1';

/** @param key 32 bytes. */
export function createVault(key: Buffer): Vault {
  const keyId = createHash('sha256').update(key).digest('hex').slice(0, 8);
  return {
    seal(plain, place) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(placeBytes(place));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return [VERSION, keyId, nonce.toString('base64url'), cipher.getAuthTag().toString('base64url'), body.toString('base64url')].join('.');
    },
    open(sealed, place) {
      const [version, sealedWith, nonce, tag, body] = sealed.split('.');
      if (version !== VERSION || nonce === undefined || tag === undefined || body === undefined) return err('altered');
      if (sealedWith !== keyId) return err('wrong-key');
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64url'))
          .setAAD(placeBytes(place))
          .setAuthTag(Buffer.from(tag, 'base64url'));
        return ok(Buffer.concat([decipher.update(Buffer.from(body, 'base64url')), decipher.final()]).toString('utf8'));
      } catch {
        return err('altered');
      }
    },
  };
}

function placeBytes({ table, column, row, account }: Place): Buffer {
  return Buffer.from(JSON.stringify([table, column, row, account]));
}
