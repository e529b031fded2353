import { Client } from 'pg';
import { connectionOptions } from '../../outbound/database-connection.ts';

const CONNECT_TIMEOUT_MS = 10_000;

/** Overrides settings of the role or the server: timeouts that would end a long copy, and the text form of values. */
const SETTINGS = {
  statement_timeout: '0',
  idle_in_transaction_session_timeout: '0',
  client_encoding: 'UTF8',
  TimeZone: 'UTC',
  DateStyle: 'ISO, YMD',
  IntervalStyle: 'postgres',
  extra_float_digits: '1',
  bytea_output: 'hex',
} as const;

/** Opens a connection for a backup or a restore that writes and reads values in one text form. The caller ends it. */
export async function openSession(url: string): Promise<Client> {
  const client = new Client({ ...connectionOptions(url), connectionTimeoutMillis: CONNECT_TIMEOUT_MS, keepAlive: true });
  client.on('error', () => {});
  try {
    await client.connect();
    for (const [name, value] of Object.entries(SETTINGS)) await client.query('SELECT set_config($1, $2, false)', [name, value]);
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
}
