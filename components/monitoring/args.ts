import type * as pulumi from "@pulumi/pulumi";
import type { Naming } from "../shared/namingArgs";
import type { RealtimeExtension } from "../shared/serviceKinds";

/** What a backend sends to a Log Analytics workspace: logs and metrics of the resources that it creates. */
export interface DiagnosticsOptions {
    /** Azure Resource Manager id of the Log Analytics workspace. Defaults to the one behind the app's Application Insights. */
    workspaceId?: pulumi.Input<string>;
    /**
     * Whether the service also logs every message, which is billed by size. Defaults to false; in a Web PubSub or Socket.IO backend with
     * `alerts` to true, because Azure does not say which log names an event that a handler answered wrongly.
     */
    messagingLogs?: boolean;
}

/** Args of Diagnostics. */
export interface DiagnosticsArgs {
    /** Azure Resource Manager id of the Log Analytics workspace. */
    workspaceId: pulumi.Input<string>;
    /**
     * Azure Resource Manager ids of the resources, each under a short name that tells its setting from the others: services of Web PubSub
     * and SignalR and their replicas, apps, vaults and storage accounts.
     */
    resourceIds: { [key: string]: pulumi.Input<string> };
    /** Whether a Web PubSub service also logs every message, which is billed by size. Defaults to false. */
    messagingLogs?: boolean;
}

/** What alerts look at, and whom they tell. */
export interface AlertsOptions {
    /** Azure Resource Manager ids of action groups that exist already. Defaults to none. */
    actionGroupIds?: pulumi.Input<string>[];
    /**
     * Address that a new action group mails to. Defaults to none: the new group is empty, so that alerts show in the portal only. With
     * `actionGroupIds` and without an address, there is no new group.
     */
    emailAddress?: pulumi.Input<string>;
    /** Percent of the service's connections in use that raise an alert when exceeded for 5 minutes, 1-100. Defaults to 80. */
    connectionUtilization?: pulumi.Input<number>;
    /** Percent of the service's load that raises an alert when exceeded for 15 minutes, 1-100. Defaults to 80. */
    serverLoad?: pulumi.Input<number>;
    /** Requests that the app answers with a 5xx within 5 minutes before an alert is raised, 0-1000000. Defaults to 10. */
    failedRequests?: pulumi.Input<number>;
}

/** Args of Alerts. */
export interface AlertsArgs extends AlertsOptions {
    /** Resource group of the alerts. */
    resourceGroupName: pulumi.Input<string>;
    /** Kind of the service: socketio, webpubsub or signalr. */
    service: RealtimeExtension;
    /** Azure Resource Manager id of the service. */
    serviceId: pulumi.Input<string>;
    /** Azure Resource Manager ids of the service's replicas, by name. Each gets the alerts of a service. Defaults to none. */
    replicaIds?: { [key: string]: pulumi.Input<string> };
    /** Azure Resource Manager id of the app that handles the events. Defaults to none: no alert on failed requests. */
    functionAppId?: pulumi.Input<string>;
    /**
     * Azure Resource Manager id of the workspace that has the logs of a Web PubSub or Socket.IO service: Diagnostics' `workspaceId`.
     * Defaults to none: no alert on what the log says. Without effect for SignalR, whose log Azure does not describe.
     */
    workspaceId?: pulumi.Input<string>;
    /** How the new action group is called; alerts are called after the service and the app. Defaults to names with a random part. */
    naming?: pulumi.Input<Naming>;
    /** Azure region of the alert on the log. Defaults to the provider's location, else to the resource group's. */
    location?: pulumi.Input<string>;
    /** Tags on every alert. */
    tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
}

/** The workbook of a backend. */
export interface WorkbookOptions {
    /** Name that the portal shows. Defaults to the backend's name. */
    displayName?: pulumi.Input<string>;
}

/** Args of Workbook. */
export interface WorkbookArgs extends WorkbookOptions {
    /** Resource group of the workbook. */
    resourceGroupName: pulumi.Input<string>;
    /** Kind of the service: socketio, webpubsub or signalr. */
    service: RealtimeExtension;
    /** Azure Resource Manager id of the service. */
    serviceId: pulumi.Input<string>;
    /** Azure Resource Manager id of the app that handles the events. */
    functionAppId: pulumi.Input<string>;
    /** Azure Resource Manager id of the workspace behind the app's Application Insights: FunctionApp's `workspaceId`. */
    workspaceId: pulumi.Input<string>;
    /** Azure region. Defaults to the provider's location, else to the resource group's. */
    location?: pulumi.Input<string>;
    /** Tags on the workbook. */
    tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
}
