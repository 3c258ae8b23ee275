import * as pulumi from "@pulumi/pulumi";
import { createAlerts } from "./alerts";
import { createBackend } from "./backend";
import { readConfig } from "./config";

const config = readConfig({ project: pulumi.getProject(), values: pulumi.runtime.allConfig() });
// In the name of every resource, so that environments of one subscription can be told apart.
const name = `chat-${pulumi.getStack()}`;
const backend = createBackend(name, config);

if (config.alerts) {
    createAlerts(name, {
        resourceGroupName: backend.resourceGroupName,
        serviceId: backend.serviceId,
        functionAppId: backend.nodes.app.appId,
        serverErrors: config.alertServerErrors,
        connections: config.alertConnections,
        email: config.alertEmail,
    });
}

/** The chat's page. */
export const pageUrl = backend.negotiateUrl.apply((url) => new URL("index", url).href);
export const {
    negotiateUrl,
    endpoint,
    hubNames,
    functionAppName,
    functionAppHostName,
    serviceName,
    resourceGroupName,
    principalId,
    localSettings,
} = backend;
