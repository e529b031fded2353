-- Why a destination is disabled, as a code. Until now, decisions compared the sentence that is shown. The codes of those sentences are
-- filled in. No decision uses the others, which stay null until the destination is disabled again.
ALTER TABLE "destination" ADD COLUMN "disabled_code" TEXT;

UPDATE "destination" SET "disabled_code" = CASE "disabled_reason"
  WHEN 'Creditwatch was removed from that conversation. Add it there again, or route elsewhere.' THEN 'removed'
  WHEN 'Creditwatch was removed from the channel. Add it to the channel again, or route elsewhere.' THEN 'removed-from-channel'
  WHEN 'The team was deleted. Restore it in Teams, or route elsewhere.' THEN 'team-deleted'
  WHEN 'The channel was deleted. Restore it in Teams, or route elsewhere.' THEN 'channel-deleted'
  WHEN 'The channel is no longer shared with the team that Creditwatch is in. Share it again, or route elsewhere.' THEN 'unshared'
END
WHERE "kind" = 'teams' AND "disabled_reason" IS NOT NULL;
