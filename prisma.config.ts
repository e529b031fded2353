import { defineConfig } from 'prisma/config';

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  // Only `prisma migrate deploy` reads it; the service has its own runner (src/postgres/migrate.ts).
  datasource: { url: process.env['DATABASE_URL'] ?? 'postgresql://localhost/creditwatch' },
});
