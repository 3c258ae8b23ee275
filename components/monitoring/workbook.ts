import { Workbook as AzureWorkbook } from "@pulumi/azure-native/applicationinsights";
import * as pulumi from "@pulumi/pulumi";
import { v5 as guidOf } from "uuid";
import { keepNodes, nodesOf } from "../shared/nodes";
import { orDefault } from "../shared/shape";
import type { WorkbookArgs } from "./args";
import { checkWorkbookArgs } from "./check";
import { workbookContent } from "./workbookItems";

// Any fixed GUID does: it keeps these names apart from names that others derive from the same texts.
const namespace = "0c8f8a8e-58a1-4d2b-9f39-3a6a4c1d5b77";

/** Resources inside a Workbook. */
export interface WorkbookNodes {
    workbook: AzureWorkbook;
}

/**
 * A workbook of Azure Monitor, the dashboard of a backend: connections, events, failures and the time that handlers take.
 *
 * ```ts
 * new Workbook("chat", {
 *     resourceGroupName: group.name,
 *     service: "socketio",
 *     serviceId: service.serviceId,
 *     functionAppId: app.functionAppId,
 *     workspaceId: app.workspaceId,
 * });
 * ```
 */
export class Workbook extends pulumi.ComponentResource {
    /** Azure Resource Manager id of the workbook. */
    public readonly workbookId: pulumi.Output<string>;

    constructor(name: string, args: WorkbookArgs, opts?: pulumi.ComponentResourceOptions) {
        super("azure-realtime:index:Workbook", name, {}, opts);
        const checked = checkWorkbookArgs(`Workbook "${name}"`, args);
        const { service, serviceId, functionAppId, workspaceId, resourceGroupName, location, tags } = checked;
        const workbook = new AzureWorkbook(
            name,
            {
                resourceGroupName,
                // Azure takes a GUID only. The same service has the same one in every update.
                resourceName: pulumi.output(serviceId).apply((id) => guidOf(`${id.toLowerCase()}|${name}`, namespace)),
                location,
                tags,
                kind: "shared",
                category: "workbook",
                version: "Notebook/1.0",
                displayName: orDefault(checked.displayName, name),
                // So that the portal lists the workbook under the service.
                sourceId: serviceId,
                serializedData: pulumi
                    .all([serviceId, functionAppId, workspaceId])
                    .apply(([ofService, ofApp, ofWorkspace]) =>
                        workbookContent({
                            service,
                            serviceId: ofService,
                            functionAppId: ofApp,
                            workspaceId: ofWorkspace,
                        }),
                    ),
            },
            { parent: this },
        );

        keepNodes<WorkbookNodes>(this, { workbook });
        this.workbookId = workbook.id;
        this.registerOutputs({ workbookId: this.workbookId });
    }

    /** The resources inside, for what their own options and outputs allow. */
    get nodes(): WorkbookNodes {
        return nodesOf(this);
    }
}
