package main

import (
	"example.com/pulumi-azure-realtime/sdk/go/azurerealtime"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		functions := config.Require(ctx, "functions")

		chat, err := azurerealtime.NewSocketIOBackend(ctx, "chat", &azurerealtime.SocketIOBackendArgs{
			CodePath:    functions + "/socketio-chat",
			Sku:         azurerealtime.ServiceSkuStandardS1,
			AppSettings: pulumi.StringMap{"HeartbeatSchedule": pulumi.String("*/30 * * * * *")},
		})
		if err != nil {
			return err
		}

		feed, err := azurerealtime.NewWebPubSubBackend(ctx, "feed", &azurerealtime.WebPubSubBackendArgs{
			CodePath: functions + "/webpubsub-chat",
			Hubs: []azurerealtime.BackendHubInput{
				azurerealtime.BackendHubArgs{Name: "chat"},
			},
			KeyRotation: pulumi.String("2026-01"),
		})
		if err != nil {
			return err
		}

		board, err := azurerealtime.NewSignalRBackend(ctx, "board", &azurerealtime.SignalRBackendArgs{
			CodePath: functions + "/signalr-chat",
			Capacity: pulumi.Int(1),
		})
		if err != nil {
			return err
		}

		ctx.Export("chatUrl", chat.NegotiateUrl)
		ctx.Export("feedUrl", feed.NegotiateUrl)
		ctx.Export("boardUrl", board.NegotiateUrl)
		return nil
	})
}
