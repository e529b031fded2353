-- AlterTable
ALTER TABLE "destination" ADD COLUMN     "is_direct" BOOLEAN NOT NULL DEFAULT false;

-- Until now the form of an address told whether one person reads there: that of a user in Slack, that of a person or a personal chat in Teams.
UPDATE "destination" SET "is_direct" = true
WHERE ("kind" = 'slack' AND "address" ~ '^[UW][A-Z0-9]{2,}$')
   OR ("kind" = 'teams' AND "address" ~* '^(a:|29:|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$)');
