import { createServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { onTestFinished } from 'vitest';
import type { Mailbox } from '../../src/core/meters/mail.ts';

type StoredMail = { readonly bytes: Buffer; readonly receivedAt: Date; readonly folder?: string };

export type ImapServer = {
  readonly port: number;
  /** All commands that came, without their tags. A login is shown without its secret. */
  readonly commands: readonly string[];
  deliver(mail: StoredMail): void;
  /** What the server does from now on. */
  be(what: 'well' | 'silent' | 'closed' | 'refusing' | 'headless'): void;
  /** After so many mails, it never ends its answer to a fetch, and never stops sending it. Resolves when that begins. */
  dripAfter(fetched: number): Promise<void>;
  /** All mails get other numbers, as after a restore. */
  renumber(): void;
};

/** How a source reads the folder INBOX of such a server, without TLS. */
export function mailboxOf({ port }: ImapServer): Mailbox {
  return {
    host: '127.0.0.1',
    port,
    login: 'usage@customer.example',
    password: 'mailbox-password-1234',
    accessToken: null,
    folder: 'INBOX',
    authserv: null,
    isPlain: true,
    keyVariables: [],
  };
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * A mailbox of `usage@customer.example` with the folders INBOX and Usage, over loopback. Speaks what a reader needs of IMAP4rev1.
 *
 * @param certificate with which it speaks TLS
 */
export async function startImap({
  user = 'usage@customer.example',
  secret = 'mailbox-password-1234',
  certificate,
}: {
  readonly user?: string;
  readonly secret?: string;
  readonly certificate?: { readonly cert: string; readonly key: string };
} = {}): Promise<ImapServer> {
  const mails: (StoredMail & { uid: number })[] = [];
  const commands: string[] = [];
  let mode: Parameters<ImapServer['be']>[0] = 'well';
  let validity = 7;
  let nextUid = 1;
  const sockets = new Set<Socket>();

  let beforeDrip = Infinity;
  let onDrip = (): void => undefined;
  const server = certificate === undefined ? createServer(accept) : createTlsServer(certificate, accept);

  function accept(socket: Socket): void {
    sockets.add(socket);
    // Without this, each answer in several writes waits for an acknowledgement, which the other side delays by 40 ms.
    socket.setNoDelay(true);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    if (mode === 'closed') socket.destroy();
    if (mode !== 'closed' && mode !== 'silent') serve(socket);
  }

  function serve(socket: Socket): void {
    let folder = '';
    let pending: ((line: string) => void) | null = null;
    let rest = '';
    const say = (line: string) => void socket.write(`${line}\r\n`);
    say('* OK ready');
    socket.on('data', (chunk) => {
      rest += chunk.toString('latin1');
      for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
        const line = rest.slice(0, end);
        rest = rest.slice(end + 2);
        const waits = pending;
        pending = null;
        if (waits) waits(line);
        else run(line);
      }
    });

    function login(tag: string, given: string): void {
      if (given === secret && mode !== 'refusing') say(`${tag} OK logged in`);
      else say(`${tag} NO [AUTHENTICATIONFAILED] Invalid credentials`);
    }

    function run(line: string): void {
      const [tag = '', ...words] = line.split(' ');
      const command = words.join(' ');
      const upper = command.toUpperCase();
      commands.push(/^(LOGIN|AUTHENTICATE)/.test(upper) ? upper.split(' ').slice(0, 2).join(' ') : command);
      if (upper.startsWith('CAPABILITY')) {
        say('* CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR');
        return say(`${tag} OK done`);
      }
      if (upper.startsWith('AUTHENTICATE')) {
        const answered = (given: string) => {
          const text = Buffer.from(given, 'base64').toString('utf8');
          if (upper.includes('XOAUTH2')) {
            const isRight = text.startsWith(`user=${user}\u0001`) && mode !== 'refusing';
            return login(tag, isRight ? (text.split('\u0001')[1] ?? '').replace('auth=Bearer ', '') : '');
          }
          const [, name, password = ''] = text.split('\0');
          return login(tag, name === user ? password : '');
        };
        if (words[2] !== undefined) return answered(words[2]);
        pending = answered;
        return say('+ ');
      }
      if (upper.startsWith('LOGIN')) {
        const [, name, password = ''] = words.map((word) => word.replaceAll('"', ''));
        return login(tag, name === user ? password : '');
      }
      if (upper.startsWith('LIST') || upper.startsWith('LSUB') || upper.startsWith('NAMESPACE')) {
        const names = command.endsWith('"" ""') ? [''] : ['INBOX', 'Usage'];
        for (const name of names) say(`* LIST (\\HasNoChildren) "/" "${name}"`);
        return say(`${tag} OK done`);
      }
      if (upper.startsWith('EXAMINE') || upper.startsWith('SELECT')) {
        folder = command.split(' ').slice(1).join(' ').replaceAll('"', '');
        if (!['INBOX', 'Usage'].includes(folder)) return say(`${tag} NO [NONEXISTENT] no such folder`);
        say('* FLAGS (\\Seen)');
        say(`* ${String(here().length)} EXISTS`);
        say(`* OK [UIDVALIDITY ${String(validity)}] ok`);
        say(`* OK [UIDNEXT ${String(nextUid)}] ok`);
        return say(`${tag} OK [READ-ONLY] done`);
      }
      if (upper.startsWith('UID SEARCH')) {
        const senders = [...command.matchAll(/FROM "?([^" )]+)"?/gi)].map(([, text = '']) => text.toLowerCase());
        const since = /SINCE "?(\d{1,2})-(\w{3})-(\d{4})"?/i.exec(command);
        const from = since === null ? 0 : Date.UTC(Number(since[3]), MONTHS.indexOf(since[2] ?? ''), Number(since[1]));
        const found = here().filter(({ bytes, receivedAt }) => {
          const headers = bytes.toString('latin1').split('\r\n\r\n')[0] ?? '';
          const all = [...headers.matchAll(/^From:(.*)$/gim)].map(([, text = '']) => text.toLowerCase()).join('\n');
          return receivedAt.getTime() >= from && (senders.length === 0 || senders.some((one) => all.includes(one)));
        });
        say(`* SEARCH ${found.map(({ uid }) => uid).join(' ')}`);
        return say(`${tag} OK done`);
      }
      if (upper.startsWith('UID FETCH')) {
        const uids = new Set((words[2] ?? '').split(',').map(Number));
        const isOfHeads = upper.includes('BODY.PEEK[HEADER]');
        if (!isOfHeads && beforeDrip-- <= 0) {
          onDrip();
          socket.write('* OK ');
          const drops = setInterval(() => socket.write('.'), 5);
          return void socket.on('close', () => clearInterval(drops));
        }
        const most = Number(/<0\.(\d+)>/.exec(command)?.[1] ?? Infinity);
        for (const [index, { uid, bytes, receivedAt: at }] of here().entries()) {
          if (!uids.has(uid)) continue;
          const headEnd = bytes.indexOf('\r\n\r\n');
          const part = bytes.subarray(0, Math.min(most, isOfHeads && headEnd >= 0 ? headEnd + 4 : bytes.length));
          const two = (n: number) => String(n).padStart(2, '0');
          const date = `${two(at.getUTCDate())}-${MONTHS[at.getUTCMonth()] ?? ''}-${String(at.getUTCFullYear())} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())} +0000`;
          const section = `BODY[${isOfHeads ? 'HEADER' : ''}]<0>`;
          if (isOfHeads && mode === 'headless') {
            say(`* ${String(index + 1)} FETCH (UID ${String(uid)} INTERNALDATE "${date}")`);
            continue;
          }
          socket.write(`* ${String(index + 1)} FETCH (UID ${String(uid)} INTERNALDATE "${date}" ${section} {${String(part.length)}}\r\n`);
          socket.write(part);
          say(')');
        }
        return say(`${tag} OK done`);
      }
      if (upper.startsWith('LOGOUT')) {
        say('* BYE');
        say(`${tag} OK done`);
        return void socket.end();
      }
      say(`${tag} OK done`);
    }

    function here() {
      return mails.filter((one) => (one.folder ?? 'INBOX') === folder);
    }
  }
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    commands,
    deliver: (mail) => void mails.push({ ...mail, uid: nextUid++ }),
    be: (what) => void (mode = what),
    dripAfter: (fetched) => {
      beforeDrip = fetched;
      return new Promise((resolve) => (onDrip = resolve));
    },
    renumber: () => {
      validity += 1;
      for (const mail of mails) mail.uid = nextUid++;
    },
  };
}
