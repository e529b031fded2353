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
