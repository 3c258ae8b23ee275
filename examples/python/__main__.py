import pulumi
import pulumi_azure_realtime as azure_realtime

functions = pulumi.Config().require("functions")

chat = azure_realtime.SocketIOBackend(
    "chat",
    code_path=f"{functions}/socketio-chat",
    sku=azure_realtime.ServiceSku.STANDARD_S1,
    hubs=[{"name": "hub"}],
    app_settings={"HeartbeatSchedule": "*/30 * * * * *"},
)

feed = azure_realtime.WebPubSubBackend(
    "feed",
    code_path=f"{functions}/webpubsub-chat",
    hubs=[{"name": "chat"}],
    key_source=azure_realtime.HostKeySource.HOST_KEY,
)

board = azure_realtime.SignalRBackend(
    "board",
    code_path=f"{functions}/signalr-chat",
    instance_memory_mb=512,
)

pulumi.export("chatUrl", chat.negotiate_url)
pulumi.export("feedUrl", feed.negotiate_url)
pulumi.export("boardUrl", board.negotiate_url)
