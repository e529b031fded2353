import { expect, test } from 'vitest';
import { trackOutage } from '../../src/queue/outage.ts';
import { recordedLog } from '../support/slack/recorded-log.ts';

const AWAY = 'the queue does not answer; the sweep delivers meanwhile';
const BACK = 'the queue answers again';
const REFUSED = new Error('connect ECONNREFUSED');

function meterState() {
  const log = recordedLog();
  const outage = trackOutage('redis', log);
  return { producer: outage.user(), worker: outage.user(), said: () => log.lines.map(({ message }) => message) };
}

test('one outage is said once, however often calls fail and whoever notices first', () => {
  const { producer, worker, said } = meterState();
  producer.lost(REFUSED);
  worker.lost(REFUSED);
  producer.lost(REFUSED);
  expect(said()).toEqual([AWAY]);
});

test('it lasts until the slower of the two is back: what that one still fails at begins no other', () => {
  const { producer, worker, said } = meterState();
  producer.lost(REFUSED);
  worker.lost(REFUSED);
  producer.back();
  worker.lost(REFUSED);
  expect(said()).toEqual([AWAY]);
  worker.back();
  expect(said()).toEqual([AWAY, BACK]);
});

test('the next one is said again, and being there all the time is nothing to say', () => {
  const { producer, worker, said } = meterState();
  producer.back();
  worker.back();
  expect(said()).toEqual([]);
  worker.lost(REFUSED);
  worker.back();
  producer.lost(REFUSED);
  expect(said()).toEqual([AWAY, BACK, AWAY]);
});
