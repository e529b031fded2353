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
