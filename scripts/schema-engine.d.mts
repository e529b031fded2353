export const SCHEMA: string;
export const MIGRATIONS: string;
export function diff(url: string, schema?: string): Promise<string>;
export function deploy(url: string, migrationsDir?: string): Promise<string[]>;
export function diagnose(
  url: string,
  migrationsDir?: string,
): Promise<{
  editedMigrationNames: string[];
  failedMigrationNames: string[];
  hasMigrationsTable: boolean;
  history: { diagnostic: string } | null;
}>;
