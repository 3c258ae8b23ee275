import type * as pulumi from "@pulumi/pulumi";
import { type Checks, oneOf } from "../shared/checks";
import { nameRule } from "../shared/names";
import { RealtimeExtension } from "../shared/serviceKinds";
import { tagsRule } from "../shared/tags";

/** Where an extension's key comes from. */
export const HostKeySource = { KeyVault: "KeyVault", HostKey: "HostKey", Discovered: "Discovered" } as const;
export type HostKeySource = (typeof HostKeySource)[keyof typeof HostKeySource];

/** The part of the args that the rules are about. */
export interface KeyArgs {
    extension: RealtimeExtension;
    source?: HostKeySource;
    keyRotation?: pulumi.Input<string>;
    appName?: pulumi.Input<string>;
    vaultName?: pulumi.Input<string>;
    existingVaultName?: pulumi.Input<string>;
    tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
}

/** Checks the args of host keys and answers them, outputs guarded. */
export function checkHostKeysArgs<A extends KeyArgs>(checks: Checks, args: A): A {
    const source = args.source ?? HostKeySource.KeyVault;
    checks.plain({ path: "source", value: source, rule: oneOf(HostKeySource) });
    checks.plain({ path: "extension", value: args.extension, rule: oneOf(RealtimeExtension) });
    const ofApp: readonly string[] = [HostKeySource.HostKey, HostKeySource.Discovered];
    if (ofApp.includes(source) && args.appName === undefined) {
        checks.fault("appName", `source ${source} works on a Function App, so its name is needed.`);
    }
    checkKeyChoice({ checks, source, rotation: args.keyRotation, keys: { source: "source", rotation: "keyRotation" } });
    return {
        ...args,
        ...checkVaultNames(checks, args),
        tags: checks.input({ path: "tags", value: args.tags, rule: tagsRule }),
    };
}

/** A key that the extension makes cannot be rotated from outside. */
export function checkKeyChoice(choice: {
    checks: Checks;
    source: HostKeySource;
    rotation: pulumi.Input<string> | undefined;
    keys: { source: string; rotation: string };
}): void {
    const { checks, source, rotation, keys } = choice;
    if (source === HostKeySource.Discovered && rotation !== undefined) {
        checks.fault(
            keys.rotation,
            `${keys.source} Discovered reads the key that the extension made, so it cannot be rotated here. Use KeyVault or HostKey, or remove it.`,
        );
    }
}

export function checkVaultNames(
    checks: Checks,
    args: Pick<KeyArgs, "vaultName" | "existingVaultName">,
): Pick<KeyArgs, "vaultName" | "existingVaultName"> {
    if (args.vaultName !== undefined && args.existingVaultName !== undefined) {
        checks.fault("vaultName", "it is for a new vault, and existingVaultName names one. Remove one of them.");
    }
    return {
        vaultName: checks.input({ path: "vaultName", value: args.vaultName, rule: nameRule("vault") }),
        existingVaultName: checks.input({
            path: "existingVaultName",
            value: args.existingVaultName,
            rule: nameRule("vault"),
        }),
    };
}
