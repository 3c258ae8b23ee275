import { DiagnosticSetting } from "@pulumi/azure-native/monitor";
import * as pulumi from "@pulumi/pulumi";
import { keepNodes, nodesOf } from "../shared/nodes";
import type { DiagnosticsArgs } from "./args";
import { checkDiagnosticsArgs } from "./check";
import { settingOf } from "./signals";

/** Resources inside a Diagnostics. */
export interface DiagnosticsNodes {
    /** In the order of `resourceIds`. */
    settings: DiagnosticSetting[];
}

/**
 * Sends logs and metrics of resources to a Log Analytics workspace, with the categories that each type really has: connections, HTTP
 * requests and metrics of a service, the app's own log, who read a secret of a vault, who read and wrote a blob.
 *
 * ```ts
 * new Diagnostics("chat", {
 *     workspaceId: app.workspaceId,
 *     resourceIds: { service: service.serviceId, app: app.functionAppId, vault: keys.vaultId },
 * });
 * ```
 *
 * A resource takes a category to a workspace once only, so name each resource in one Diagnostics.
 */
export class Diagnostics extends pulumi.ComponentResource {
    /** Azure Resource Manager id of the workspace, known once every setting is made. */
    public readonly workspaceId: pulumi.Output<string>;

    constructor(name: string, args: DiagnosticsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("azure-realtime:index:Diagnostics", name, {}, opts);
        const checked = checkDiagnosticsArgs(`Diagnostics "${name}"`, args);
        const settings = Object.entries(checked.resourceIds).map(([key, id]) =>
            createSetting(`${name}-${key}`, { ...checked, id }, { parent: this }),
        );

        keepNodes<DiagnosticsNodes>(this, { settings });
        const made = pulumi.all(settings.map(({ id }) => id));
        this.workspaceId = pulumi.all([checked.workspaceId, made]).apply(([id]) => id);
        this.registerOutputs({ workspaceId: this.workspaceId });
    }

    /** The resources inside, for what their own options and outputs allow. */
    get nodes(): DiagnosticsNodes {
        return nodesOf(this);
    }
}

function createSetting(
    name: string,
    { id, workspaceId, messagingLogs = false }: DiagnosticsArgs & { id: pulumi.Input<string> },
    opts: pulumi.CustomResourceOptions,
): DiagnosticSetting {
    const setting = pulumi.output(id).apply((known) => settingOf(known, { messagingLogs }));
    return new DiagnosticSetting(
        name,
        {
            name: "azure-realtime",
            workspaceId,
            resourceUri: setting.resourceUri,
            logs: setting.logs,
            metrics: setting.metrics,
        },
        // Azure refuses a second setting with the same categories and workspace, so the old one goes first.
        { ...opts, deleteBeforeReplace: true },
    );
}
