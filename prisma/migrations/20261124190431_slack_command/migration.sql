-- AlterTable
ALTER TABLE "account" ADD COLUMN     "slack_command" TEXT;
