-- CreateTable
CREATE TABLE "slack_identity" (
    "account_id" TEXT NOT NULL,
    "token_digest" TEXT NOT NULL,
    "team_id" TEXT NOT NULL,
    "enterprise_id" TEXT,
    "said_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "slack_identity_pkey" PRIMARY KEY ("account_id")
);

-- CreateTable
CREATE TABLE "slack_request" (
    "digest" TEXT NOT NULL,
    "claimant" UUID NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "slack_request_pkey" PRIMARY KEY ("digest")
);

-- CreateTable
CREATE TABLE "refused_request" (
    "id" UUID NOT NULL,
    "account_id" TEXT NOT NULL,
    "platform" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "wish" TEXT NOT NULL,
    "place" JSONB,
    "refused_at" TIMESTAMPTZ(3) NOT NULL,
    "asked_at" TIMESTAMPTZ(3),

    CONSTRAINT "refused_request_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "slack_request_expires_at_idx" ON "slack_request"("expires_at");

-- CreateIndex
CREATE INDEX "refused_request_account_id_by_idx" ON "refused_request"("account_id", "by");

-- AddForeignKey
ALTER TABLE "slack_identity" ADD CONSTRAINT "slack_identity_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "refused_request" ADD CONSTRAINT "refused_request_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;
