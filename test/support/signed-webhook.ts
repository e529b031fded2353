import { Webhook } from 'standardwebhooks';

/** The headers that the reference library makes for a body, as a sender with this ingest key would. */
export function signedWebhook(key: string, id: string, body: string, at = new Date()): Record<string, string> {
  const secret = `whsec_${Buffer.from(key).toString('base64')}`;
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, at, body),
  };
}
