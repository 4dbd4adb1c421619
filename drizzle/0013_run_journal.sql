ALTER TABLE "channel_traffic" ADD COLUMN "converted" integer;--> statement-breakpoint
ALTER TABLE "inbox" ADD COLUMN "run_id" uuid;--> statement-breakpoint
ALTER TABLE "sync_runs" ADD COLUMN "journal" jsonb DEFAULT '{}'::jsonb NOT NULL;