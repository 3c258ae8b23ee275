import { getSignalROutput } from "@pulumi/azure-native/signalrservice/getSignalR";
import { listSignalRKeysOutput } from "@pulumi/azure-native/signalrservice/listSignalRKeys";
import { SignalR } from "@pulumi/azure-native/signalrservice/signalR";
import * as pulumi from "@pulumi/pulumi";
import { existingSignalR } from "../rules/existingService";
import {
    adoptService,
    describeService,
    newServiceProperties,
    type ServiceOutputs,
    type ServiceStep,
} from "../service/create";
import type { SignalRServiceArgs } from "../service/signalRService";

/** A SignalR Service: the one that is named, or a new one. */
export function resolveSignalR(step: ServiceStep<SignalRServiceArgs>): ServiceOutputs {
    const { args, parent } = step;
    const { resourceGroupName, existingServiceName } = args;
    const service =
        existingServiceName === undefined
            ? createService(step)
            : adoptService(
                  getSignalROutput({ resourceGroupName, resourceName: existingServiceName }, { parent }),
                  existingSignalR,
              );
    return describeService({
        service,
        args,
        readKeys: (resourceName) => listSignalRKeysOutput({ resourceGroupName, resourceName }, { parent }),
    });
}

function createService(step: ServiceStep<SignalRServiceArgs>): SignalR {
    const { name, args, parent } = step;
    const mode = { flag: "ServiceMode", value: "Serverless" };
    const { connectionTimeoutInSeconds } = args;
    return new SignalR(
        name,
        {
            ...newServiceProperties(step),
            kind: "SignalR",
            features: pulumi.output(args.features ?? []).apply((others) => [mode, ...others]),
            cors: { allowedOrigins: args.allowedOrigins ?? ["*"] },
            serverless: connectionTimeoutInSeconds === undefined ? undefined : { connectionTimeoutInSeconds },
            upstream: {
                templates: pulumi
                    .output(args.upstreamTemplates ?? [])
                    .apply((templates) => templates.map(withDefaults)),
            },
            networkACLs: args.networkACLs,
            liveTraceConfiguration: args.liveTraceConfiguration,
        },
        { parent },
    );
}

function withDefaults<T extends { hubPattern?: string; categoryPattern?: string; eventPattern?: string }>(
    template: T,
): T {
    return {
        ...template,
        hubPattern: template.hubPattern ?? "*",
        categoryPattern: template.categoryPattern ?? "*",
        eventPattern: template.eventPattern ?? "*",
    };
}
