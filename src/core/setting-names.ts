/**
 * The environment variables of Creditwatch, except those of its platforms. The readers of the environment accept no other name, so none is
 * missing here.
 */
export const SETTING_NAMES = [
  'CREDITWATCH_CONFIG',
  'DATABASE_URL',
  'DATA_DIR',
  'DIRECT_DATABASE_URL',
  'ENCRYPTION_KEY',
  'ENCRYPTION_KEY_PREVIOUS',
  'HEARTBEAT_URL',
  'HOST',
  'HTTPS_PROXY',
  'HTTP_PROXY',
  'INGEST_KEY',
  'LOG_LEVEL',
  'METRICS_PORT',
  'METRICS_TOKEN',
  'NO_PROXY',
  'PORT',
  'PUBLIC_URL',
  'REDIS_URL',
  'ROLE',
  'http_proxy',
  'https_proxy',
  'no_proxy',
] as const;

export type SettingName = (typeof SETTING_NAMES)[number];
