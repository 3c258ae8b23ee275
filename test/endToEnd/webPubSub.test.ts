import { webPubSubChat } from "../support/chatStack";
import { describeChat } from "../support/chatSuite";

describeChat({
    backend: "webpubsub",
    kind: webPubSubChat,
    keyHolder: "chat",
    ask: (client) => client.ask("message", "still here"),
    lost: "disconnected",
    choices: [
        { "azure-realtime:keySource": "HostKey" },
        { "azure-realtime:keySource": "Discovered" },
        { "azure-realtime:connectionAuth": "AccessKey" },
    ],
});
