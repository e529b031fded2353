import { expect, test } from 'vitest';
import { trackOutage } from '../../src/queue/outage.ts';
import { recordedLog } from '../support/slack/recorded-log.ts';

const AWAY = 'queue unavailable; the sweep delivers meanwhile';
const BACK = 'queue available again';
const REFUSED = new Error('connect ECONNREFUSED');

function meterState() {
  const log = recordedLog();
  const outage = trackOutage('redis', log);
  return { producer: outage.user(), worker: outage.user(), said: () => log.lines.map(({ message }) => message) };
}

test('one outage is logged once, however many calls fail and whichever user notices first', () => {
  const { producer, worker, said } = meterState();
  producer.lost(REFUSED);
  worker.lost(REFUSED);
  producer.lost(REFUSED);
  expect(said()).toEqual([AWAY]);
});

test('an outage lasts until the slower user is back; its later failures start no new outage', () => {
  const { producer, worker, said } = meterState();
  producer.lost(REFUSED);
  worker.lost(REFUSED);
  producer.back();
  worker.lost(REFUSED);
  expect(said()).toEqual([AWAY]);
  worker.back();
  expect(said()).toEqual([AWAY, BACK]);
});

test('the next outage is logged again, and success without an outage logs nothing', () => {
  const { producer, worker, said } = meterState();
  producer.back();
  worker.back();
  expect(said()).toEqual([]);
  worker.lost(REFUSED);
  worker.back();
  producer.lost(REFUSED);
  expect(said()).toEqual([AWAY, BACK, AWAY]);
});
