package realtime;

import com.pulumi.Context;
import com.pulumi.Pulumi;
import com.pulumi.azurerealtime.SignalRBackend;
import com.pulumi.azurerealtime.SignalRBackendArgs;
import com.pulumi.azurerealtime.SocketIOBackend;
import com.pulumi.azurerealtime.SocketIOBackendArgs;
import com.pulumi.azurerealtime.WebPubSubBackend;
import com.pulumi.azurerealtime.WebPubSubBackendArgs;
import com.pulumi.azurerealtime.enums.HostKeySource;
import com.pulumi.azurerealtime.enums.ServiceSku;
import com.pulumi.azurerealtime.inputs.BackendHubArgs;
import java.util.Map;

public class App {
    public static void main(String[] args) {
        Pulumi.run(App::stack);
    }

    static void stack(Context ctx) {
        var functions = ctx.config().require("functions");

        var chat = new SocketIOBackend("chat", SocketIOBackendArgs.builder()
            .codePath(functions + "/socketio-chat")
            .sku(ServiceSku.StandardS1)
            .appSettings(Map.of("HeartbeatSchedule", "*/30 * * * * *"))
            .build());

        var feed = new WebPubSubBackend("feed", WebPubSubBackendArgs.builder()
            .codePath(functions + "/webpubsub-chat")
            .hubs(BackendHubArgs.builder().name("chat").build())
            .keySource(HostKeySource.HostKey)
            .build());

        var board = new SignalRBackend("board", SignalRBackendArgs.builder()
            .codePath(functions + "/signalr-chat")
            .instanceMemoryMB(512)
            .build());

        ctx.export("chatUrl", chat.negotiateUrl());
        ctx.export("feedUrl", feed.negotiateUrl());
        ctx.export("boardUrl", board.negotiateUrl());
    }
}
