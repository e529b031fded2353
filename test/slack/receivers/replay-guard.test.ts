import { describe, expect, it } from 'vitest';
import { ReplayGuard } from '../../../src/slack/receivers/replay-guard.ts';

const at = (seconds: number) => new Date(seconds * 1000);

describe('the replay guard', () => {
  it('admits a signature once until it expires', () => {
    const guard = new ReplayGuard();
    expect(guard.admit('v0=a', at(300), at(0))).toBe(true);
    expect(guard.admit('v0=a', at(300), at(0))).toBe(false);
    expect(guard.admit('v0=a', at(300), at(299))).toBe(false);
    expect(guard.admit('v0=b', at(300), at(299))).toBe(true);
  });

  it('forgets what has expired', () => {
    const guard = new ReplayGuard();
    for (let index = 0; index < 100; index += 1) guard.admit(`v0=${String(index)}`, at(300), at(0));
    expect(guard.size).toBe(100);
    guard.admit('v0=new', at(600), at(300));
    expect(guard.size).toBe(1);
  });

  it('knows a signature that expires early although an older one expires late', () => {
    const guard = new ReplayGuard();
    guard.admit('v0=late', at(600), at(0));
    guard.admit('v0=early', at(10), at(0));
    expect(guard.admit('v0=early', at(10), at(9))).toBe(false);
  });

  it('keeps 50,000 at most, and lets the oldest go', () => {
    const guard = new ReplayGuard();
    for (let index = 0; index <= 50_000; index += 1) guard.admit(`v0=${String(index)}`, at(300), at(0));
    expect(guard.size).toBe(50_000);
    expect(guard.admit('v0=50000', at(300), at(0))).toBe(false);
    expect(guard.admit('v0=0', at(300), at(0))).toBe(true);
  });
});
