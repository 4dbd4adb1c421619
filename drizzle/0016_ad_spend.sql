CREATE TABLE "ad_spend" (
	"organization_id" uuid NOT NULL,
	"day" date NOT NULL,
	"channel" text NOT NULL,
	"platform" text DEFAULT '' NOT NULL,
	"amount" numeric(20, 4) NOT NULL,
	"currency" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "ad_spend_organization_id_day_channel_platform_pk" PRIMARY KEY("organization_id","day","channel","platform")
);
--> statement-breakpoint
ALTER TABLE "ad_spend" ADD CONSTRAINT "ad_spend_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;