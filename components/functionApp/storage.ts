import { BlobContainer, getStorageAccountOutput, type StorageAccount } from "@pulumi/azure-native/storage";
import * as pulumi from "@pulumi/pulumi";
import { placeOf } from "../shared/armId";
import { uniqueName } from "../shared/names";
import { newName } from "../shared/naming";
import { NamedKind } from "../shared/namingArgs";
import { orDefault } from "../shared/shape";
import { createStorageAccount } from "../shared/storageAccount";
import { type CheckedFunctionAppArgs, HostingPlan } from "./args";

/** The account that holds the host's state. */
export interface HostStorage {
    id: pulumi.Output<string>;
    name: pulumi.Output<string>;
    blobEndpoint: pulumi.Output<string>;
    queueEndpoint: pulumi.Output<string>;
    tableEndpoint: pulumi.Output<string>;
    /** Where the Flex platform keeps the deployed package. */
    deploymentContainerUrl: pulumi.Output<string> | undefined;
    /** Only there when it was created here. */
    account?: StorageAccount;
    /** Only there on Flex Consumption. */
    deploymentContainer?: BlobContainer;
}

type StorageOptions = CheckedFunctionAppArgs & { suffix: pulumi.Output<string> };

interface AccountPlace {
    resourceGroupName: pulumi.Input<string>;
    id: pulumi.Output<string>;
    name: pulumi.Output<string>;
    primaryEndpoints: pulumi.Output<{ blob: string; queue: string; table: string }>;
    account?: StorageAccount;
}

/** The given account, or a new one that takes no account key. */
export function resolveHostStorage(
    name: string,
    args: StorageOptions,
    opts: pulumi.CustomResourceOptions,
): HostStorage {
    const place =
        args.storageAccountId === undefined
            ? createAccount(name, args, opts)
            : findAccount(args.storageAccountId, opts);
    const endpoint = (service: "blob" | "queue" | "table") => place.primaryEndpoints.apply((known) => known[service]);
    const deploymentContainer =
        args.plan === HostingPlan.FlexConsumption
            ? createDeploymentContainer(name, { ...args, place }, opts)
            : undefined;
    return {
        id: place.id,
        name: place.name,
        blobEndpoint: endpoint("blob"),
        queueEndpoint: endpoint("queue"),
        tableEndpoint: endpoint("table"),
        deploymentContainerUrl:
            deploymentContainer && pulumi.interpolate`${endpoint("blob")}${deploymentContainer.name}`,
        account: place.account,
        deploymentContainer,
    };
}

function createDeploymentContainer(
    name: string,
    { suffix, place }: { suffix: pulumi.Output<string>; place: AccountPlace },
    opts: pulumi.CustomResourceOptions,
): BlobContainer {
    return new BlobContainer(
        `${name}-deployments`,
        {
            accountName: place.name,
            resourceGroupName: place.resourceGroupName,
            // Several apps may share a given account.
            containerName: uniqueName(suffix, { base: `${name}-deployments`, max: 63 }),
            publicAccess: "None",
        },
        opts,
    );
}

function findAccount(id: pulumi.Input<string>, opts: pulumi.InvokeOptions): AccountPlace {
    const { resourceGroupName, name: accountName } = placeOf("storageAccountId", id, opts);
    const found = getStorageAccountOutput({ resourceGroupName, accountName }, opts);
    return { resourceGroupName, id: found.id, name: found.name, primaryEndpoints: found.primaryEndpoints };
}

function createAccount(name: string, args: StorageOptions, opts: pulumi.CustomResourceOptions): AccountPlace {
    const { resourceGroupName, location, tags, suffix, zoneRedundant, protectData, naming } = args;
    const accountName = orDefault(
        args.storageAccountName,
        newName(suffix, { base: name, max: 24, compact: true, naming, kind: NamedKind.Storage }),
    );
    const account = createStorageAccount(
        name,
        {
            accountName,
            resourceGroupName,
            location,
            tags,
            zoneRedundant,
            protectData,
            allowSharedKeyAccess: false,
            ...(args.storagePrivateEndpoints && { firewall: {} }),
        },
        opts,
    );
    return {
        resourceGroupName,
        id: account.id,
        name: account.name,
        primaryEndpoints: account.primaryEndpoints,
        account,
    };
}
