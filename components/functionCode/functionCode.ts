import type { PrivateDnsZoneGroup, PrivateEndpoint } from "@pulumi/azure-native/network";
import { Deployment } from "@pulumi/azure-native/resources";
import { Blob, BlobContainer, type StorageAccount } from "@pulumi/azure-native/storage";
import * as pulumi from "@pulumi/pulumi";
import { HostingPlan } from "../functionApp/args";
import { createSuffix, fitName } from "../shared/names";
import { newName } from "../shared/naming";
import { NamedKind } from "../shared/namingArgs";
import { keepNodes, nodesOf } from "../shared/nodes";
import { afterEndpoint, type CreatedEndpoint, createPrivateEndpoint } from "../shared/privateEndpoint";
import { createStorageAccount } from "../shared/storageAccount";
import type { FunctionCodeArgs } from "./args";
import { type CheckedFunctionCodeArgs, checkFunctionCodeArgs } from "./check";
import { storePackage } from "./zip";

/** Resources inside a FunctionCode. */
export interface FunctionCodeNodes {
    packageAccount: StorageAccount;
    container: BlobContainer;
    blob: Blob;
    /** Only there when `functionAppName` is given. */
    deployment: Deployment | undefined;
    /** Only there when `stagingSlotName` is given. */
    staged?: Deployment;
    /** Only there with `privateEndpoint`. */
    privateEndpoint?: PrivateEndpoint;
    /** Only there with `privateEndpoint` and its zones. */
    privateDnsZoneGroup?: PrivateDnsZoneGroup;
}

/**
 * A function app's code: a folder that becomes a package named by its content, so that the same content is deployed once.
 *
 * ```ts
 * new FunctionCode("chat", {
 *     resourceGroupName: group.name,
 *     codePath: "../functions/chat",
 *     functionAppName: app.functionAppName,
 * });
 * ```
 *
 * For an app on Consumption or ElasticPremium, which runs from the package itself:
 *
 * ```ts
 * const plan = "ElasticPremium";
 * const code = new FunctionCode("chat", { resourceGroupName: group.name, codePath: "../functions/chat", plan });
 * new FunctionApp("chat", {
 *     resourceGroupName: group.name,
 *     plan,
 *     packageUri: code.packageUri,
 *     packageAccountId: code.packageAccountId,
 * });
 * ```
 */
export class FunctionCode extends pulumi.ComponentResource {
    /** SHA-256 of the package, hexadecimal. */
    public readonly packageHash: pulumi.Output<string>;
    /** URL of the package; reading it takes a role or a signature. */
    public readonly packageUri: pulumi.Output<string>;
    /** Azure Resource Manager id of the account that holds the package. */
    public readonly packageAccountId: pulumi.Output<string>;
    /** Name of the app, known once the app runs this code. Only there when `functionAppName` is given. */
    public readonly functionAppName?: pulumi.Output<string>;
    /** Name of the slot, known once the slot runs this code. Only there when `stagingSlotName` is given. */
    public readonly stagingSlotName?: pulumi.Output<string>;

    constructor(name: string, args: FunctionCodeArgs, opts?: pulumi.ComponentResourceOptions) {
        super("azure-realtime:index:FunctionCode", name, {}, opts);
        const { args: checked, files } = checkFunctionCodeArgs(`FunctionCode "${name}"`, args);
        const parent = { parent: this };

        const code = storePackage(files);
        const packageAccount = createPackageAccount(name, checked, parent);
        const endpoint = createPackageEndpoint(name, { args: checked, account: packageAccount }, parent);
        const { container, blob } = uploadPackage(name, { args: checked, account: packageAccount, code }, parent);
        const functionAppName =
            checked.functionAppName === undefined
                ? undefined
                : afterEndpoint(pulumi.output(checked.functionAppName), endpoint);
        const deployment =
            functionAppName === undefined
                ? undefined
                : deployPackage(
                      name,
                      { ...checked, functionAppName, packageAccount, container, blob },
                      // An update of the deployment would deploy to the app what it got at its creation.
                      { ...parent, ...(checked.stagingSlotName && { ignoreChanges: ["properties", "tags"] }) },
                  );
        const { stagingSlotName } = checked;
        const staged =
            functionAppName === undefined || stagingSlotName === undefined
                ? undefined
                : deployPackage(
                      `${name}-staging`,
                      { ...checked, functionAppName, slotName: stagingSlotName, packageAccount, container, blob },
                      parent,
                  );

        keepNodes<FunctionCodeNodes>(this, {
            packageAccount,
            container,
            blob,
            deployment,
            staged,
            privateEndpoint: endpoint?.endpoint,
            privateDnsZoneGroup: endpoint?.records,
        });
        this.packageHash = pulumi.output(code.hash);
        this.packageUri = blob.url;
        this.packageAccountId = packageAccount.id;
        if (deployment !== undefined) {
            this.functionAppName = pulumi.all([functionAppName ?? "", deployment.id]).apply(([known]) => known);
        }
        if (staged !== undefined) {
            this.stagingSlotName = pulumi.all([stagingSlotName ?? "", staged.id]).apply(([known]) => known);
        }
        this.registerOutputs({
            packageHash: this.packageHash,
            packageUri: this.packageUri,
            packageAccountId: this.packageAccountId,
            functionAppName: this.functionAppName,
            stagingSlotName: this.stagingSlotName,
            // For tools that watch the folder.
            codePath: checked.codePath,
        });
    }

    /** The resources inside, for what their own options and outputs allow. */
    get nodes(): FunctionCodeNodes {
        return nodesOf(this);
    }
}

