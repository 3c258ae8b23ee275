import { armIdRule } from "../shared/armId";
import { type Checks, oneOf, type Rule, startChecks } from "../shared/checks";
import { nameRule } from "../shared/names";
import { checkNaming } from "../shared/naming";
import { checkPrivateEndpoint, type PrivateEndpointPlace, PublicNetworkAccess } from "../shared/privateEndpoint";
import { RealtimeExtension } from "../shared/serviceKinds";
import { orDefault, readArgs } from "../shared/shape";
import { tagsRule } from "../shared/tags";
import { HostKeySource, type HostKeysArgs, type HostKeysOptionsArgs } from "./args";
import { hostKeysShape } from "./shape";

/** Args whose plain parts are known to be right. */
export type CheckedHostKeysArgs = Omit<HostKeysArgs, "privateEndpoint"> & {
    privateEndpoint: PrivateEndpointPlace | undefined;
};

/** Checks the args of HostKeys; throws every fault at once. */
export function checkHostKeysArgs(component: string, given: HostKeysArgs): CheckedHostKeysArgs {
    const checks = startChecks(component);
    const args = readArgs(checks, given, hostKeysShape);
    const source = args.source ?? HostKeySource.KeyVault;
    checks.plain("source", source, oneOf(HostKeySource));
    checks.plain("extension", args.extension, oneOf(RealtimeExtension));
    const onApp = source === HostKeySource.HostKey || source === HostKeySource.Discovered;
    if (onApp && args.functionAppName === undefined) {
        checks.fault("functionAppName", `source ${source} works on a Function App, which it needs. Give its name.`);
    }
    if (args.key !== undefined && source === HostKeySource.Discovered) {
        checks.fault(
            "key",
            "source Discovered reads the key that the extension made. Use KeyVault or HostKey, or remove it.",
        );
    }
    if (args.key !== undefined && args.keyRotation !== undefined) {
        checks.fault(
            "keyRotation",
            "it makes a new key, and key gives one. Change key to rotate, and remove keyRotation.",
        );
    }
    for (const key of ["privateEndpoint", "publicNetworkAccess"] as const) {
        if (args[key] !== undefined && (source !== HostKeySource.KeyVault || args.vaultId !== undefined)) {
            checks.fault(key, "it is for a new vault, and none is created here. Remove it.");
        }
    }
    const privateEndpoint = checkPrivateEndpoint(checks, "privateEndpoint", args.privateEndpoint, ["vault"]);
    const access = checks.input("publicNetworkAccess", args.publicNetworkAccess, oneOf(PublicNetworkAccess));
    const checked = {
        ...args,
        key: checks.input("key", args.key, keyRule),
        privateEndpoint,
        publicNetworkAccess: privateEndpoint === undefined ? access : orDefault(access, PublicNetworkAccess.Disabled),
        ...checkHostKeysOptions(checks, args, { source, path: "source" }),
        tags: checks.input("tags", args.tags, tagsRule),
    };
    if (source === HostKeySource.KeyVault) {
        checkNaming(checks, args.naming, { kv: args.vaultName ?? args.vaultId });
    }
    checks.refuse();
    return checked;
}

/** Checks the options of keys, alone or inside a backend. `path` is what the caller calls the source. */
export function checkHostKeysOptions(
    checks: Checks,
    args: HostKeysOptionsArgs,
    { source, path }: { source: HostKeySource; path: string },
): HostKeysOptionsArgs {
    if (source === HostKeySource.Discovered && args.keyRotation !== undefined) {
        checks.fault(
            "keyRotation",
            `${path} Discovered reads the key that the extension made, so it cannot be rotated here. Use KeyVault or HostKey, or remove it.`,
        );
    }
    if (args.vaultName !== undefined && args.vaultId !== undefined) {
        checks.fault("vaultName", "it is for a new vault, and vaultId names one that exists. Remove one of them.");
    }
    return {
        keyRotation: args.keyRotation,
        vaultName: checks.input("vaultName", args.vaultName, nameRule("vault")),
        vaultId: checks.input("vaultId", args.vaultId, armIdRule("Microsoft.KeyVault/vaults")),
    };
}

// The key stands in a URL as it is, where a service puts the value of a Key Vault reference. The message does not show a secret.
const keyRule: Rule<string> = (value) =>
    typeof value === "string" && /^[A-Za-z0-9_-]{32,128}$/.test(value)
        ? undefined
        : "the value given is not a key. Allowed: 32-128 letters, digits, hyphens and underscores, as a RandomPassword with special false makes.";
