import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { inParts, postPatiently } from './batches.ts';
import { freePort } from './free-port.ts';
import { measure, type Outcome } from './outcome.ts';
import type { PretendSlack } from './pretend-slack.ts';

/** The name of the program in Debian's package. */
const PROGRAM = 'prometheus-alertmanager';
const READY_WITHIN_MS = 30_000;

/** Returns the version of the installed Alertmanager; null if there is none. */
export function alertmanagerVersion(): string | null {
  const { status, stdout, stderr } = spawnSync(PROGRAM, ['--version'], { encoding: 'utf8' });
  return status === 0 ? (/version ([\d.]+)/.exec(`${stdout}${stderr}`)?.[1] ?? 'unknown') : null;
}

/** Each alert is a group of its own, and its label says the channel. `group_wait: 0s` is Alertmanager at its fastest. */
function configuration(slackUrl: string): string {
  return `
route:
  receiver: slack
  group_by: [channel]
  group_wait: 0s
  group_interval: 5m
  repeat_interval: 4h
receivers:
  - name: slack
    slack_configs:
      - api_url: ${slackUrl}/alertmanager/hook
        channel: '{{ .CommonLabels.channel }}'
        send_resolved: false
`;
}

/** Starts Alertmanager with an empty folder, pushes all alerts and measures until their messages have arrived. */
export async function runAlertmanager(
  slack: PretendSlack,
  { alerts, perPush }: { readonly alerts: number; readonly perPush: number },
): Promise<Outcome> {
  const dir = mkdtempSync(join(tmpdir(), 'creditwatch-bench-'));
  writeFileSync(join(dir, 'alertmanager.yml'), configuration(slack.url));
  const url = `http://127.0.0.1:${String(await freePort())}`;
  const server = spawn(
    PROGRAM,
    [
      `--config.file=${dir}/alertmanager.yml`,
      `--storage.path=${dir}`,
      `--web.listen-address=${url.slice('http://'.length)}`,
      '--cluster.listen-address=',
      '--log.level=error',
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  try {
    await ready(url);
    if (server.pid === undefined) throw new Error('Alertmanager did not start');
    const push = async () => {
      const beganAt = new Map<string, number>();
      let repeated = 0;
      for (const part of inParts(alerts, perPush)) {
        const now = Date.now();
        for (const nth of part) beganAt.set(channelOf(nth), now);
        repeated += await postPatiently(`${url}/api/v2/alerts`, {}, part.map(alertOf));
      }
      return { beganAt, repeated };
    };
    return await measure({ main: [{ name: 'alertmanager', pid: server.pid, poster: 'alertmanager' }], servers: [], push }, slack, alerts);
  } finally {
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
    rmSync(dir, { recursive: true, force: true });
  }
}

function alertOf(nth: number): object {
  return {
    labels: { alertname: 'CreditsLow', meter: `meter_${String(nth)}`, severity: 'warning', channel: channelOf(nth) },
    annotations: { summary: `Meter ${String(nth)} is at 85%`, description: '850 of 1,000 credits are used in this period.' },
  };
}

function channelOf(nth: number): string {
  return `C1PEER${String(nth).padStart(6, '0')}`;
}

async function ready(url: string): Promise<void> {
  const giveUpAt = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const answered = await fetch(`${url}/-/ready`).then(
      (response) => response.ok,
      () => false,
    );
    if (answered) return;
    if (Date.now() > giveUpAt) throw new Error('Alertmanager did not become ready');
    await wait(50);
  }
}
