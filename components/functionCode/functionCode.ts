import { Deployment } from "@pulumi/azure-native/resources";
import { Blob, BlobContainer, type StorageAccount } from "@pulumi/azure-native/storage";
import * as pulumi from "@pulumi/pulumi";
import { HostingPlan } from "../functionApp/args";
import { createSuffix, fitName, uniqueName } from "../shared/names";
import { keepNodes, nodesOf } from "../shared/nodes";
import { createStorageAccount } from "../shared/storageAccount";
import type { FunctionCodeArgs } from "./args";
import { checkFunctionCodeArgs } from "./check";
import { storePackage } from "./zip";

/** Resources inside a FunctionCode. */
export interface FunctionCodeNodes {
    packageAccount: StorageAccount;
    container: BlobContainer;
    blob: Blob;
    /** Only there when `functionAppName` is given. */
    deployment: Deployment | undefined;
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

    constructor(name: string, args: FunctionCodeArgs, opts?: pulumi.ComponentResourceOptions) {
        super("azure-realtime:index:FunctionCode", name, {}, opts);
        const { args: checked, files } = checkFunctionCodeArgs(`FunctionCode "${name}"`, args);
        const parent = { parent: this };

        const code = storePackage(files);
        const packageAccount = createPackageAccount(name, checked, parent);
        const { container, blob } = uploadPackage(name, { args: checked, account: packageAccount, code }, parent);
        const { functionAppName } = checked;
        const deployment =
            functionAppName === undefined
                ? undefined
                : deployPackage(name, { ...checked, functionAppName, packageAccount, container, blob }, parent);

        keepNodes<FunctionCodeNodes>(this, { packageAccount, container, blob, deployment });
        this.packageHash = pulumi.output(code.hash);
        this.packageUri = blob.url;
        this.packageAccountId = packageAccount.id;
        if (deployment !== undefined) {
            this.functionAppName = pulumi.all([functionAppName ?? "", deployment.id]).apply(([known]) => known);
        }
        this.registerOutputs({
            packageHash: this.packageHash,
            packageUri: this.packageUri,
            packageAccountId: this.packageAccountId,
            functionAppName: this.functionAppName,
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
    args: FunctionCodeArgs,
    opts: pulumi.CustomResourceOptions,
): StorageAccount {
    const { resourceGroupName, location, tags, zoneRedundant } = args;
    const accountName =
        args.packageAccountName ?? uniqueName(createSuffix(name, opts), { base: name, max: 24, compact: true });
    // The provider uploads blobs with the account's key, and Azure signs the app's short-lived link with it.
    const allowSharedKeyAccess = true;
    return createStorageAccount(
        name,
        { accountName, resourceGroupName, location, tags, zoneRedundant, allowSharedKeyAccess },
        opts,
    );
}

interface Upload {
    args: FunctionCodeArgs;
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
        opts,
    );
    return { container, blob };
}

type Deployed = Omit<FunctionCodeNodes, "deployment"> &
    FunctionCodeArgs & {
        functionAppName: pulumi.Input<string>;
    };

function deployPackage(name: string, args: Deployed, opts: pulumi.CustomResourceOptions): Deployment {
    const { functionAppName, packageAccount, container, blob } = args;
    return new Deployment(
        name,
        {
            deploymentName: pulumi.output(functionAppName).apply((known) => fitName(`${known}-code`, 64)),
            resourceGroupName: args.resourceGroupName,
            tags: args.tags,
            properties: {
                mode: "Incremental",
                template: oneDeployTemplate(args),
                parameters: {
                    appName: { value: functionAppName },
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
const oneDeployTemplate = ({ plan, remoteBuild = false }: FunctionCodeArgs) => ({
    $schema: "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
    contentVersion: "1.0.0.0",
    parameters: {
        appName: { type: "string" },
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
            type: "Microsoft.Web/sites/extensions",
            apiVersion: "2024-04-01",
            name: "[concat(parameters('appName'), '/onedeploy')]",
            properties: {
                packageUri:
                    "[concat(parameters('packageUrl'), '?', listServiceSas(parameters('storageAccountId'), '2024-01-01', variables('signature')).serviceSasToken)]",
                // Flex Consumption knows a build and nothing else; App Service is told what the file is.
                ...(plan === HostingPlan.Dedicated ? { type: "zip", clean: true, restart: true } : { remoteBuild }),
            },
        },
    ],
});
