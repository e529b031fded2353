-- Not logged: a crash of the server empties it, and then there is nothing to hold back any more.
CREATE UNLOGGED TABLE "teams_pace" (
    "tenant_id" TEXT NOT NULL,
    "next_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "teams_pace_pkey" PRIMARY KEY ("tenant_id")
);