function createPackageAccount(
    name: string,
    args: CheckedFunctionCodeArgs,
    opts: pulumi.CustomResourceOptions,
): StorageAccount {
    const { resourceGroupName, location, tags, zoneRedundant, protectData, deployerIpRanges: ipRanges } = args;
    const accountName =
        args.packageAccountName ??
        newName(createSuffix(name, opts), {
            base: name,
            max: 24,
            compact: true,
            naming: args.naming,
            kind: NamedKind.Packages,
        });
    // The provider uploads blobs with the account's key, and Azure signs the app's short-lived link with it.
    const allowSharedKeyAccess = true;
    return createStorageAccount(
        name,
        {
            accountName,
            resourceGroupName,
            location,
            tags,
            zoneRedundant,
            protectData,
            allowSharedKeyAccess,
            ...(ipRanges && { firewall: { ipRanges } }),
        },
        opts,
    );
}

/** The app's way to its package, where the account's firewall lets only deployers in. */
function createPackageEndpoint(
    name: string,
    { args, account }: { args: CheckedFunctionCodeArgs; account: StorageAccount },
    opts: pulumi.CustomResourceOptions,
): CreatedEndpoint | undefined {
    const { privateEndpoint: place } = args;
    return place && createPrivateEndpoint(name, { ...args, groupId: "blob", targetId: account.id, place }, opts);
}

interface Upload {
    args: CheckedFunctionCodeArgs;
    account: StorageAccount;
    code: { hash: string; path: string };
}

function uploadPackage(
    name: string,
    { args, account, code }: Upload,
    opts: pulumi.CustomResourceOptions,
): Pick<FunctionCodeNodes, "container" | "blob"> {
    const place = { accountName: account.name, resourceGroupName: args.resourceGroupName };
    const container = new BlobContainer(
        `${name}-packages`,
        { ...place, containerName: "packages", publicAccess: "None" },
        opts,
    );
    const blob = new Blob(
        `${name}-package`,
        {
            ...place,
            containerName: container.name,
            // Azure asks for this file name: https://learn.microsoft.com/azure/azure-functions/functions-infrastructure-as-code
            blobName: `${code.hash}/released-package.zip`,
            contentType: "application/zip",
            source: new pulumi.asset.FileAsset(code.path),
        },
        { ...opts, ...(args.keepPackages && { retainOnDelete: true }) },
    );
    return { container, blob };
}

type Deployed = Pick<FunctionCodeNodes, "packageAccount" | "container" | "blob"> &
    CheckedFunctionCodeArgs & {
        functionAppName: pulumi.Input<string>;
        slotName?: pulumi.Input<string>;
    };

function deployPackage(name: string, args: Deployed, opts: pulumi.CustomResourceOptions): Deployment {
    const { functionAppName, slotName, packageAccount, container, blob } = args;
    return new Deployment(
        name,
        {
            deploymentName: pulumi
                .all([functionAppName, slotName ?? ""])
                .apply(([app, slot]) => fitName(slot === "" ? `${app}-code` : `${app}-${slot}-code`, 64)),
            resourceGroupName: args.resourceGroupName,
            tags: args.tags,
            properties: {
                mode: "Incremental",
                template: oneDeployTemplate(args),
                parameters: {
                    appName: { value: functionAppName },
                    ...(slotName !== undefined && { slotName: { value: slotName } }),
                    packageUrl: { value: blob.url },
                    storageAccountId: { value: packageAccount.id },
                    canonicalizedResource: {
                        value: pulumi.interpolate`/blob/${packageAccount.name}/${container.name}/${blob.name}`,
                    },
                    // Azure is reached over https; only the storage emulator on this machine also takes http.
                    signedProtocol: {
                        value: blob.url.apply((url) => (url.startsWith("https:") ? "https" : "https,http")),
                    },
                },
            },
        },
        opts,
    );
}

/**
 * Makes an app fetch its package. Azure creates the read signature while it deploys the template: the signature never enters the
 * stack's state, and its expiry does not make every deployment look changed.
 */
const oneDeployTemplate = ({ plan, remoteBuild = false, slotName }: Deployed) => ({
    $schema: "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
    contentVersion: "1.0.0.0",
    parameters: {
        appName: { type: "string" },
        ...(slotName !== undefined && { slotName: { type: "string" } }),
        packageUrl: { type: "string" },
        storageAccountId: { type: "string" },
        canonicalizedResource: { type: "string" },
        signedProtocol: { type: "string" },
        baseTime: { type: "string", defaultValue: "[utcNow('u')]" },
    },
    variables: {
        signature: {
            canonicalizedResource: "[parameters('canonicalizedResource')]",
            signedResource: "b",
            signedPermission: "r",
            signedProtocol: "[parameters('signedProtocol')]",
            signedExpiry: "[dateTimeAdd(parameters('baseTime'), 'PT1H', 'yyyy-MM-ddTHH:mm:ssZ')]",
            keyToSign: "key1",
        },
    },
    resources: [
        {
            ...(slotName === undefined
                ? {
                      type: "Microsoft.Web/sites/extensions",
                      name: "[concat(parameters('appName'), '/onedeploy')]",
                  }
                : {
                      type: "Microsoft.Web/sites/slots/extensions",
                      name: "[concat(parameters('appName'), '/', parameters('slotName'), '/onedeploy')]",
                  }),
            apiVersion: "2024-04-01",
            properties: {
                packageUri:
                    "[concat(parameters('packageUrl'), '?', listServiceSas(parameters('storageAccountId'), '2024-01-01', variables('signature')).serviceSasToken)]",
                // Flex Consumption knows a build and nothing else; App Service is told what the file is.
                ...(plan === HostingPlan.Dedicated ? { type: "zip", clean: true, restart: true } : { remoteBuild }),
            },
        },
    ],
});
