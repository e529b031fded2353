-- AlterTable
ALTER TABLE "meter" ADD COLUMN     "is_at_least" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "measured" JSONB;

-- AlterTable
ALTER TABLE "reading" ADD COLUMN     "is_at_least" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "mail" (
    "account_id" TEXT NOT NULL,
    "source_id" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "sent_at" TIMESTAMPTZ(3) NOT NULL,
    "read_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "mail_pkey" PRIMARY KEY ("account_id","source_id","digest")
);

-- AddForeignKey
ALTER TABLE "mail" ADD CONSTRAINT "mail_account_id_source_id_fkey" FOREIGN KEY ("account_id", "source_id") REFERENCES "source"("account_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
