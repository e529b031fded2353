-- CreateTable
CREATE TABLE "slack_installation" (
    "account_id" TEXT NOT NULL,
    "team_id" TEXT NOT NULL,
    "ciphertext" TEXT,
    "installed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "slack_installation_pkey" PRIMARY KEY ("account_id")
);

-- CreateTable
CREATE TABLE "slack_install_state" (
    "digest" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "slack_install_state_pkey" PRIMARY KEY ("digest")
);

-- AddForeignKey
ALTER TABLE "slack_installation" ADD CONSTRAINT "slack_installation_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;
