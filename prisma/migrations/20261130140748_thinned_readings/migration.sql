-- AlterTable
ALTER TABLE "meter" ADD COLUMN     "thinned_until" TIMESTAMPTZ(3);

-- Thinning deletes as many readings a day as arrive. By default, PostgreSQL would leave their space unused until they are a fifth of the
-- table; a twentieth costs little more, because a vacuum reads the index once (docs/decisions/0029-thinned-readings.md).
ALTER TABLE "reading" SET (autovacuum_vacuum_scale_factor = 0.05);
