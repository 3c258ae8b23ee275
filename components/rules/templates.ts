const Schema = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";
const contentVersion = "1.0.0.0";

/** Sets one system key of a Functions host; Azure Resource Manager has no resource for it that can be read back. */
export const hostKeyTemplate = {
    $schema: Schema,
    contentVersion,
    parameters: {
        appName: { type: "string" },
        keyName: { type: "string" },
        keyValue: { type: "securestring" },
    },
    resources: [
        {
            type: "Microsoft.Web/sites/host/systemkeys",
            apiVersion: "2022-09-01",
            name: "[concat(parameters('appName'), '/default/', parameters('keyName'))]",
            properties: { name: "[parameters('keyName')]", value: "[parameters('keyValue')]" },
        },
    ],
};

/**
 * Has an app fetch its package. The signature that lets it read is made here, while Azure deploys: it never enters the stack's
 * state, and its clock does not make every deployment look changed.
 */
export const oneDeployTemplate = {
    $schema: Schema,
    contentVersion,
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
                remoteBuild: false,
            },
        },
    ],
};
