using System.Collections.Generic;
using Pulumi;
using Pulumi.AzureRealtime;

return await Deployment.RunAsync(() =>
{
    var functions = new Config().Require("functions");

    var chat = new SocketIOBackend("chat", new SocketIOBackendArgs
    {
        CodePath = $"{functions}/socketio-chat",
        Sku = ServiceSku.StandardS1,
        AppSettings = { ["HeartbeatSchedule"] = "*/30 * * * * *" },
    });

    var feed = new WebPubSubBackend("feed", new WebPubSubBackendArgs
    {
        CodePath = $"{functions}/webpubsub-chat",
        Hubs = { new BackendHubArgs { Name = "chat" } },
        KeySource = HostKeySource.HostKey,
    });

    var board = new SignalRBackend("board", new SignalRBackendArgs
    {
        CodePath = $"{functions}/signalr-chat",
        InstanceMemoryMB = 512,
    });

    return new Dictionary<string, object?>
    {
        ["chatUrl"] = chat.NegotiateUrl,
        ["feedUrl"] = feed.NegotiateUrl,
        ["boardUrl"] = board.NegotiateUrl,
    };
});
