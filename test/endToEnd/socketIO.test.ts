import { socketIOChat } from "../support/chatStack";
import { describeChat } from "../support/chatSuite";

describeChat({
    backend: "socketio",
    kind: socketIOChat,
    config: { "azure-realtime:heartbeatSchedule": "*/2 * * * * *" },
    runsFromUrl: true,
    keyHolder: "hub",
    ask: (client) => client.ask("message", "still here"),
    lost: "disconnect",
    choices: [
        { "azure-realtime:keySource": "HostKey" },
        { "azure-realtime:keySource": "Discovered" },
        { "azure-realtime:connectionAuth": "AccessKey" },
        { "azure-realtime:plan": "EP1" },
        { "azure-realtime:plan": "B1" },
        { "azure-realtime:plan": "B1", "azure-realtime:packageDelivery": "Mounted" },
        { "azure-realtime:plan": "B1", "azure-realtime:packageDelivery": "Url" },
    ],
});
