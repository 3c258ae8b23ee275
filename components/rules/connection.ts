import type { ServiceKind } from "../shared/serviceKinds";

/**
 * The app settings that hold the connection. The extension looks for its default one when the host starts, even when every
 * function names another, so both are there.
 */
export function connectionNames({ kind, connectionName }: { kind: ServiceKind; connectionName?: string }): string[] {
    return [...new Set([connectionName ?? kind.connectionName, kind.connectionName])];
}

/** Where an identity finds the service; the credential is left out on a developer's machine. */
export function identitySettings({
    kind,
    name,
    address,
}: {
    kind: ServiceKind;
    name: string;
    address: string;
}): Record<string, string> {
    return { [`${name}__${kind.addressSuffix}`]: address };
}

/** Secret names in a vault have no underscores. */
export function connectionSecretName(connectionName: string): string {
    return connectionName.replace(/_/g, "-");
}
