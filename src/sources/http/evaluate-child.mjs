// @ts-check
/**
 * Evaluates the expressions of a source over its endpoint's answer, in a separate process. An expression can run forever, fill the
 * memory or hang in a regular expression; then this process ends and the service goes on. It is plain JavaScript, because Node
 * cannot start a process from TypeScript. It gets no environment variables.
 */
import { Worker } from 'node:worker_threads';
import jsonata from 'jsonata';

/** The library's own limits. Whatever escapes them is ended from outside. */
const GUARDS = { timeout: 500, stack: 200, sequence: 10_000 };
/** No usage answer is nested more deeply. */
const DEEPEST = 64;
const LONGEST_TEXT = 1_000;
/** Writes a time as `$now` does, with its picture and its time zone. */
const WRITTEN_TIME = jsonata('$fromMillis($at, $picture, $zone)');

/** @typedef {import('./evaluator.ts').Job} Job */

/** @param {Job} job */
async function evaluate({ text, format = 'json', named = {}, headers, at, expressions, longestText = LONGEST_TEXT }) {
  /** @type {unknown} */
  let body;
  /** @type {Record<string, unknown>} */
  let earlier;
  try {
    body = typeof text === 'string' ? read(text, format) : text.map((one) => read(one, format));
    earlier = Object.fromEntries(Object.entries(named).map(([name, one]) => [name, read(one, 'json')]));
  } catch {
    return { problem: 'not-json' };
  }
  const bodies = [...(typeof text === 'string' ? [body] : Object.values(body ?? {})), ...Object.values(earlier)];
  if (bodies.some((one) => nestsDeeper(one, DEEPEST))) return { problem: 'too-deep' };
  const results = [];
  const clock = at === undefined ? {} : clockAt(at);
  for (const expression of expressions) results.push(await evaluateOne(expression, body, { ...clock, ...earlier, headers }, longestText));
  return { results };
}

/**
 * The clock of the poll in place of that of this process.
 *
 * @param {number} at in milliseconds since 1970
 */
function clockAt(at) {
  return {
    millis: () => at,
    /** @type {(picture?: string, zone?: string) => Promise<unknown>} */
    now: (picture, zone) => WRITTEN_TIME.evaluate(null, { at, picture, zone }),
  };
}

/**
 * @param {string} text
 * @param {import('../../core/meters/poll.ts').AnswerFormat} format
 * @returns {unknown}
 */
function read(text, format) {
  if (format === 'text') return text.trim();
  if (format === 'lines') return text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [JSON.parse(line)]));
  return text.trim() === '' ? null : JSON.parse(text);
}

/**
 * @param {string} expression
 * @param {unknown} body
 * @param {Record<string, unknown>} bindings
 * @param {number} longestText
 */
async function evaluateOne(expression, body, bindings, longestText) {
  try {
    /** @type {unknown} */
    const value = await jsonata(expression, GUARDS).evaluate(body, bindings);
    if (value === undefined) return { found: 'nothing' };
    // Written as JSON, infinity would become null, which is unlimited.
    if (typeof value === 'number' && !Number.isFinite(value)) return { found: 'error', runsAway: false };
    if (value === null || typeof value === 'number' || typeof value === 'boolean') return { found: 'value', value };
    if (typeof value === 'string' && value.length <= longestText) return { found: 'value', value };
    if (Array.isArray(value)) return { found: 'other', type: 'list', size: value.length };
    return typeof value === 'string' ? { found: 'other', type: 'long-text', size: value.length } : { found: 'other', type: 'object' };
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : '';
    return { found: 'error', runsAway: code === 'D1011' || code === 'D1012' || code === 'D2015' || error instanceof RangeError };
  }
}

/**
 * @param {unknown} value
 * @param {number} levels
 * @returns {boolean}
 */
function nestsDeeper(value, levels) {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => nestsDeeper(inner, levels - 1));
}

const watchdog = new Worker(new URL('./evaluate-watchdog.mjs', import.meta.url));
process.on('message', (/** @type {Job} */ job) => {
  watchdog.postMessage('begun');
  void evaluate(job).then((answer) => {
    watchdog.postMessage('done');
    process.send?.(answer);
  });
});
// The service is gone. While an expression runs this event is not handled; the watchdog covers that.
process.on('disconnect', () => process.exit());
watchdog.once('online', () => process.send?.('ready'));
