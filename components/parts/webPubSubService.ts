import { getWebPubSubOutput } from "@pulumi/azure-native/webpubsub/getWebPubSub";
import { listWebPubSubKeysOutput } from "@pulumi/azure-native/webpubsub/listWebPubSubKeys";
import { WebPubSub, type WebPubSubArgs } from "@pulumi/azure-native/webpubsub/webPubSub";
import { existingSocketIO, existingWebPubSub, type FoundService } from "../rules/existingService";
import type { WebPubSubServiceOptionsArgs } from "../service/args";
import {
    adoptService,
    describeService,
    newServiceProperties,
    type ServiceOutputs,
    type ServiceStep,
} from "../service/create";
import type { Rule } from "../shared/checks";

/** What differs between the kinds of a Web PubSub service. */
export interface WebPubSubKind {
    properties: Pick<WebPubSubArgs, "kind" | "socketIO">;
    existing: Rule<FoundService>;
}

export const socketIOKind: WebPubSubKind = {
    properties: { kind: "SocketIO", socketIO: { serviceMode: "Serverless" } },
    existing: existingSocketIO,
};

export const webPubSubKind: WebPubSubKind = {
    properties: { kind: "WebPubSub" },
    existing: existingWebPubSub,
};

/** A Web PubSub service of one kind: the one that is named, or a new one. */
export function resolveWebPubSub(
    step: ServiceStep<WebPubSubServiceOptionsArgs> & { kind: WebPubSubKind },
): ServiceOutputs {
    const { args, parent, kind } = step;
    const { resourceGroupName, existingServiceName } = args;
    const service =
        existingServiceName === undefined
            ? createService(step)
            : adoptService(
                  getWebPubSubOutput({ resourceGroupName, resourceName: existingServiceName }, { parent }),
                  kind.existing,
              );
    return describeService({
        service,
        args,
        readKeys: (resourceName) => listWebPubSubKeysOutput({ resourceGroupName, resourceName }, { parent }),
    });
}

function createService(step: ServiceStep<WebPubSubServiceOptionsArgs> & { kind: WebPubSubKind }): WebPubSub {
    const { name, args, parent, kind } = step;
    return new WebPubSub(
        name,
        {
            ...newServiceProperties(step),
            ...kind.properties,
            networkACLs: args.networkACLs,
            liveTraceConfiguration: args.liveTraceConfiguration,
        },
        { parent },
    );
}
