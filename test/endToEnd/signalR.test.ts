import { signalRChat } from "../support/chatStack";
import { describeChat } from "../support/chatSuite";

describeChat({
    backend: "signalr",
    kind: signalRChat,
    keyHolder: "service",
    ask: (client) => client.ask("broadcast", "still here"),
    lost: "closed",
    choices: [{ "azure-realtime:keySource": "HostKey" }, { "azure-realtime:connectionAuth": "AccessKey" }],
});
