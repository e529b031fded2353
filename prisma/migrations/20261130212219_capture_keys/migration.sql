-- CreateTable
CREATE TABLE "capture_key" (
    "account_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "key_hash" TEXT NOT NULL,
    "sources" TEXT[],
    "made_by" TEXT,
    "made_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "capture_key_pkey" PRIMARY KEY ("account_id","name")
);

-- CreateIndex
CREATE UNIQUE INDEX "capture_key_key_hash_key" ON "capture_key"("key_hash");

-- AddForeignKey
ALTER TABLE "capture_key" ADD CONSTRAINT "capture_key_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;
