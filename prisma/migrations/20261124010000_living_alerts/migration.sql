-- DropIndex
DROP INDEX "delivery_notification_id_destination_id_key";

-- AlterTable
ALTER TABLE "delivery" ADD COLUMN     "action" TEXT NOT NULL DEFAULT 'post',
ADD COLUMN     "group_id" UUID,
ADD COLUMN     "settled_because" TEXT,
ADD COLUMN     "target_id" UUID;

-- CreateIndex
CREATE INDEX "delivery_group_id_idx" ON "delivery"("group_id");

-- CreateIndex
CREATE INDEX "delivery_target_id_idx" ON "delivery"("target_id");

-- CreateIndex
CREATE UNIQUE INDEX "delivery_notification_id_destination_id_action_key" ON "delivery"("notification_id", "destination_id", "action");

-- AddForeignKey
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_target_id_fkey" FOREIGN KEY ("target_id") REFERENCES "delivery"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_group_id_fkey" FOREIGN KEY ("group_id") REFERENCES "delivery"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AlterTable
ALTER TABLE "source" ADD COLUMN     "quiet_since" TIMESTAMPTZ(3),
ADD COLUMN     "quiet_thread" UUID;

-- AlterTable: what was notified before belongs to its alert's thread, or stands alone.
ALTER TABLE "notification" ADD COLUMN     "thread_id" UUID;
UPDATE "notification" SET "thread_id" = coalesce("alert_id", "id");
ALTER TABLE "notification" ALTER COLUMN "thread_id" SET NOT NULL;

-- CreateTable
CREATE TABLE "timer" (
    "account_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "timer_pkey" PRIMARY KEY ("account_id","kind","subject")
);

-- CreateTable
CREATE TABLE "digest_run" (
    "account_id" TEXT NOT NULL,
    "route_id" TEXT NOT NULL,
    "week" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "ran_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "digest_run_pkey" PRIMARY KEY ("account_id","route_id","week")
);

-- CreateIndex
CREATE INDEX "notification_thread_id_idx" ON "notification"("thread_id");

-- CreateIndex
CREATE INDEX "timer_due_at_idx" ON "timer"("due_at");

-- AddForeignKey
ALTER TABLE "timer" ADD CONSTRAINT "timer_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "digest_run" ADD CONSTRAINT "digest_run_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AlterTable
ALTER TABLE "meter" ADD COLUMN     "history" JSONB,
ADD COLUMN     "snoozed" JSONB;

-- AlterTable
ALTER TABLE "alert" ADD COLUMN     "acknowledged_at" TIMESTAMPTZ(3),
ADD COLUMN     "acknowledged_by" TEXT,
ADD COLUMN     "repeated_at" TIMESTAMPTZ(3);
