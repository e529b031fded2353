-- CreateTable
CREATE TABLE "poll" (
    "id" UUID NOT NULL,
    "account_id" TEXT NOT NULL,
    "source_id" TEXT NOT NULL,
    "every_ms" INTEGER NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "lease_owner" TEXT,
    "lease_until" TIMESTAMPTZ(3),
    "fence" BIGINT NOT NULL DEFAULT 0,
    "last_attempt_at" TIMESTAMPTZ(3),
    "last_success_at" TIMESTAMPTZ(3),
    "failures" INTEGER NOT NULL DEFAULT 0,
    "last_error" TEXT,
    "last_error_remedy" TEXT,
    "last_error_at" TIMESTAMPTZ(3),

    CONSTRAINT "poll_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "poll_due_at_idx" ON "poll"("due_at");

-- CreateIndex
CREATE UNIQUE INDEX "poll_account_id_source_id_key" ON "poll"("account_id", "source_id");

-- AddForeignKey
ALTER TABLE "poll" ADD CONSTRAINT "poll_account_id_source_id_fkey" FOREIGN KEY ("account_id", "source_id") REFERENCES "source"("account_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
