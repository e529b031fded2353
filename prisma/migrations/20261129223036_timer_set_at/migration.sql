-- AlterTable
ALTER TABLE "timer" ADD COLUMN     "set_at" TIMESTAMPTZ(3);

-- When the timers there are were set is not known: from now on they wait no longer than they have left.
UPDATE "timer" SET "set_at" = least("due_at", now());
