import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { z } from 'zod';
import { Arrivals } from './arrivals.ts';
import type { Script } from './behaviour.ts';
import { WebSocketPeer } from './web-socket.ts';

export type Acknowledgement = { readonly envelopeId: string; readonly payload: unknown; readonly at: number };
export type Connection = { readonly address: string; readonly at: number };

const ackSchema = z.object({ envelope_id: z.string(), payload: z.unknown() });

/** Slack's end of Socket Mode (docs.slack.dev/apis/events-api/using-socket-mode). Each address is good for one connection. */
export class SocketMode {
  /** Every socket that got a hello. */
  readonly connections = new Arrivals<Connection>('connection', ({ address }) => address);
  readonly acks = new Arrivals<Acknowledgement>('acknowledgement', ({ envelopeId }) => envelopeId);
  readonly #open: WebSocketPeer[] = [];
  readonly #issued = new Set<string>();
  readonly #base: string;
  readonly #script: Script;

  constructor(base: string, script: Script) {
    this.#base = base;
    this.#script = script;
  }

  get openCount(): number {
    return this.#open.length;
  }

  newAddress(): string {
    const path = `/link/?ticket=${randomUUID()}`;
    this.#issued.add(path);
    return this.#base + path;
  }

  accept(request: IncomingMessage, stream: Duplex): void {
    const path = request.url ?? '';
    const behaviour = this.#script.next('link', null);
    if (!this.#issued.delete(path) || behaviour.kind === 'drop') return void stream.destroy();
    const peer = new WebSocketPeer(request, stream, {
      onText: (text) => {
        const { envelope_id: envelopeId, payload } = ackSchema.parse(JSON.parse(text));
        this.acks.push({ envelopeId, payload, at: Date.now() });
      },
      onEnd: () => {
        const index = this.#open.indexOf(peer);
        if (index >= 0) this.#open.splice(index, 1);
      },
    });
    this.#open.push(peer);
    if (behaviour.kind === 'hang') return;
    peer.send(JSON.stringify({ type: 'hello', num_connections: this.#open.length, connection_info: { app_id: 'A0FAKE' }, debug_info: {} }));
    this.connections.push({ address: this.#base + path, at: Date.now() });
  }

  /** Hands a slash command to the newest connection; returns the id to look for among the acknowledgements. */
  sendCommand(payload: Readonly<Record<string, string>>): string {
    return this.send({ type: 'slash_commands', payload, accepts_response_payload: true });
  }

  /** Hands over what was pressed or filled in, the same way. */
  sendInteraction(payload: Readonly<Record<string, unknown>>): string {
    return this.send({ type: 'interactive', payload, accepts_response_payload: true });
  }

  send(envelope: Readonly<Record<string, unknown>>): string {
    const envelopeId = randomUUID();
    const peer = this.#open.at(-1);
    if (peer === undefined) throw new Error('nobody is connected to the socket');
    peer.send(JSON.stringify({ envelope_id: envelopeId, ...envelope }));
    return envelopeId;
  }

  /** Slack's friendly warning before it ends a connection. */
  askToReconnect(): void {
    for (const peer of this.#open) peer.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested' }));
  }

  /** Ends all connections the way a broken network does. */
  close(): void {
    for (const peer of this.#open) peer.destroy();
  }
}
