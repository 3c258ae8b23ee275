import { Deployment } from "@pulumi/azure-native/resources/deployment";
import { Blob } from "@pulumi/azure-native/storage/blob";
import { BlobContainer } from "@pulumi/azure-native/storage/blobContainer";
import type { StorageAccount } from "@pulumi/azure-native/storage/storageAccount";
import * as pulumi from "@pulumi/pulumi";
import type { FunctionRuntime } from "../functionApp/hosting";
import { type StoredPackage, storePackage } from "../parts/packageFile";
import { createSuffix, uniqueName } from "../parts/suffix";
import { checkFunctionCodeArgs } from "../rules/functionCodeArgs";
import { oneDeployTemplate } from "../rules/templates";
import { startChecks } from "../shared/checks";
import { fitName } from "../shared/names";
import type { RealtimeExtension } from "../shared/serviceKinds";
import { createStorageAccount } from "../shared/storageAccount";

/** What {@link FunctionCode} is made of. */
export interface FunctionCodeArgs {
    /** The resource group of the package's storage account and of the app. */
    resourceGroupName: pulumi.Input<string>;
    /**
     * Folder that holds host.json, as it is to run: built, with what .funcignore lists left out. A relative path is seen from the
     * working directory of the process that makes the component.
     */
    codePath: string;
    /**
     * Name of the Flex Consumption app that fetches the package, known once the app has its roles and settings. Without it the
     * package is only uploaded, for an app that runs from `packageUri`.
     */
    appName?: pulumi.Input<string>;
    /** Language of the code, which decides what an entry point is. Defaults to node. */
    runtime?: FunctionRuntime;
    /** The Functions extension that the code needs, socketio, webpubsub or signalr; then host.json must bring it. Defaults to none. */
    extension?: RealtimeExtension;
    /** Name of the new account that holds nothing but packages, unique in all of Azure. Defaults to the component's name with a short random part. */
    packageAccountName?: pulumi.Input<string>;
    /** Azure region of that account. Defaults to the provider's location, else to the resource group's. */
    location?: pulumi.Input<string>;
    /** Tags on the account. */
    tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
}

/**
 * A function app's code: a folder that becomes a package named by its content, so that the same content is deployed once.
 *
 * ```ts
 * new FunctionCode("chat", { resourceGroupName: group.name, codePath: "../functions/chat", appName: app.appName });
 * ```
 *
 * For an ElasticPremium app, which runs from the package itself:
 *
 * ```ts
 * const code = new FunctionCode("chat", { resourceGroupName: group.name, codePath: "../functions/chat" });
 * new FunctionApp("chat", {
 *     resourceGroupName: group.name,
 *     plan: "ElasticPremium",
 *     packageUri: code.packageUri,
 *     roles: [{ name: "package-reader", role: "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1", scope: code.packageAccountId }],
 * });
 * ```
 */
export class FunctionCode extends pulumi.ComponentResource {
    /** SHA-256 of the package, hexadecimal. */
    public readonly packageHash: pulumi.Output<string>;
    /** Address of the package; reading it takes a role or a signature. */
    public readonly packageUri: pulumi.Output<string>;
    /** Azure Resource Manager id of the account that holds the package. */
    public readonly packageAccountId: pulumi.Output<string>;
    /** The app's name, known once the app runs this code. Only there when `appName` is given. */
    public readonly appName?: pulumi.Output<string>;

    constructor(name: string, args: FunctionCodeArgs, opts?: pulumi.ComponentResourceOptions) {
        super("azure-realtime:index:FunctionCode", name, {}, opts);
        const checks = startChecks(`FunctionCode "${name}"`);
        const { args: checked, files } = checkFunctionCodeArgs(checks, args);
        checks.refuse();

        const code = storePackage(files);
        const step = { name, args: checked, parent: this };
        const account = createPackageAccount(step);
        const uploaded = uploadPackage({ ...step, account, code });
        this.packageHash = pulumi.output(code.hash);
        this.packageUri = uploaded.blob.url;
        this.packageAccountId = account.id;
        if (checked.appName !== undefined) {
            const deployment = deployPackage({ ...step, account, ...uploaded, appName: checked.appName });
            this.appName = pulumi.all([checked.appName, deployment.id]).apply(([known]) => known);
        }
        this.registerOutputs({
            packageHash: this.packageHash,
            packageUri: this.packageUri,
            packageAccountId: this.packageAccountId,
            appName: this.appName,
        });
    }
}

interface CodeStep {
    name: string;
    args: FunctionCodeArgs;
    parent: pulumi.Resource;
}

function createPackageAccount({ name, args, parent }: CodeStep): StorageAccount {
    const accountName =
        args.packageAccountName ?? uniqueName(createSuffix(name, { parent }), { base: name, max: 24, compact: true });
    return createStorageAccount(
        {
            name,
            accountName,
            resourceGroupName: args.resourceGroupName,
            location: args.location,
            tags: args.tags,
            // The provider uploads blobs with the account's key, and so does Azure sign the short-lived link for the app.
            allowSharedKeyAccess: true,
        },
        { parent },
    );
}

interface Uploaded {
    container: BlobContainer;
    blob: Blob;
}

function uploadPackage(step: CodeStep & { account: StorageAccount; code: StoredPackage }): Uploaded {
    const { name, args, parent, account, code } = step;
    const place = { accountName: account.name, resourceGroupName: args.resourceGroupName };
    const container = new BlobContainer(
        `${name}-packages`,
        { ...place, containerName: "packages", publicAccess: "None" },
        { parent },
    );
    const blob = new Blob(
        `${name}-package`,
        {
            ...place,
            containerName: container.name,
            blobName: `${code.hash}.zip`,
            contentType: "application/zip",
            source: new pulumi.asset.FileAsset(code.path),
        },
        { parent },
    );
    return { container, blob };
}

function deployPackage(
    step: CodeStep & Uploaded & { account: StorageAccount; appName: pulumi.Input<string> },
): Deployment {
    const { name, args, parent, account, container, blob, appName } = step;
    return new Deployment(
        name,
        {
            deploymentName: pulumi.output(appName).apply((known) => fitName(`${known}-code`, 64)),
            resourceGroupName: args.resourceGroupName,
            tags: args.tags,
            properties: {
                mode: "Incremental",
                template: oneDeployTemplate,
                parameters: {
                    appName: { value: appName },
                    packageUrl: { value: blob.url },
                    storageAccountId: { value: account.id },
                    canonicalizedResource: {
                        value: pulumi.interpolate`/blob/${account.name}/${container.name}/${blob.name}`,
                    },
                    // Azure is always reached over https; only a storage emulator on this machine is not.
                    signedProtocol: {
                        value: blob.url.apply((url) => (url.startsWith("https:") ? "https" : "https,http")),
                    },
                },
            },
        },
        { parent },
    );
}
