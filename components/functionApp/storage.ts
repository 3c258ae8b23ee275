import { BlobContainer } from "@pulumi/azure-native/storage/blobContainer";
import { getStorageAccountOutput } from "@pulumi/azure-native/storage/getStorageAccount";
import * as pulumi from "@pulumi/pulumi";
import type { AppStep, HostStorage } from "../parts/step";
import { uniqueName } from "../parts/suffix";
import { createStorageAccount } from "../shared/storageAccount";
import { HostingPlan } from "./hosting";

interface Account {
    id: pulumi.Output<string>;
    name: pulumi.Output<string>;
    primaryEndpoints: pulumi.Output<{ blob: string; queue: string; table: string }>;
}

/** The account that holds the host's state: one that takes no key, or the one given. */
export function resolveHostStorage(step: AppStep): HostStorage {
    const { name, parent, suffix } = step;
    const account = resolveAccount(step);
    const endpoints = account.primaryEndpoints;
    const blobEndpoint = endpoints.apply(({ blob }) => blob);
    const container =
        (step.args.plan ?? HostingPlan.FlexConsumption) === HostingPlan.FlexConsumption
            ? new BlobContainer(
                  `${name}-deployments`,
                  {
                      accountName: account.name,
                      resourceGroupName: storageGroup(step),
                      // Several apps may share an account that was given.
                      containerName: uniqueName(suffix, { base: `${name}-deployments`, max: 63 }),
                      publicAccess: "None",
                  },
                  { parent },
              )
            : undefined;
    return {
        id: account.id,
        blobEndpoint,
        queueEndpoint: endpoints.apply(({ queue }) => queue),
        tableEndpoint: endpoints.apply(({ table }) => table),
        deploymentContainerUrl: container && pulumi.interpolate`${blobEndpoint}${container.name}`,
    };
}

function storageGroup({ args }: AppStep): pulumi.Input<string> {
    return args.existingStorageAccountName === undefined
        ? args.resourceGroupName
        : (args.existingStorageResourceGroupName ?? args.resourceGroupName);
}

function resolveAccount(step: AppStep): Account {
    const { name, args, parent } = step;
    if (args.existingStorageAccountName !== undefined) {
        const found = getStorageAccountOutput(
            { accountName: args.existingStorageAccountName, resourceGroupName: storageGroup(step) },
            { parent },
        );
        return { id: found.id, name: found.name, primaryEndpoints: found.primaryEndpoints };
    }
    return createStorageAccount(
        {
            name,
            accountName: args.storageAccountName ?? uniqueName(step.suffix, { base: name, max: 24, compact: true }),
            resourceGroupName: args.resourceGroupName,
            location: args.location,
            tags: args.tags,
            allowSharedKeyAccess: false,
        },
        { parent },
    );
}
