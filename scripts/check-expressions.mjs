/**
 * `npm run check:expressions`: finds regular expressions in src that take more than linear time on some text. Most text comes from
 * outside, and one such expression blocks the whole process.
 *
 * Literals are read from the sources. Expressions built with `new RegExp` are collected while the built modules load. recheck
 * decides by automata; where it cannot (look-around, back-references), scslre does.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { checkSync } from 'recheck';
import { analyse } from 'scslre';
import ts from 'typescript';

const WITHIN_MS = 10_000;

/** Lists the expressions of a source file, with their lines. */
export function literalsIn(text, name = 'text.ts') {
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
  const found = [];
  const visit = (node) => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      const line = file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      found.push({ source: node.text.slice(1, end), flags: node.text.slice(end + 1), place: `${name}:${line}` });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** Returns what is wrong with an expression; null if its time grows linearly with the text. */
export function faultOf({ source, flags }) {
  const checked = checkSync(source, flags, { checker: 'automaton', timeout: WITHIN_MS });
  if (checked.status === 'vulnerable') return checked.complexity.summary;
  if (checked.status === 'safe') return null;
  const [report] = analyse({ source, flags }).reports;
  return report === undefined ? null : report.exponential ? 'exponential' : 'polynomial';
}

/** Collects the expressions that are built when a module loads. */
async function builtIn(folder) {
  const found = [];
  const Native = RegExp;
  globalThis.RegExp = new Proxy(Native, {
    construct(target, [pattern, flags = ''], as) {
      const place = /\((file:.*?)\)|at (file:.*)/.exec(new Error().stack.split('\n')[2] ?? '') ?? [];
      const from = place[1] ?? place[2] ?? '';
      if (from.startsWith(pathToFileURL(folder).href))
        found.push({ source: String(pattern), flags, place: relative(folder, fileURLToPath(from.replace(/:\d+:\d+$/, ''))) });
      return Reflect.construct(target, [pattern, flags], as);
    },
  });
  try {
    for (const file of modulesIn(folder)) await import(pathToFileURL(join(folder, file)).href);
  } finally {
    globalThis.RegExp = Native;
  }
  return found;
}

function modulesIn(folder) {
  // The entry points would start the program, and the page /capture in a browser. Benchmarks, tools and packages have folders of their own.
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) =>
      file.endsWith('.js') &&
      file !== 'main.js' &&
      file !== join('sources', 'pages', 'browser', 'app.js') &&
      !file.includes('generated') &&
      !/^(?:bench|extension|tools|node_modules)\b/.test(file),
  );
}

async function run() {
  const root = fileURLToPath(new URL('../', import.meta.url));
  const files = ['src', 'extension/src'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.m?ts$/.test(file) && !file.includes('generated'))
      .map((file) => `${folder}/${file}`),
  );
  const literals = files.flatMap((file) => literalsIn(readFileSync(join(root, file), 'utf8'), file));
  const all = [...literals, ...(await builtIn(join(root, 'dist')))];
  const seen = new Map();
  for (const one of all) {
    const key = `/${one.source}/${one.flags}`;
    if (!seen.has(key)) seen.set(key, faultOf(one));
    const fault = seen.get(key);
    if (fault !== null)
      console.error(
        `${one.place} ${key}\n  takes ${fault} time on some text: bound what repeats, or look at the characters one after another`,
      );
  }
  const faults = all.filter((one) => seen.get(`/${one.source}/${one.flags}`) !== null).length;
  console.log(`${all.length} expressions, ${faults} of more than linear time`);
  process.exit(faults === 0 ? 0 : 1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run();
