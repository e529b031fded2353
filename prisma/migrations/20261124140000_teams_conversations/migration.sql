-- CreateTable
CREATE TABLE "teams_conversation" (
    "id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "tenant_id" TEXT,
    "scope" TEXT NOT NULL,
    "team_id" TEXT,
    "person_id" TEXT,
    "name" TEXT,
    "service_url" TEXT NOT NULL,
    "locale" TEXT,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,
    "welcomed_at" TIMESTAMPTZ(3),
    "removed_at" TIMESTAMPTZ(3),

    CONSTRAINT "teams_conversation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "teams_person" (
    "account_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "teams_person_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateIndex
CREATE INDEX "teams_conversation_person_id_idx" ON "teams_conversation"("person_id");

-- CreateIndex
CREATE INDEX "teams_conversation_account_id_team_id_idx" ON "teams_conversation"("account_id", "team_id");

-- AddForeignKey
ALTER TABLE "teams_conversation" ADD CONSTRAINT "teams_conversation_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "teams_person" ADD CONSTRAINT "teams_person_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;
