import * as pulumi from "@pulumi/pulumi";
import { createBackend } from "./backend";
import { readConfig } from "./config";

const config = readConfig({
    project: pulumi.getProject(),
    values: pulumi.runtime.allConfig(),
    // Pulumi hands the names over like this, and the SDK has no function for them.
    secretKeys: JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS ?? "[]"),
});
// In the name of every resource, so that environments of one subscription can be told apart.
const name = `chat-${pulumi.getStack()}`;
const chat = createBackend(name, config);

/** Which service the chat is on. */
export const { backend } = config;
/** Hubs that are resources; on SignalR Service none is, since any hub is there when it is used. */
export const hubNames = chat.hubNames ?? [];
/** The chat's page. */
export const pageUrl = chat.negotiateUrl.apply((url) => new URL("index", url).href);
export const {
    negotiateUrl,
    endpoint,
    functionAppName,
    functionAppHostName,
    serviceName,
    resourceGroupName,
    principalId,
    localSettings,
} = chat;
