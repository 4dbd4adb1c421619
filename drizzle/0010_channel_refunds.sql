CREATE TABLE "channel_refunds" (
	"organization_id" uuid NOT NULL,
	"connection_id" uuid NOT NULL,
	"order_external_id" text NOT NULL,
	"external_id" text NOT NULL,
	"refund" jsonb NOT NULL,
	"read_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "channel_refunds_connection_id_order_external_id_external_id_pk" PRIMARY KEY("connection_id","order_external_id","external_id")
);
--> statement-breakpoint
ALTER TABLE "channel_refunds" ADD CONSTRAINT "channel_refunds_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;