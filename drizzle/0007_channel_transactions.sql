CREATE TABLE "channel_transactions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization_id" uuid NOT NULL,
	"connection_id" uuid NOT NULL,
	"external_id" text NOT NULL,
	"order_external_id" text,
	"listing_external_id" text,
	"sku" text,
	"kind" text NOT NULL,
	"fee_type" text,
	"amount" numeric(20, 4) NOT NULL,
	"currency" text NOT NULL,
	"posted_at" timestamp with time zone NOT NULL,
	"state" text NOT NULL,
	"payload" jsonb,
	"content_hash" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "channel_transactions" ADD CONSTRAINT "channel_transactions_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "channel_transactions" ADD CONSTRAINT "channel_transactions_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "channel_transactions_external" ON "channel_transactions" USING btree ("connection_id","external_id");--> statement-breakpoint
CREATE INDEX "channel_transactions_order" ON "channel_transactions" USING btree ("connection_id","order_external_id");--> statement-breakpoint
CREATE INDEX "channel_transactions_posted" ON "channel_transactions" USING btree ("organization_id","posted_at");