CREATE TABLE "channel_figures" (
	"organization_id" uuid NOT NULL,
	"connection_id" uuid NOT NULL,
	"marketplace" text DEFAULT '' NOT NULL,
	"day" date NOT NULL,
	"time_zone" text NOT NULL,
	"currency" text NOT NULL,
	"orders" integer NOT NULL,
	"units" integer NOT NULL,
	"gross" numeric(20, 4) NOT NULL,
	"read_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "channel_figures_connection_id_marketplace_day_pk" PRIMARY KEY("connection_id","marketplace","day")
);
--> statement-breakpoint
CREATE TABLE "channel_traffic" (
	"organization_id" uuid NOT NULL,
	"connection_id" uuid NOT NULL,
	"marketplace" text DEFAULT '' NOT NULL,
	"day" date NOT NULL,
	"item" text DEFAULT '' NOT NULL,
	"sessions" integer NOT NULL,
	"page_views" integer NOT NULL,
	"units" integer NOT NULL,
	"read_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "channel_traffic_connection_id_marketplace_day_item_pk" PRIMARY KEY("connection_id","marketplace","day","item")
);
--> statement-breakpoint
CREATE TABLE "review_topics" (
	"organization_id" uuid NOT NULL,
	"connection_id" uuid NOT NULL,
	"item" text NOT NULL,
	"sentiment" text NOT NULL,
	"topic" text NOT NULL,
	"mentions" integer,
	"occurrence" numeric(9, 4),
	"star_impact" numeric(9, 4),
	"snippets" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"read_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "review_topics_connection_id_item_sentiment_topic_pk" PRIMARY KEY("connection_id","item","sentiment","topic")
);
--> statement-breakpoint
ALTER TABLE "sync_runs" ADD COLUMN "resume_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "channel_figures" ADD CONSTRAINT "channel_figures_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "channel_traffic" ADD CONSTRAINT "channel_traffic_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "review_topics" ADD CONSTRAINT "review_topics_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;